"""The start page: what Sidedoor is, for who is not logged in."""

from allauth.account.adapter import get_adapter
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe


@login_not_required
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Lead a host to the event types; tell anybody else what this is."""
    if request.user.is_authenticated:
        return redirect("event_types")
    is_signup_open = get_adapter(request).is_open_for_signup(request)
    return render(request, "eventtypes/home.html", {"is_signup_open": is_signup_open})
