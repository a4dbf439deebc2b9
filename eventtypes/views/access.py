"""Who may open what: a host works with what is the host's own, and anything else is a 404."""

from collections.abc import Callable
from functools import wraps

from django.http import Http404, HttpRequest, HttpResponse

from eventtypes.models import EventType, Host


class HostRequest(HttpRequest):
    """A request of a host who is logged in, which LoginRequiredMiddleware sees to."""

    user: Host


def for_own_event_type(
    view: Callable[[HostRequest, EventType], HttpResponse],
) -> Callable[[HostRequest, int], HttpResponse]:
    """Hand the view the host's event type with that id; its schedule is loaded too.

    Another host's event type is a 404, and so is one that is deleted while the view is at work.
    """

    @wraps(view)
    def find_and_view(request: HostRequest, pk: int) -> HttpResponse:
        own = EventType.objects.owned_by(request.user).select_related("host", "schedule")
        try:
            return view(request, own.get(pk=pk))
        except EventType.DoesNotExist as error:
            raise Http404 from error

    return find_and_view
