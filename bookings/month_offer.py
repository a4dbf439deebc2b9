"""The month of slots that a booking page shows: the one asked for, or the next one that has any."""

from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from zoneinfo import ZoneInfo

from bookings.slots import Offer
from eventtypes.intervals import Interval
from eventtypes.local_time import span_of_days
from eventtypes.months import Month
from eventtypes.slot_engine import bookable_starts, slots_by_date
from eventtypes.slot_rules import Slot

type SlotsByDate = dict[date, list[Slot]]


@dataclass(frozen=True, slots=True)
class MonthOffer:
    """A month's slots, and the months that one can turn to from it, all by dates in one time zone, the invitee's.

    Without any slot, nothing is on offer in this month or later.
    """

    zone: ZoneInfo
    month: Month
    slots: SlotsByDate
    # The nearest month before this one that has slots, or if that is not known, the first one that may have.
    earlier: Month | None
    # The next month, if the booking window reaches into it and there may be slots in it or later.
    later: Month | None
    # The last day of the booking window, if anything is left of it.
    last_day: date | None

    def slot_at(self, starts_at: datetime) -> Slot | None:
        """Return the slot that starts at that instant, if the month has it."""
        slots = self.slots.get(starts_at.astimezone(self.zone).date(), [])
        return next((slot for slot in slots if slot.starts_at == starts_at), None)

    def nearest_date(self, day: date) -> date | None:
        """Return the day if it has slots, or else the next one that has, or else the last one before it."""
        return min((other for other in self.slots if other >= day), default=max(self.slots, default=None))


def offer_month(offer: Offer, asked: Month | None, zone: ZoneInfo) -> MonthOffer:
    """Return the month asked for, by default the first of the booking window, or the next one that has slots.

    A month outside the booking window counts as the nearest one inside. At most five queries, three for most months,
    as many for any number of slots and bookings.
    """
    search = _Search(offer, zone)
    first, last = search.first_and_last_month
    month = (asked or first).clamped(first, last)
    before = max(first, month.previous())
    nearby = search.slots(before, month)
    slots = _only(month, nearby)
    has_before = before < month and bool(_only(before, nearby))
    if slots:
        earlier = before if has_before else search.first_month_with_slots(until=before)
    else:
        # No month between this one and the one that it becomes has slots, so the one before stays the nearest.
        earlier = before if has_before else _if_earlier(first, before)
        month, slots = search.month_with_slots_after(month)
    later = month.next() if slots and month < last else None
    return MonthOffer(zone, month, slots, earlier, later, search.last_day)


@dataclass(frozen=True)
class _Search:
    """Looks for slots month by month, by the calendar of one time zone."""

    offer: Offer
    zone: ZoneInfo

    @cached_property
    def bookable(self) -> Interval:
        return bookable_starts(self.offer.rules, self.offer.hours.zone, now=self.offer.now)

    @property
    def last_day(self) -> date | None:
        return None if self.bookable.is_empty else self._date(self.bookable.end - datetime.resolution)

    @property
    def first_and_last_month(self) -> tuple[Month, Month]:
        """The months of the booking window, or twice the present one if nothing is left of it."""
        if self.last_day is None:
            today = Month.containing(self._date(self.offer.now))
            return today, today
        return Month.containing(self._date(self.bookable.start)), Month.containing(self.last_day)

    def slots(self, first: Month, last: Month) -> SlotsByDate:
        """Return the slots from the first through the last of the months (one query)."""
        span = span_of_days(first.first_day, last.last_day, self.zone)
        return slots_by_date(self.offer.slots(span.start, span.end), self.zone)

    def month_with_slots_after(self, month: Month) -> tuple[Month, SlotsByDate]:
        """Return the first month from this one on that has slots, with them, or this one if none has (two queries)."""
        found = self.offer.first_slot(span_of_days(month.first_day, month.first_day, self.zone).start)
        if found is None:
            return month, {}
        month = Month.containing(self._date(found.starts_at))
        return month, self.slots(month, month)

    def first_month_with_slots(self, until: Month) -> Month | None:
        """Return the first month of all that has slots, if it lies before another one (one query, or none)."""
        if self.first_and_last_month[0] == until:
            return None
        found = self.offer.first_slot(self.bookable.start)
        return None if found is None else _if_earlier(Month.containing(self._date(found.starts_at)), until)

    def _date(self, instant: datetime) -> date:
        return instant.astimezone(self.zone).date()


def _only(month: Month, slots: SlotsByDate) -> SlotsByDate:
    return {day: of_day for day, of_day in slots.items() if Month.containing(day) == month}


def _if_earlier(month: Month, than: Month) -> Month | None:
    return month if month < than else None
