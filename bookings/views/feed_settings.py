"""Settings, Calendar feed: a host switches the feed on, copies its URL, replaces it, switches the feed off."""

from urllib.parse import urlsplit

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bookings.models import CalendarFeed
from bookings.services.calendar_feed import replace_feed_url, switch_feed_off, switch_feed_on
from eventtypes.views.access import HostRequest
from privatelinks.questions import Question

PAGE = "settings_calendar_feed"


@never_cache
@require_safe
def settings_calendar_feed(request: HostRequest) -> HttpResponse:
    """Show the feed's URL, or offer to make one."""
    feed = CalendarFeed.objects.filter(host=request.user).first()
    url = f"{settings.SITE_URL}{feed.get_absolute_url()}" if feed else ""
    context = {
        "url": url,
        # Programs that know calendars open this by themselves.
        "program_url": urlsplit(url)._replace(scheme="webcal").geturl() if url else "",
        "new_url_question": _ask_for_new_url(),
        "off_question": _ask_to_switch_off(),
    }
    return render(request, "bookings/settings_calendar_feed.html", context)


@require_POST
def settings_calendar_feed_on(request: HostRequest) -> HttpResponse:
    """Make the feed."""
    switch_feed_on(host=request.user)
    messages.success(request, _("Your calendar feed is on. Copy its URL into your calendar."))
    return redirect(PAGE)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def settings_calendar_feed_replace(request: HostRequest) -> HttpResponse:
    """Ask whether the feed shall have a new URL, and make it."""
    if request.method != "POST":
        return _ask(request, _ask_for_new_url())
    try:
        replace_feed_url(host=request.user)
    except CalendarFeed.DoesNotExist:
        messages.error(request, _("Your calendar feed is switched off, so it has no URL to replace."))
    else:
        messages.success(request, _("Your calendar feed has a new URL. The old one is dead."))
    return redirect(PAGE)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def settings_calendar_feed_off(request: HostRequest) -> HttpResponse:
    """Ask whether the feed shall be switched off, and do it."""
    if request.method != "POST":
        return _ask(request, _ask_to_switch_off())
    switch_feed_off(host=request.user)
    messages.success(request, _("Your calendar feed is switched off."))
    return redirect(PAGE)


def _ask(request: HostRequest, question: Question) -> HttpResponse:
    """Ask on a page of its own."""
    context = {"question": question, "back_url": resolve_url(PAGE), "back_label": _("Calendar feed")}
    return render(request, "privatelinks/confirm.html", context)


def _ask_for_new_url() -> Question:
    text = _("The old URL is dead for good: calendars that have it get nothing more until you give them the new one.")
    return Question(_("Make a new URL?"), text, _("Make a new URL"))


def _ask_to_switch_off() -> Question:
    text = _("Its URL is dead for good: calendars that have it get nothing more. Your bookings stay as they are.")
    return Question(_("Switch the calendar feed off?"), text, _("Switch off"))
