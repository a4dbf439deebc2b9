"""What a host does with an event type without opening it: visibility, order, duplicating."""

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from eventtypes.models import EventType, Visibility
from eventtypes.services.event_types import Direction, duplicate, move, set_visibility
from eventtypes.views.access import HostRequest, for_own_event_type
from eventtypes.views.coming_back import redirect_back


@require_POST
@for_own_event_type
def event_type_set_visibility(request: HostRequest, event_type: EventType) -> HttpResponse:
    """Change who can reach the event type."""
    visibility = request.POST.get("visibility", "")
    if visibility not in Visibility:
        return HttpResponseBadRequest()
    set_visibility(event_type=event_type, visibility=Visibility(visibility))
    messages.success(request, _said_of(Visibility(visibility)) % {"title": event_type.title})
    return redirect_back(request, otherwise="event_types")


@require_POST
@for_own_event_type
def event_type_move(request: HostRequest, event_type: EventType) -> HttpResponse:
    """Swap the event type with the one above or below it."""
    direction = request.POST.get("direction", "")
    if direction not in Direction:
        return HttpResponseBadRequest()
    move(event_type=event_type, direction=Direction(direction))
    return redirect_back(request, otherwise="event_types")


@require_POST
@for_own_event_type
def event_type_duplicate(request: HostRequest, event_type: EventType) -> HttpResponse:
    """Copy the event type, and open the copy."""
    copy = duplicate(event_type=event_type)
    messages.success(request, _("This is the copy. Private links were not copied."))
    return redirect("event_type_setup", copy.pk)


def _said_of(visibility: Visibility) -> str:
    match visibility:
        case Visibility.PUBLIC:
            return _("“%(title)s” is public: it is on your public page.")
        case Visibility.UNLISTED:
            return _("“%(title)s” is unlisted: who has its URL can book it.")
        case Visibility.PRIVATE:
            return _("“%(title)s” is private: it can be booked only through its private links.")
