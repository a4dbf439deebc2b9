"""Deleting an event type together with its private links."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from eventtypes.models import EventType
from eventtypes.views.access import HostRequest, for_own_event_type
from privatelinks.questions import ask_to_delete_event_type
from privatelinks.services.event_types import delete_event_type


@require_http_methods(["GET", "HEAD", "POST"])
@for_own_event_type
def event_type_delete(request: HostRequest, event_type: EventType) -> HttpResponse:
    """Ask whether the event type shall be deleted, naming what goes and what stays, and delete it."""
    if request.method == "POST":
        delete_event_type(event_type=event_type)
        messages.success(request, _("“%(title)s” is deleted.") % {"title": event_type.title})
        return redirect("event_types")
    now = timezone.now()
    live_links = event_type.private_links.live(now).count()
    question = ask_to_delete_event_type(event_type, live_links, event_type.bookings.ahead(now).count())
    context = {"question": question, "back_url": resolve_url("event_types"), "back_label": _("Event types")}
    return render(request, "privatelinks/confirm.html", context)
