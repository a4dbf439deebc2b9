"""What is on offer: the slots of an event type that nobody has booked. The picker and the booking both ask here."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cached_property

from bookings.models import Booking, Party
from eventtypes.availability import opening_hours, slot_rules
from eventtypes.models import EventType
from eventtypes.narrowing import Narrowing
from eventtypes.nothing_bookable import NothingBookable, explain_nothing
from eventtypes.opening_hours import OpeningHours
from eventtypes.slot_engine import bookable_starts, busy_range, find_first_slot, find_slots, is_offered
from eventtypes.slot_rules import Busy, Slot, SlotRules


@dataclass(frozen=True)
class Offer:
    """An event type's slots as of one instant, for one of its durations (None is the default).

    A private link may narrow them. A duration that cannot be chosen has no slots.
    The hours are read once (two queries), the host's meetings anew for each question (one query).
    """

    event_type: EventType
    now: datetime
    duration_minutes: int | None = None
    narrowing: Narrowing = field(default_factory=Narrowing)
    # The booking that is to get another time: the time that it has now is free for it.
    moving: Booking | None = None

    @staticmethod
    def for_moving(booking: Booking, by: Party, now: datetime, duration_minutes: int | None = None) -> "Offer":
        """Return what the booking can be moved to; its event type is still there.

        Its invitee stays within what the private link offers that it came through, alive or not; its host need not.
        """
        event_type, link = booking.event_type, booking.private_link
        if event_type is None:
            raise ValueError("There is nothing to choose from without an event type.")
        narrowing = Narrowing() if link is None or by == Party.HOST else link.narrowing
        return Offer(event_type, now, duration_minutes, narrowing, booking)

    @property
    def durations(self) -> list[int]:
        """The durations to choose from, in minutes, the default first.

        A booking that is moved keeps its own as long as the event type offers it, and takes one that it offers else:
        what a link wants and nobody offers any more keeps no meeting where it is.
        """
        offered = self.event_type.durations
        wanted = self.narrowing.durations(offered)
        if self.moving is None:
            return wanted
        if self.moving.duration_minutes in offered:
            return [self.moving.duration_minutes]
        return [minutes for minutes in wanted if minutes in offered] or offered

    @property
    def minutes(self) -> int:
        """How long a meeting takes."""
        return self.durations[0] if self.duration_minutes is None else self.duration_minutes

    @property
    def is_choice(self) -> bool:
        """Whether the duration is among those to choose from, and the event type has it (a link may want another)."""
        return self.minutes in self.durations and self.minutes in self.event_type.durations

    @cached_property
    def hours(self) -> OpeningHours:
        return opening_hours(self.event_type.schedule)

    @cached_property
    def rules(self) -> SlotRules:
        rules = self.narrowing.of_rules(slot_rules(self.event_type))
        return replace(rules, duration=timedelta(minutes=self.minutes))

    def slots(self, start: datetime, end: datetime) -> list[Slot]:
        """Return the slots that start in [start, end), in order."""
        if not self.is_choice:
            return []
        busy = self._busy(start, end)
        return find_slots(self.hours, self.rules, busy, now=self.now, start=start, end=end)

    def first_slot(self, start: datetime) -> Slot | None:
        """Return the first slot that starts at `start` or later, or None if the booking window has none left."""
        last = bookable_starts(self.rules, self.hours.zone, now=self.now).end
        if last <= start or not self.is_choice:
            return None
        return find_first_slot(self.hours, self.rules, self._busy(start, last), now=self.now, start=start)

    def slot_at(self, start: datetime) -> Slot | None:
        """Return the slot that starts at that instant, or None if it is not on offer."""
        if not self.is_choice:
            return None
        busy = self._busy(start, start + datetime.resolution)
        if not is_offered(self.hours, self.rules, busy, now=self.now, starts_at=start):
            return None
        return Slot(start, start + self.rules.duration)

    def explain_nothing(self) -> NothingBookable | None:
        """Return why there is no slot at all, or None if there is one."""
        bookable = bookable_starts(self.rules, self.hours.zone, now=self.now)
        busy = [] if bookable.is_empty else self._busy(bookable.start, bookable.end)
        return explain_nothing(self.hours, self.rules, busy, now=self.now)

    def _busy(self, start: datetime, end: datetime) -> list[Busy]:
        """Load the host's meetings that matter for slots in [start, end)."""
        span = busy_range(self.rules, self.hours.zone, start=start, end=end)
        meetings = Booking.objects.filter(host=self.event_type.host_id).holding_time()
        if self.moving is not None:
            meetings = meetings.exclude(pk=self.moving.pk)
        rows = meetings.overlapping(span.start, span.end).values_list(
            "starts_at", "ends_at", "buffer_before_minutes", "buffer_after_minutes", "event_type_id"
        )
        return [
            Busy(
                starts_at,
                ends_at,
                timedelta(minutes=before),
                timedelta(minutes=after),
                counts=event_type_id == self.event_type.pk,
            )
            for starts_at, ends_at, before, after, event_type_id in rows
        ]
