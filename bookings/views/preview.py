"""What invitees see next week: the times of seven days, from the same source as the picker's, for the host."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.formats import date_format
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from bookings.page_query import PageQuery
from bookings.picker import duration_choices
from bookings.reading_time import Clock, Reader
from bookings.slots import Offer
from eventtypes.clock import database_now
from eventtypes.local_time import ONE_DAY, span_of_days
from eventtypes.models import EventType
from eventtypes.slot_engine import slots_by_date
from eventtypes.views.access import HostRequest, for_own_event_type
from eventtypes.views.obstacles import describe

NUMBER_OF_DAYS = 7
# So many times of a day are shown at once; the others fold out.
FIRST_TIMES = 4


@dataclass(frozen=True, slots=True)
class PreviewDay:
    """One day with its times; none means that nothing is on offer."""

    short_name: str
    date: date
    times: list[str]
    more_times: list[str]


@never_cache
@require_safe
@for_own_event_type
def event_type_preview(request: HostRequest, event_type: EventType) -> HttpResponse:
    """Show the next seven days, or if they have no times, seven from the first day that has."""
    durations = event_type.durations
    query = PageQuery.parse(request.GET).choosing_from(durations)
    offer = Offer(event_type, database_now(), query.duration)
    context = {
        "event_type": event_type,
        "durations": duration_choices(durations, PageQuery(duration=query.duration)),
        "zone": offer.hours.zone,
    }
    return render(request, "bookings/event_type_preview.html", context | _preview(offer))


def _preview(offer: Offer) -> dict[str, Any]:
    """Return the days, and in words why there are none or others than the next seven."""
    today = offer.now.astimezone(offer.hours.zone).date()
    first = _first_day_with_times(offer, today)
    if first is None:
        reason = offer.explain_nothing()
        durations = [offer.duration_minutes or offer.event_type.duration_minutes]
        return {"obstacle": reason and describe(reason, offer.event_type, durations)}
    is_next_week = first < today + timedelta(days=NUMBER_OF_DAYS)
    return {"days": _days(offer, today if is_next_week else first), "is_next_week": is_next_week}


def _first_day_with_times(offer: Offer, today: date) -> date | None:
    found = offer.first_slot(span_of_days(today, today, offer.hours.zone).start)
    return None if found is None else found.starts_at.astimezone(offer.hours.zone).date()


def _days(offer: Offer, first: date) -> list[PreviewDay]:
    zone = offer.hours.zone
    days = [first + number * ONE_DAY for number in range(NUMBER_OF_DAYS)]
    span = span_of_days(days[0], days[-1], zone)
    slots = slots_by_date(offer.slots(span.start, span.end), zone)
    reader = Reader(zone, Clock.TWENTY_FOUR)
    return [_day(day, [reader.time(slot.starts_at) for slot in slots.get(day, [])]) for day in days]


def _day(day: date, times: list[str]) -> PreviewDay:
    # To fold out a single one would take as much room as it does.
    shown = len(times) if len(times) == FIRST_TIMES + 1 else FIRST_TIMES
    return PreviewDay(date_format(day, "D"), day, times[:shown], times[shown:])
