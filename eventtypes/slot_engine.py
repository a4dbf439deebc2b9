"""The slot engine: from opening hours, an event type's rules and the host's meetings to the slots on offer.

These are the rules. The picker that shows slots and the booking that takes one ask the same functions.

1. *Weekly windows* are wall-clock times in the schedule's zone, several per weekday. Overlapping or touching ones of
   one day merge. An end of 00:00 is midnight at the end of the day. Where windows touch across midnight, a meeting may
   run from one day into the next, but each day keeps its own grid.
2. *Date overrides* replace the weekly windows of that date, with one or more windows, or with none (a day off).
3. *Clock changes*: an opening or closing time that does not exist means the instant of the change; one that exists
   twice opens at the first and closes at the second. A window has as many minutes as really pass, and one that lies
   within the skipped hour has none. Windows that come to overlap or touch in this way merge like any others.
4. *Grid*: starts lie at the opening plus multiples of the slot interval (default: the duration), in real minutes. A
   start is on offer if the whole meeting fits into open time. The grid depends neither on the range asked for nor on
   meetings.
5. *Busy*: between two meetings there must be at least the larger of the first one's buffer after and the second one's
   buffer before. A meeting keeps the buffers it was made with.
6. *Minimum notice*: a slot starts at least so long after now, and always after now. *Booking window*: it starts on one
   of the window's days in the schedule's zone, and at most 24 months ahead.
7. *Limits* per day, week (from Monday) and month, and total minutes per day: a meeting counts whole for the day, in the
   schedule's zone, on which it starts. If one more meeting would break a limit, the period offers nothing.
8. *Durations*: the rules hold one; for another one that can be chosen, ask with `replace(rules, duration=...)`.
9. *The invitee's day* may lie on two of the host's: ask for the time from its beginning to its end in the invitee's
   zone.

How it is computed: wall-clock times become instants once per window. Everything else is a statement about starts. Each
opening has its possible starts, and each reason against a start (the opening is over too soon, a meeting is too near,
a limit is reached) is an interval of starts; what is left of the opening is then walked along its grid.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime
from itertools import chain
from zoneinfo import ZoneInfo

from eventtypes.booking_window import bookable_days
from eventtypes.intervals import Interval, merge, subtract
from eventtypes.local_time import ONE_DAY, span_of_days
from eventtypes.opening_hours import OpeningHours, openings
from eventtypes.slot_limits import counted_span, full_periods, limits_admit_nothing
from eventtypes.slot_rules import MAX_BUFFER, Busy, Slot, SlotRules


def find_slots(
    hours: OpeningHours, rules: SlotRules, busy: Sequence[Busy], *, now: datetime, start: datetime, end: datetime
) -> list[Slot]:
    """Return the slots that start from the start up to, but not at, the end, in order, each once.

    The meetings must be all that lie in the `busy_range` of the range; others do no harm.
    """
    asked = Interval(start.astimezone(UTC), end.astimezone(UTC))
    return list(_slots(hours, rules, busy, bookable_starts(rules, hours.zone, now=now).intersection(asked)))


def find_first_slot(
    hours: OpeningHours, rules: SlotRules, busy: Sequence[Busy], *, now: datetime, start: datetime
) -> Slot | None:
    """Return the first slot that starts at the start or later, or None if there is none in the booking window."""
    bookable = bookable_starts(rules, hours.zone, now=now)
    asked = Interval(start.astimezone(UTC), bookable.end)
    return next(_slots(hours, rules, busy, bookable.intersection(asked)), None)


def is_offered(
    hours: OpeningHours, rules: SlotRules, busy: Sequence[Busy], *, now: datetime, starts_at: datetime
) -> bool:
    """Whether a slot starts at that instant, by the same rules as `find_slots`."""
    bookable = bookable_starts(rules, hours.zone, now=now)
    if starts_at not in bookable:
        return False
    start = starts_at.astimezone(UTC)
    return any(_slots(hours, rules, busy, Interval(start, start + datetime.resolution)))


def bookable_starts(rules: SlotRules, zone: ZoneInfo, *, now: datetime) -> Interval:
    """Return the starts that the minimum notice and the booking window leave, which may be none.

    Whoever is asked for some far month or instant asks for its intersection with these.
    """
    first, last = bookable_days(rules.booking_window, now.astimezone(zone).date())
    earliest = now.astimezone(UTC) + max(rules.minimum_notice, datetime.resolution)
    window = span_of_days(first, last, zone)
    return Interval(max(window.start, earliest), window.end)


def busy_range(rules: SlotRules, zone: ZoneInfo, *, start: datetime, end: datetime) -> Interval:
    """Return the time in which a meeting can matter for slots that start from the start up to the end.

    Load the host's meetings that overlap it.
    """
    starts = Interval(start.astimezone(UTC), end.astimezone(UTC))
    counted = counted_span(rules, zone, starts)
    return Interval(
        min(starts.start - MAX_BUFFER, counted.start), max(starts.end + rules.duration + MAX_BUFFER, counted.end)
    )


def slots_by_date(slots: Iterable[Slot], zone: ZoneInfo) -> dict[date, list[Slot]]:
    """Sort the slots by the date on which they start in the zone, the invitee's say; days without any are left out."""
    by_date: defaultdict[date, list[Slot]] = defaultdict(list)
    for slot in slots:
        by_date[slot.starts_at.astimezone(zone).date()].append(slot)
    return dict(by_date)


def _slots(hours: OpeningHours, rules: SlotRules, busy: Sequence[Busy], starts: Interval) -> Iterator[Slot]:
    """Yield the slots that start within the interval, whose notice and booking window have been looked at, in order."""
    if starts.is_empty or limits_admit_nothing(rules):
        return
    opened = _openings_around(hours, starts, rules)
    refused = merge(
        chain(_past_closing(opened, rules), _near_meetings(busy, rules), full_periods(rules, hours.zone, busy))
    )
    for opening in opened:
        for free in subtract(opening.intersection(starts), refused):
            yield from _on_grid(opening.start, free, rules)


def _openings_around(hours: OpeningHours, starts: Interval, rules: SlotRules) -> list[Interval]:
    """Return the openings in which the starts lie, and those in which the last of the meetings may still go on."""
    first = starts.start.astimezone(hours.zone).date()
    last = (starts.end + rules.duration).astimezone(hours.zone).date()
    return openings(hours, first, last + ONE_DAY)


def _past_closing(opened: Iterable[Interval], rules: SlotRules) -> Iterator[Interval]:
    """Yield the starts so late that the meeting would run out of open time.

    Merging makes one of openings that touch at midnight: there, a meeting may run on.
    """
    for open_time in merge(opened):
        yield Interval(open_time.end - rules.duration + datetime.resolution, open_time.end)


def _near_meetings(busy: Iterable[Busy], rules: SlotRules) -> Iterator[Interval]:
    """Yield the starts that would leave too little time between the new meeting and another one."""
    for meeting in busy:
        gap_before = max(rules.buffer_after, meeting.buffer_before)
        gap_after = max(meeting.buffer_after, rules.buffer_before)
        too_late = meeting.starts_at.astimezone(UTC) - gap_before - rules.duration + datetime.resolution
        yield Interval(too_late, meeting.ends_at.astimezone(UTC) + gap_after)


def _on_grid(opening: datetime, free: Interval, rules: SlotRules) -> Iterator[Slot]:
    """Yield a slot at every grid point of the opening that lies within the free time."""
    duration, step = rules.duration, rules.step
    steps_before = -((opening - free.start) // step)
    starts_at = opening + steps_before * step
    while starts_at < free.end:
        yield Slot(starts_at, starts_at + duration)
        starts_at += step
