"""Private links: the secret address that an invitee opens and books at; however it is over, the answer is the same."""

from http import HTTPStatus

from django.contrib.auth.decorators import login_not_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from bookings.services.booking import LinkUnavailableError
from bookings.views.booking_page import Bookable, answer_booking_page, find_booked_before
from bookings.views.redirects import redirect_with_query
from bookings.views.secret_page import secret_page
from eventtypes.clock import ClockTimestamp, read_at
from privatelinks.models import PrivateLink


@secret_page
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def book_private_link(request: HttpRequest, link_hash: str, slug: str) -> HttpResponse:
    """Show the times of the link's event type, and book the chosen one."""
    bookable = _resolve(link_hash, slug)
    if bookable is None:
        return _answer_over(request, slug)
    if request.method != "POST" and slug != bookable.event_type.slug:
        address = reverse("book_private_link", args=[link_hash, bookable.event_type.slug])
        return redirect_with_query(request, address)
    try:
        return answer_booking_page(request, bookable)
    except LinkUnavailableError:
        return _link_unavailable()


@transaction.atomic
def _resolve(link_hash: str, slug: str) -> Bookable | None:
    """Return what the address books, or None if it is over (one query, on the database's clock).

    The database leaves out what is over: a link that it handed over would take longer than an unknown one.
    """
    clock = ClockTimestamp()
    links = PrivateLink.objects.at_address(link_hash, slug).live(clock).with_event_type().annotate(now=clock)
    # There is one at most, so no `first()`, which would sort: that takes Django longer than the query itself.
    link = next(iter(links), None)
    # It may have ended between two looks at the clock; the last one counts.
    if link is None or not link.is_live(now := read_at(link)):
        return None
    return Bookable(link.event_type, now, link)


def _answer_over(request: HttpRequest, slug: str) -> HttpResponse:
    """Say that the link is not available, but for a form that was booked already and whose answer got lost."""
    booking = find_booked_before(request, slug) if request.method == "POST" else None
    return redirect(booking) if booking else _link_unavailable()


def _link_unavailable() -> HttpResponse:
    """Return the one answer for every way of being over; it asks neither the session nor the user."""
    return HttpResponse(render_to_string("bookings/link_unavailable.html"), status=HTTPStatus.NOT_FOUND)
