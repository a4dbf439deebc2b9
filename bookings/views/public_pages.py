"""What a host shows to everybody: the public page, and the booking page of each event type that is not private."""

from dataclasses import dataclass

from django.contrib.auth.decorators import login_not_required
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from bookings.services.booking import EventTypeUnavailableError
from bookings.views.booking_page import Bookable, answer_booking_page, find_booked_before
from bookings.views.redirects import redirect_with_query
from eventtypes.clock import ClockTimestamp, read_at
from eventtypes.durations import durations_in_words
from eventtypes.models import EventType, Host


@dataclass(frozen=True, slots=True)
class Offered:
    """An event type on its host's public page."""

    title: str
    url: str
    durations: str
    location: str


@login_not_required
@require_safe
def host_page(request: HttpRequest, username: str) -> HttpResponse:
    """Show the host's public event types."""
    host = get_object_or_404(Host, username=username.lower(), is_active=True)
    if username != host.username:
        return redirect(host)
    offers = [_offered(host, event_type) for event_type in EventType.objects.listed().owned_by(host)]
    return render(request, "bookings/host_page.html", {"host": host, "offers": offers})


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def book_event_type(request: HttpRequest, username: str, slug: str) -> HttpResponse:
    """Show the times of a public or unlisted event type, and book the chosen one."""
    bookable = _resolve(username.lower(), slug)
    if bookable is None:
        return _answer_unknown(request, slug)
    host, current_slug = bookable.event_type.host, bookable.event_type.slug
    if request.method != "POST" and (username, slug) != (host.username, current_slug):
        return redirect_with_query(request, reverse("book_event_type", args=[host.username, current_slug]))
    try:
        return answer_booking_page(request, bookable)
    except EventTypeUnavailableError as error:
        raise Http404 from error


def _offered(host: Host, event_type: EventType) -> Offered:
    url = reverse("book_event_type", args=[host.username, event_type.slug])
    return Offered(event_type.title, url, durations_in_words(event_type.durations), event_type.location_before_booking)


def _resolve(username: str, slug: str) -> Bookable | None:
    """Return the event type that has the slug, or else one that had it, if it is open by its URL (one query).

    A private event type answers like none at all, also at a slug that another one had before.
    """
    has_slug = Q(slug=slug) | Q(former_slugs__contains=[slug])
    event_types = EventType.objects.select_related("host", "schedule").annotate(now=ClockTimestamp())
    found = list(event_types.filter(has_slug, host__username=username).order_by("-pk"))
    current = [event_type for event_type in found if event_type.slug == slug]
    return next((Bookable(each, read_at(each)) for each in current or found if each.is_open_by_url), None)


def _answer_unknown(request: HttpRequest, slug: str) -> HttpResponse:
    """Answer that there is no such page, but for a form that was booked already and whose answer got lost."""
    booking = find_booked_before(request, slug) if request.method == "POST" else None
    if booking is None:
        raise Http404
    return redirect(booking)
