"""Who may open what: a host's own links, and nobody else's."""

from collections.abc import Callable
from functools import wraps

from django.http import Http404, HttpResponse

from eventtypes.views.access import HostRequest
from privatelinks.models import PrivateLink


def for_own_link(
    view: Callable[[HostRequest, PrivateLink], HttpResponse],
) -> Callable[[HostRequest, int], HttpResponse]:
    """Hand the view the host's private link with that id; its event type and schedule are loaded too.

    Another host's link is a 404, and so is one that is deleted while the view is at work.
    """

    @wraps(view)
    def find_and_view(request: HostRequest, pk: int) -> HttpResponse:
        own = PrivateLink.objects.owned_by(request.user).with_event_type()
        try:
            return view(request, own.get(pk=pk))
        except PrivateLink.DoesNotExist as error:
            raise Http404 from error

    return find_and_view
