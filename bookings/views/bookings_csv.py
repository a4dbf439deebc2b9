"""A list of the host's bookings as a CSV file."""

from django.http import Http404, HttpResponseBase
from django.views.decorators.http import require_safe

from bookings.booking_table import booking_table
from bookings.forms.host_bookings import BookingFilterForm
from bookings.models import Booking
from bookings.views.host_bookings import BookingList, listed
from eventtypes.clock import database_now
from eventtypes.views.access import HostRequest
from eventtypes.views.downloads import csv_download

# So many are read at once, by one query for all.
ROWS_AT_ONCE = 1_000


@require_safe
def bookings_csv(request: HostRequest, which: str) -> HttpResponseBase:
    """Download one list of the host's bookings, or those of it that the query asks for, in the order of the list."""
    if which not in BookingList:
        raise Http404
    now, zone = database_now(), request.user.time_zone
    asked = BookingFilterForm(request.GET, host=request.user)
    bookings = asked.narrow(listed(BookingList(which), Booking.objects.owned_by(request.user), now))
    rows = booking_table(bookings.iterator(ROWS_AT_ONCE), zone)
    return csv_download(rows, name=f"bookings-{which}", day=now.astimezone(zone).date())
