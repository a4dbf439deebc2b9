"""The admin of hosts, schedules, second factors and jobs, and the admin site itself: its name and its log-in."""

from typing import Any

from allauth.account.decorators import secure_admin_login
from allauth.mfa.admin import AuthenticatorAdmin
from allauth.mfa.models import Authenticator
from django import forms
from django.contrib import admin
from django.contrib.admin.options import BaseModelAdmin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import AdminUserCreationForm, UserChangeForm
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from procrastinate.contrib.django.admin import ProcrastinateJobAdmin
from procrastinate.contrib.django.models import ProcrastinateJob
from timezone_field import TimeZoneField

from eventtypes.forms.time_zones import TimeZoneChoiceField
from eventtypes.models import AvailabilityRule, DateOverride, Host, Schedule
from eventtypes.services.accounts import follow_email, is_email_taken
from eventtypes.services.locking import lock_host
from eventtypes.services.schedules import ensure_default_schedule, make_default
from eventtypes.views.transactions import in_one_transaction

admin.site.site_header = admin.site.site_title = "Sidedoor"
admin.site.index_title = _("What is stored here")
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]  # as allauth's manual has it


class NothingByHand(BaseModelAdmin):  # type: ignore[type-arg]  # generic for mypy only
    """What nobody adds or changes in the admin, also as lines in the admin of something else."""

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


# Here and below: Django's admin and forms are generic for mypy only.
class UnderHostLock[Kept: Model](admin.ModelAdmin):  # type: ignore[type-arg]
    """An admin that changes nothing but under the lock of the host it belongs to, as the services do."""

    def host_id_of(self, kept: Kept) -> int:
        """Return the id of the host whose lock guards the object."""
        raise NotImplementedError

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        return in_one_transaction(super().changeform_view)(request, *args, **kwargs)

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Kept | None:
        """Return the object; if it is to be changed or deleted, as it is once the lock is held."""
        found = super().get_object(request, object_id, from_field)
        # A page that only shows something, the history, may be sent a form, too; it locks nothing.
        if found is None or request.method != "POST" or not connection.in_atomic_block:
            return found
        lock_host(self.host_id_of(found))
        return super().get_object(request, object_id, from_field)

    @transaction.atomic
    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Kept]) -> None:
        for host_id in sorted({self.host_id_of(kept) for kept in queryset}):
            lock_host(host_id)
        super().delete_queryset(request, queryset)

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """Name what stands in the way, rather than a permission that nobody has."""
        to_delete, counts, perms_needed, protected = super().get_deleted_objects(objs, request)
        return to_delete, counts, set() if protected else perms_needed, protected

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Offer time zones by region, as everywhere."""
        if isinstance(db_field, TimeZoneField):
            return TimeZoneChoiceField(label=capfirst(db_field.verbose_name), help_text=db_field.help_text)
        return super().formfield_for_dbfield(db_field, request, **kwargs)


class EmailOfOneAccount(forms.ModelForm):  # type: ignore[type-arg]
    """A host's form that refuses the e-mail address of another account."""

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"].lower()
        if is_email_taken(email, by_other_than=self.instance):
            raise ValidationError(_("Another account has this e-mail address."), code="unique")
        return email


class HostChangeForm(EmailOfOneAccount, UserChangeForm):  # type: ignore[type-arg]
    """Changing a host."""


class HostCreationForm(EmailOfOneAccount, AdminUserCreationForm):  # type: ignore[type-arg]
    """Adding a host."""


@admin.register(Host)
class HostAdmin(UnderHostLock[Host], UserAdmin):  # type: ignore[type-arg]
    """Hosts: their profile and what they may do."""

    form = HostChangeForm
    add_form = HostCreationForm
    fieldsets = (
        (None, {"fields": ("username", "password")}),
        (_("Profile"), {"fields": ("name", "email", "time_zone", "welcome")}),
        (_("Mails"), {"fields": ("wants_expiry_digest",)}),
        (_("Permissions"), {"fields": ("is_active", "is_staff", "is_superuser", "user_permissions")}),
        (_("Dates"), {"fields": ("last_login", "date_joined")}),
    )
    add_fieldsets = (
        (
            None,
            {
                "classes": ("wide",),
                "fields": ("username", "name", "email", "time_zone", "usable_password", "password1", "password2"),
            },
        ),
    )
    list_display = ("username", "name", "email", "is_active", "is_staff")
    list_filter = ("is_active", "is_staff")
    search_fields = ("username", "name", "email")
    readonly_fields = ("last_login", "date_joined")

    def host_id_of(self, kept: Host) -> int:
        return kept.pk

    def save_model(self, request: HttpRequest, obj: Host, form: Any, change: bool) -> None:  # noqa: FBT001 - Django's
        """Keep allauth's addresses in step, and give a new host a schedule."""
        super().save_model(request, obj, form, change)
        if "email" in form.changed_data:
            follow_email(host=obj)
        if not change:
            ensure_default_schedule(host=obj)

    @transaction.atomic
    def user_change_password(self, request: HttpRequest, id: str, form_url: str = "") -> HttpResponse:  # noqa: A002 - Django's
        return super().user_change_password(request, id, form_url)


class LabelledFormSet(forms.BaseInlineFormSet):  # type: ignore[type-arg]
    """Rows whose fields have names of their own: the heads of a table's columns are not read out as labels."""

    def add_fields(self, form: Any, index: int | None) -> None:
        super().add_fields(form, index)
        for field in form.fields.values():
            field.widget.attrs.setdefault("aria-label", field.label)


class AvailabilityRuleInline(admin.TabularInline):  # type: ignore[type-arg]
    """The weekly windows of a schedule."""

    model = AvailabilityRule
    formset = LabelledFormSet
    extra = 0


class DateOverrideInline(admin.TabularInline):  # type: ignore[type-arg]
    """The date overrides of a schedule."""

    model = DateOverride
    formset = LabelledFormSet
    extra = 0


@admin.register(Schedule)
class ScheduleAdmin(UnderHostLock[Schedule]):
    """Schedules with their hours. Of a host's schedules one is the default, which another one takes over from it."""

    actions = ("make_default",)
    list_display = ("name", "host", "time_zone", "is_default")
    list_filter = ("is_default",)
    list_select_related = ("host",)
    search_fields = ("name", "host__username", "host__name", "host__email")
    raw_id_fields = ("host",)
    inlines = (AvailabilityRuleInline, DateOverrideInline)

    def host_id_of(self, kept: Schedule) -> int:
        return kept.host_id

    def get_readonly_fields(self, request: HttpRequest, obj: Schedule | None = None) -> list[str]:
        """Keep the host of a schedule: the event types that have it are the same host's."""
        return ["is_default"] if obj is None else ["is_default", "host"]

    def save_model(self, request: HttpRequest, obj: Schedule, form: Any, change: bool) -> None:  # noqa: FBT001 - Django's
        """Add a schedule under the lock, too; a changed one has been loaded under it."""
        lock_host(obj.host_id)
        super().save_model(request, obj, form, change)
        ensure_default_schedule(host=obj.host)

    def delete_model(self, request: HttpRequest, obj: Schedule) -> None:
        super().delete_model(request, obj)
        ensure_default_schedule(host=obj.host)

    @transaction.atomic
    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Schedule]) -> None:
        hosts = list(Host.objects.filter(schedules__in=queryset).distinct())
        super().delete_queryset(request, queryset)
        for host in hosts:
            ensure_default_schedule(host=host)

    @admin.action(description=_("Make the selected schedules the default"), permissions=["change"])
    def make_default(self, request: HttpRequest, queryset: QuerySet[Schedule]) -> None:
        """Make each the default of its host; of several of one host, the last is."""
        for schedule in queryset.order_by("host", "pk"):
            make_default(schedule=schedule)
            self.log_change(request, schedule, "Made the default.")
        self.message_user(request, _("New event types start with the schedule now."))


admin.site.unregister([Group, Authenticator, ProcrastinateJob])


@admin.register(Authenticator)
class SecondFactorAdmin(NothingByHand, AuthenticatorAdmin):  # type: ignore[misc]  # allauth has no types
    """Second factors, to be taken from a host who has lost them. Their secrets are not shown."""

    fields = ("user", "type", "created_at", "last_used_at")


class JobStatusFilter(admin.SimpleListFilter):
    """Filters jobs by status; PostgreSQL refuses to compare it with what is none."""

    title = _("status")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Any:
        return [(status, status) for status in ProcrastinateJob.STATUSES]

    def queryset(self, request: HttpRequest, queryset: QuerySet[ProcrastinateJob]) -> QuerySet[ProcrastinateJob]:
        status = self.value()
        return queryset.filter(status=status) if status in ProcrastinateJob.STATUSES else queryset


@admin.register(ProcrastinateJob)
class JobAdmin(ProcrastinateJobAdmin):
    """Jobs, above all mail: to look at, and to try again."""

    list_filter = [JobStatusFilter, "queue_name", "task_name"]

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        """Leave the status to its filter."""
        return not lookup.startswith("status") and super().lookup_allowed(lookup, value, request)
