"""An event type's rules and its schedule's hours as the values that the slot engine takes."""

from collections import defaultdict
from datetime import date, timedelta
from typing import cast

from eventtypes.booking_window import BookingWindow, BusinessDays, CalendarDays, DateRange, Unlimited
from eventtypes.models import BookingWindowKind, EventType, Schedule
from eventtypes.opening_hours import DateHours, OpeningHours, WallWindow, WeeklyWindow
from eventtypes.slot_rules import SlotRules


def opening_hours(schedule: Schedule) -> OpeningHours:
    """Return the schedule's weekly windows and date overrides (two queries, of plain rows: every picker asks this)."""
    weekly = schedule.rules.values_list("weekday", "start_time", "end_time")
    return OpeningHours(schedule.time_zone, tuple(WeeklyWindow(*row) for row in weekly), _date_hours(schedule))


def _date_hours(schedule: Schedule) -> tuple[DateHours, ...]:
    """Gather the rows of each date; a row without times adds none, so that alone it is a day off."""
    windows: defaultdict[date, list[WallWindow]] = defaultdict(list)
    for day, start, end in schedule.overrides.values_list("date", "start_time", "end_time"):
        of_date = windows[day]
        if start is not None and end is not None:
            of_date.append((start, end))
    return tuple(DateHours(day, tuple(of_date)) for day, of_date in windows.items())


def slot_rules(event_type: EventType) -> SlotRules:
    """Return what the event type asks of its slots."""
    return SlotRules(
        duration=timedelta(minutes=event_type.duration_minutes),
        interval=_minutes(event_type.slot_interval_minutes),
        buffer_before=timedelta(minutes=event_type.buffer_before_minutes),
        buffer_after=timedelta(minutes=event_type.buffer_after_minutes),
        minimum_notice=timedelta(minutes=event_type.minimum_notice_minutes),
        booking_window=booking_window(event_type),
        max_per_day=event_type.max_bookings_per_day,
        max_per_week=event_type.max_bookings_per_week,
        max_per_month=event_type.max_bookings_per_month,
        max_minutes_per_day=event_type.max_minutes_per_day,
    )


def booking_window(event_type: EventType) -> BookingWindow:
    """Return how far ahead the event type can be booked."""
    match event_type.booking_window_kind:
        case BookingWindowKind.DAYS:
            return CalendarDays(event_type.booking_window_days)
        case BookingWindowKind.BUSINESS_DAYS:
            return BusinessDays(event_type.booking_window_days)
        case BookingWindowKind.DATES:
            return DateRange(*_window_dates(event_type))
        case _:
            return Unlimited()


def _window_dates(event_type: EventType) -> tuple[date, date]:
    """Return the first and the last date; the database refuses a window from date to date without them."""
    return cast(date, event_type.booking_window_starts_on), cast(date, event_type.booking_window_ends_on)


def _minutes(number: int | None) -> timedelta | None:
    return None if number is None else timedelta(minutes=number)
