"""An event type's Advanced tab: who can reach it, what happens to bookings, and its private links."""

from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from eventtypes.models import EventType, Visibility
from eventtypes.views.access import HostRequest, for_own_event_type
from privatelinks.forms.advanced_tab import MAX_ROWS, AdvancedForm, real_ids
from privatelinks.forms.link import LinkRowForm
from privatelinks.models import PrivateLink
from privatelinks.presentation import LinkLine, link_line
from privatelinks.services.advanced_tab import EditsRefusedError, save_advanced_tab


@dataclass(frozen=True, slots=True)
class LinkRow:
    """A row of the tab: the link as it is to be, and the form that says so."""

    form: LinkRowForm
    line: LinkLine

    @property
    def is_deleted(self) -> bool:
        """Whether the row is marked to be deleted on save."""
        return bool(self.form["DELETE"].value())

    @property
    def problems(self) -> list[str]:
        """What was refused, in one line each."""
        of_fields = [f"{field.label}: {message}" for field in self.form for message in field.errors]
        return [*self.form.non_field_errors(), *of_fields]

    @property
    def is_unfolded(self) -> bool:
        """Whether the settings stand open where there is no JavaScript: a setting was refused, or the link is new."""
        return any(field.errors for field in self.form) or (self.form.is_bound and self.form.is_new)

    @property
    def url_id(self) -> str:
        """The id of the field that shows the URL."""
        return f"id_{self.form.prefix}-url"

    @property
    def is_changed(self) -> bool:
        """Whether the row says something that is not stored yet."""
        return self.form.is_bound and not self.form.is_new and self.form.has_changed()


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@for_own_event_type
def event_type_advanced(request: HostRequest, event_type: EventType) -> HttpResponse:
    """Edit the advanced settings and private links: the whole tab is saved, or nothing of it."""
    now = timezone.now()
    if request.method != "POST":
        return _show(request, AdvancedForm(None, event_type=event_type, now=now), event_type, now)
    form = AdvancedForm(request.POST, event_type=event_type, now=now)
    if "add_link" in request.POST:
        data = form.links.data_with_another_row()
        return _show(request, AdvancedForm(data, event_type=event_type, now=now), event_type, now)
    if form.is_valid() and _save(form, event_type):
        messages.success(request, _("Saved."))
        return redirect("event_type_advanced", event_type.pk)
    return _show(request, form, event_type, now, status=HTTPStatus.UNPROCESSABLE_ENTITY)


@require_POST
@for_own_event_type
def private_link_preview(request: HostRequest, event_type: EventType) -> HttpResponse:
    """Answer with the line that a row's settings would make of its link; nothing is stored."""
    now = timezone.now()
    row = request.POST.get("row", "")
    link = event_type.private_links.filter(pk__in=real_ids([request.POST.get(f"{row}-id", "")])).first()
    form = LinkRowForm(request.POST, prefix=row, link=link or PrivateLink(event_type=event_type), now=now)
    return render(request, "privatelinks/link_summary.html", {"row": _row(form, now)})


def _save(form: AdvancedForm, event_type: EventType) -> bool:
    """Store the tab; return whether the rules let it."""
    try:
        save_advanced_tab(event_type=event_type, edits=form.links.edits, **form.changed_settings)
    except EditsRefusedError as refusal:
        form.links.refuse(refusal.errors)
        return False
    return True


def _show(
    request: HostRequest,
    form: AdvancedForm,
    event_type: EventType,
    now: datetime,
    status: HTTPStatus = HTTPStatus.OK,
) -> HttpResponse:
    rows = [_row(row, now) for row in form.links.forms]
    context = {
        "event_type": event_type,
        "form": form,
        "is_refused": status == HTTPStatus.UNPROCESSABLE_ENTITY,
        "rows": rows,
        "new_row": _row(form.links.empty_form, now),
        "max_rows": MAX_ROWS,
        "may_add": len(rows) < MAX_ROWS,
        "further_links": event_type.private_links.exclude(pk__in=[row.form.link.pk for row in rows]).count(),
        "nobody_can_book": _nobody_can_book(event_type, now),
    }
    return render(request, "privatelinks/event_type_advanced.html", context, status=status)


def _row(form: LinkRowForm, now: datetime) -> LinkRow:
    return LinkRow(form, link_line(form.proposed, now))


def _nobody_can_book(event_type: EventType, now: datetime) -> bool:
    """Whether the event type, as it is stored, is private and has no link that can be booked through."""
    is_private = event_type.visibility == Visibility.PRIVATE
    return is_private and not PrivateLink.objects.filter(event_type=event_type).live(now).exists()
