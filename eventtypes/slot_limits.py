"""Limits: the days, weeks and months in which an event type has been booked as often as its host wants."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from eventtypes.intervals import Interval
from eventtypes.local_time import span_of_days
from eventtypes.months import Month
from eventtypes.slot_rules import Busy, SlotRules

# The first and the last day of a day's day, week or month.
type Period = tuple[date, date]


def full_periods(rules: SlotRules, zone: ZoneInfo, busy: Iterable[Busy]) -> Iterator[Interval]:
    """Yield the periods, in no order, in which the meetings leave no room for another one.

    A meeting counts whole for the period in which it starts, in the schedule's zone.
    """
    counted = [(_local_date(meeting.starts_at, zone), meeting) for meeting in busy if meeting.counts]
    for limit, period_of in _limits_in_force(rules):
        meetings = Counter(period_of(day) for day, _ in counted)
        yield from (span_of_days(*period, zone) for period, count in meetings.items() if count >= limit)
    if rules.max_minutes_per_day is not None:
        yield from _days_without_minutes(rules, zone, counted, timedelta(minutes=rules.max_minutes_per_day))


def limits_admit_nothing(rules: SlotRules) -> bool:
    """Whether the limits are reached before the first meeting."""
    minutes = rules.max_minutes_per_day
    return any(limit < 1 for limit, _ in _limits_in_force(rules)) or (
        minutes is not None and rules.duration > timedelta(minutes=minutes)
    )


def counted_span(rules: SlotRules, zone: ZoneInfo, span: Interval) -> Interval:
    """Return the whole periods that the limits look at for starts within the span, which must not be empty."""
    first = _local_date(span.start, zone)
    last = _local_date(span.end - datetime.resolution, zone)
    periods = [period_of for _, period_of in _limits_in_force(rules)]
    if rules.max_minutes_per_day is not None:
        periods.append(_day)
    if not periods:
        return span
    return span_of_days(
        min(period_of(first)[0] for period_of in periods), max(period_of(last)[1] for period_of in periods), zone
    )


def _days_without_minutes(
    rules: SlotRules, zone: ZoneInfo, counted: Iterable[tuple[date, Busy]], allowed: timedelta
) -> Iterator[Interval]:
    booked: defaultdict[date, timedelta] = defaultdict(timedelta)
    for day, meeting in counted:
        booked[day] += meeting.ends_at - meeting.starts_at
    yield from (span_of_days(day, day, zone) for day, total in booked.items() if total + rules.duration > allowed)


def _limits_in_force(rules: SlotRules) -> Iterator[tuple[int, Callable[[date], Period]]]:
    limits = ((rules.max_per_day, _day), (rules.max_per_week, _week), (rules.max_per_month, _month))
    yield from ((limit, period_of) for limit, period_of in limits if limit is not None)


def _day(day: date) -> Period:
    return day, day


def _week(day: date) -> Period:
    monday = day - timedelta(days=day.weekday())
    return monday, monday + timedelta(days=6)


def _month(day: date) -> Period:
    month = Month.containing(day)
    return month.first_day, month.last_day


def _local_date(instant: datetime, zone: ZoneInfo) -> date:
    return instant.astimezone(zone).date()
