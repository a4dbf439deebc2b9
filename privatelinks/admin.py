"""The admin of event types, with their links inline, and of private links: the same locks and rules as everyone's."""

from collections.abc import Callable
from typing import Any, cast

from django.contrib import admin
from django.db import connection, transaction
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from eventtypes.admin import LabelledFormSet, UnderHostLock
from eventtypes.clock import database_now
from eventtypes.forms.admin import QuestionAdminForm, QuestionFormSet
from eventtypes.models import EventType, Question
from eventtypes.services.locking import lock_host
from privatelinks.forms.admin import EventTypeAdminForm, PrivateLinkAdminForm
from privatelinks.link_history import RECENT, link_history
from privatelinks.models import LinkState, PrivateLink
from privatelinks.models.private_link import PrivateLinkQuerySet
from privatelinks.presentation import expiry_words, uses_words
from privatelinks.services.event_types import delete_event_type
from privatelinks.services.history import store_link
from privatelinks.services.links import delete_links, delete_locked, pause_link, resume_link
from privatelinks.services.locking import lock_links, lock_links_of
from privatelinks.services.reviving import end_link

# A page with more links than this would have more fields than a request may have.
MAX_INLINE_LINKS = 40
# Of names in a list, in characters: one long word would push the other columns out of sight.
MAX_WIDTH = 40
# For whom it is and what it offers: its host says so, staff see why somebody is refused.
OF_THE_HOST = [
    "invitee_name",
    "invitee_email",
    "allowed_invitees",
    "offer_starts_on",
    "offer_ends_on",
    "offer_duration_minutes",
    "offer_notice_minutes",
]
LIMITS = ["name", "max_uses", "expires_on", "expires_time", "opens_on", "opens_time", "is_paused", "returns_uses"]


class StateFilter(admin.SimpleListFilter):
    """Filters links by state, with the rule that decides about bookings."""

    title = _("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Any:
        return LinkState.choices

    def queryset(self, request: HttpRequest, queryset: QuerySet[PrivateLink]) -> QuerySet[PrivateLink]:
        state = self.value()
        links = cast("PrivateLinkQuerySet", queryset)
        return links.in_state(LinkState(state), timezone.now()) if state in LinkState.values else links


class LinkWords:
    """What the admin tells of a link, besides its fields."""

    @admin.display(description=_("state"))
    def state(self, link: PrivateLink) -> str:
        return str(link.state(timezone.now()).label) if link.is_saved else ""

    @admin.display(description=_("uses"), ordering="usage_count")
    def uses(self, link: PrivateLink) -> str:
        return uses_words(link) if link.is_saved else ""

    @admin.display(description=_("expiry"), ordering="expires_at")
    def expiry(self, link: PrivateLink) -> str:
        return expiry_words(link.expires_at, link.event_type.schedule.time_zone) if link.expires_at else ""


class PrivateLinkInline(LinkWords, admin.TabularInline):  # type: ignore[type-arg]  # generic for mypy only
    """The links of an event type."""

    model = PrivateLink
    form = PrivateLinkAdminForm
    formset = LabelledFormSet
    fields = [*LIMITS, "state", "uses", "expiry"]
    readonly_fields = ["state", "uses", "expiry"]
    extra = 0
    show_change_link = True
    view_on_site = False

    def get_queryset(self, request: HttpRequest) -> PrivateLinkQuerySet:
        return PrivateLink.objects.with_event_type()


class QuestionInline(admin.TabularInline):  # type: ignore[type-arg]
    """The questions of an event type, in the host's order."""

    model = Question
    form = QuestionAdminForm
    formset = QuestionFormSet
    extra = 0


@admin.register(EventType)
class EventTypeAdmin(UnderHostLock[EventType]):
    """Event types with their questions and private links."""

    form = EventTypeAdminForm
    inlines = [QuestionInline, PrivateLinkInline]
    list_display = ["title", "host", "slug", "visibility", "private_links_enabled", "duration_minutes"]
    list_filter = ["visibility", "private_links_enabled", ("host", admin.RelatedOnlyFieldListFilter)]
    list_select_related = ["host"]
    ordering = ["host", "position", "pk"]
    search_fields = ["title", "slug", "host__username", "host__name"]
    readonly_fields = ["former_slugs", "created_at"]

    def host_id_of(self, kept: EventType) -> int:
        return kept.host_id

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> EventType | None:
        """Lock the links, too, before they are read."""
        found = super().get_object(request, object_id, from_field)
        if found is not None and request.method == "POST" and connection.in_atomic_block:
            lock_links_of(found.pk)
        return found

    def get_readonly_fields(self, request: HttpRequest, obj: EventType | None = None) -> list[str]:
        """Keep the host of an event type: its bookings are that host's."""
        return [*self.readonly_fields, *([] if obj is None else ["host"])]

    def get_inlines(self, request: HttpRequest, obj: EventType | None) -> Any:
        """Leave out more links than a page can carry; the admin of private links has them all."""
        too_many = obj is not None and obj.private_links.count() > MAX_INLINE_LINKS
        return [QuestionInline] if too_many else super().get_inlines(request, obj)

    def save_model(self, request: HttpRequest, obj: EventType, form: Any, change: bool) -> None:  # noqa: FBT001 - Django's
        """Write what was changed, and let a former slug go on redirecting."""
        lock_host(obj.host_id)
        if not change:
            obj.save()
            return
        slug, obj.slug = obj.slug, form.initial["slug"]
        obj.take_slug(slug)
        obj.save(update_fields=[*form.changed_data, "former_slugs"])

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:  # noqa: FBT001 - Django's
        """Write of each question and each link what was changed, never the counter."""
        if isinstance(formset, QuestionFormSet):
            formset.save_under_lock(form.instance)
            return
        formset.save(commit=False)
        delete_locked([link.pk for link in formset.deleted_objects])
        now = database_now()
        for each in formset.forms:
            if each.has_changed() and each not in formset.deleted_forms:
                store_link(each.instance, each.changed, now)

    def delete_model(self, request: HttpRequest, obj: EventType) -> None:
        delete_event_type(event_type=obj)

    @transaction.atomic
    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[EventType]) -> None:
        for event_type in queryset.order_by("host", "pk"):
            delete_event_type(event_type=event_type)


@admin.register(PrivateLink)
class PrivateLinkAdmin(LinkWords, UnderHostLock[PrivateLink]):
    """Private links of all hosts. Hash and counter are to be looked at only."""

    form = PrivateLinkAdminForm
    actions = ["pause", "resume", "end"]
    list_display = ["short_name", "short_event_type", "host", "state", "uses", "expiry"]
    list_filter = [
        StateFilter,
        ("event_type", admin.RelatedOnlyFieldListFilter),
        ("event_type__host", admin.RelatedOnlyFieldListFilter),
    ]
    ordering = ["-pk"]
    search_fields = ["name", "hash"]
    search_help_text = _("Part of the name of a link or an invitee, or a whole hash or URL.")
    fields = ["event_type", *LIMITS, *OF_THE_HOST, "state", "uses", "expiry", "hash", "what_happened"]
    readonly_fields = [*OF_THE_HOST, "state", "uses", "expiry", "hash", "what_happened"]
    view_on_site = False

    def host_id_of(self, kept: PrivateLink) -> int:
        return kept.event_type.host_id

    def get_queryset(self, request: HttpRequest) -> PrivateLinkQuerySet:
        return PrivateLink.objects.with_event_type()

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[PrivateLink], search_term: str
    ) -> tuple[QuerySet[PrivateLink], bool]:
        links = cast("PrivateLinkQuerySet", queryset)
        return links.matching(search_term) if search_term else links, False

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> PrivateLink | None:
        """Lock the link, too; whoever changes one holds the host's lock, so it is as it was read under that."""
        found = super().get_object(request, object_id, from_field)
        if found is not None and request.method == "POST" and connection.in_atomic_block:
            lock_links([found.pk])
        return found

    def get_readonly_fields(self, request: HttpRequest, obj: PrivateLink | None = None) -> list[str]:
        """Keep a link's event type: a hash opens one event type and never another."""
        return [*self.readonly_fields, *([] if obj is None else ["event_type"])]

    @admin.display(description=_("private link"))
    def short_name(self, link: PrivateLink) -> str:
        return Truncator(link).chars(MAX_WIDTH)

    @admin.display(description=_("event type"), ordering="event_type__title")
    def short_event_type(self, link: PrivateLink) -> str:
        return Truncator(link.event_type).chars(MAX_WIDTH)

    @admin.display(description=_("host"), ordering="event_type__host")
    def host(self, link: PrivateLink) -> str:
        return str(link.event_type.host)

    @admin.display(description=_("what happened"))
    def what_happened(self, link: PrivateLink) -> str:
        """Return the newest part of the link's history, as its host reads it."""
        if not link.is_saved:
            return ""
        entries = link_history(link, list(link.events.newest_first()[:RECENT]), timezone.now())[:RECENT]
        zone = link.event_type.schedule.time_zone.key
        lines = ((f"{entry.when} ({zone})", "; ".join([entry.text, *entry.changes])) for entry in entries)
        return format_html("<ul>{}</ul>", format_html_join("", "<li>{}<br>{}</li>", lines))

    def save_model(self, request: HttpRequest, obj: PrivateLink, form: Any, change: bool) -> None:  # noqa: FBT001 - Django's
        """Write what was changed, never the counter."""
        lock_host(obj.event_type.host_id)
        store_link(obj, form.changed, database_now())

    def delete_model(self, request: HttpRequest, obj: PrivateLink) -> None:
        delete_links(links=[obj])

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[PrivateLink]) -> None:
        delete_links(links=queryset)

    @admin.action(description=_("Pause the selected links"), permissions=["change"])
    def pause(self, request: HttpRequest, queryset: PrivateLinkQuerySet) -> None:
        count = self._act(request, queryset, pause_link, "Paused.")
        self.message_user(request, ngettext("%d link is paused.", "%d links are paused.", count) % count)

    @admin.action(description=_("Resume the selected links"), permissions=["change"])
    def resume(self, request: HttpRequest, queryset: PrivateLinkQuerySet) -> None:
        count = self._act(request, queryset, resume_link, "Resumed.")
        self.message_user(request, ngettext("%d link is resumed.", "%d links are resumed.", count) % count)

    @admin.action(description=_("End the selected links now"), permissions=["change"])
    def end(self, request: HttpRequest, queryset: PrivateLinkQuerySet) -> None:
        count = self._act(request, queryset, end_link, "Ended.")
        self.message_user(request, ngettext("%d link has ended.", "%d links have ended.", count) % count)

    def _act(
        self, request: HttpRequest, queryset: PrivateLinkQuerySet, act: Callable[..., PrivateLink], note: str
    ) -> int:
        """Act on each link in a transaction of its own, and return for how many that made a difference."""
        done = 0
        for link in queryset:
            before = (link.is_paused, link.expires_at)
            try:
                changed = act(link=link)
            except PrivateLink.DoesNotExist:
                continue
            if (changed.is_paused, changed.expires_at) != before:
                self.log_change(request, link, note)
                done += 1
        return done
