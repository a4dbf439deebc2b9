"""Calendar feeds: the secret address from which a host's calendar program fetches the meetings, again and again."""

from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag
from django.views.decorators.http import require_safe

from bookings.calendar_files import PRODUCT_ID, feed_calendar, to_ics
from bookings.models import Booking, CalendarFeed
from bookings.views.secret_page import secret_page
from eventtypes.clock import ClockTimestamp, read_at
from eventtypes.models import Host
from privatelinks.hashes import is_well_formed


@secret_page
@login_not_required
@require_safe
def calendar_feed(request: HttpRequest, feed_hash: str) -> HttpResponse:
    """Hand out the host's confirmed bookings, or say that nothing has changed since (three queries at most)."""
    feed, now = _find(feed_hash)
    meetings = list(feed.meetings(now))
    etag = _etag(feed.host, meetings)
    answer = get_conditional_response(request, etag=etag) or _calendar(feed.host, meetings)
    answer.headers["ETag"] = etag
    # Kept by the calendar program alone, and asked about each time.
    answer.headers["Cache-Control"] = "private, no-cache"
    return answer


def _find(feed_hash: str) -> tuple[CalendarFeed, datetime]:
    """Return the feed and the present instant on the database's clock (one query, whatever the hash is made of).

    See also: bookings.views.private_link._resolve, which does the same.
    """
    feeds = CalendarFeed.objects.select_related("host").annotate(now=ClockTimestamp())
    feed = next(iter(feeds.filter(hash=feed_hash if is_well_formed(feed_hash) else "")), None)
    if feed is None or not feed.host.is_active:
        raise Http404
    return feed, read_at(feed)


def _calendar(host: Host, meetings: Sequence[Booking]) -> HttpResponse:
    return HttpResponse(to_ics(feed_calendar(host, meetings)), content_type="text/calendar; charset=utf-8")


def _etag(host: Host, meetings: Sequence[Booking]) -> str:
    """Name the feed's contents, from all that the bookings hold: far quicker than making the calendar."""
    digest = sha256(repr((PRODUCT_ID, settings.SITE_URL, host.display_name, host.email)).encode())
    fields = [field.attname for field in Booking._meta.concrete_fields]
    for meeting in meetings:
        digest.update(repr([getattr(meeting, field) for field in fields]).encode())
    return quote_etag(digest.hexdigest())
