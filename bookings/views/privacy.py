"""Settings, Privacy: a host downloads all data, and finds, downloads and erases those of an invitee.

Whom it is about comes by POST alone, so that no address is in a URL, a log or the browser's history.
"""

from http import HTTPStatus

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render, resolve_url
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bookings.exports import host_export, invitee_export
from bookings.forms.privacy import InviteeForm
from bookings.kept_data import KeptData, counts_in_words, kept_data, listing
from bookings.services.erasing import StillBookedError, erase_invitee
from bookings.traces import find_traces
from eventtypes.clock import database_now
from eventtypes.views.access import HostRequest
from eventtypes.views.downloads import json_download
from privatelinks.questions import Question

PAGE = "settings_privacy"


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters("email")
def settings_privacy(request: HostRequest) -> HttpResponse:
    """Show what can be done, and what is kept of the invitee who is looked for."""
    form = InviteeForm(request.POST if request.method == "POST" else None)
    return _show(request, form)


@require_safe
def settings_privacy_data(request: HostRequest) -> HttpResponseBase:
    """Download all that is kept of the host."""
    now, host = database_now(), request.user
    day = now.astimezone(host.time_zone).date()
    return json_download(host_export(host, now), name=f"sidedoor-{host.username}", day=day)


@require_POST
@sensitive_post_parameters("email")
def settings_privacy_invitee(request: HostRequest) -> HttpResponseBase:
    """Download all that the host keeps of the invitee."""
    form = InviteeForm(request.POST)
    traces = find_traces(form.cleaned_data["email"], request.user) if form.is_valid() else None
    if traces is None or not traces.counts:
        return _show(request, form)
    now = database_now()
    day = now.astimezone(request.user.time_zone).date()
    return json_download(invitee_export(traces, now), name="invitee", day=day)


@never_cache
@require_POST
@sensitive_post_parameters("email")
def settings_privacy_erase(request: HostRequest) -> HttpResponse:
    """Ask whether to erase the invitee, and erase; who has bookings ahead cannot be erased yet."""
    form = InviteeForm(request.POST)
    if not form.is_valid():
        return _show(request, form)
    email = form.cleaned_data["email"]
    if "confirmed" in request.POST:
        return _erase(request, email)
    kept = _kept(request, email)
    return _show(request, form) if kept.is_nothing else _ask(request, kept)


def _erase(request: HostRequest, email: str) -> HttpResponse:
    try:
        erased = erase_invitee(email=email, host=request.user)
    except StillBookedError:
        return _ask(request, _kept(request, email))
    if erased:
        messages.success(request, _("Erased: %(what)s.") % {"what": listing(counts_in_words(erased))})
    else:
        messages.info(request, _("Nothing is kept of this address any more."))
    return redirect(PAGE)


def _ask(request: HostRequest, kept: KeptData) -> HttpResponse:
    text = _("This cannot be undone. Bookings keep their times and count as before, but name nobody. No mail is sent.")
    context = {
        "kept": kept,
        "question": Question(_("Erase this invitee?"), text, _("Erase for good")),
        "back_url": resolve_url(PAGE),
        "back_label": _("Privacy"),
    }
    if kept.ahead:
        return render(request, "bookings/settings_privacy_ahead.html", context, status=HTTPStatus.CONFLICT)
    return render(request, "bookings/settings_privacy_erase.html", context)


def _show(request: HostRequest, form: InviteeForm) -> HttpResponse:
    kept = _kept(request, form.cleaned_data["email"]) if form.is_valid() else None
    context = {"form": form, "kept": kept, "kept_days": settings.BOOKINGS_KEPT_DAYS}
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, "bookings/settings_privacy.html", context, status=status)


def _kept(request: HostRequest, email: str) -> KeptData:
    return kept_data(find_traces(email, request.user), request.user, database_now())
