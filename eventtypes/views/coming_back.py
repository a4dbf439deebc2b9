"""Where an action that is asked for in a list leads back to: the list as it was, with its filters and its page."""

from django.http import HttpResponseRedirect
from django.shortcuts import resolve_url
from django.utils.http import url_has_allowed_host_and_scheme

from eventtypes.views.access import HostRequest


def redirect_back(request: HostRequest, *, otherwise: str) -> HttpResponseRedirect:
    """Lead to the page that the form names as `next`, or to the URL of that name; never to another site."""
    return HttpResponseRedirect(came_from(request, otherwise=otherwise))


def came_from(request: HostRequest, *, otherwise: str) -> str:
    """Return the address of the page that the form names as `next`, if it is one of ours."""
    named = request.POST.get("next", "")
    is_ours = named.startswith("/") and url_has_allowed_host_and_scheme(named, allowed_hosts=None)
    return named if is_ours else resolve_url(otherwise)
