"""Booking windows: how far ahead an event type can be booked, as values, and the days that they leave today."""

from dataclasses import dataclass
from datetime import date, timedelta

from dateutil.relativedelta import relativedelta

# Nothing is computed, and so nothing is bookable, further ahead than this.
HORIZON = relativedelta(months=24)

BUSINESS_DAYS_PER_WEEK = 5
FRIDAY = 4


@dataclass(frozen=True, slots=True)
class CalendarDays:
    """So many days ahead, through the end of that day; 0 is today only."""

    days: int


@dataclass(frozen=True, slots=True)
class BusinessDays:
    """So many days from Monday to Friday ahead, through the end of that day; 0 is today only."""

    days: int


@dataclass(frozen=True, slots=True)
class DateRange:
    """From the first date through the end of the last."""

    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Unlimited:
    """As far ahead as anything is computed."""


type WholeWindow = CalendarDays | BusinessDays | DateRange | Unlimited


@dataclass(frozen=True, slots=True)
class Within:
    """Those days of a booking window that lie from the first date through the last; None leaves its end as it is."""

    window: "BookingWindow"
    first: date | None = None
    last: date | None = None


type BookingWindow = WholeWindow | Within


def bookable_days(window: BookingWindow, today: date) -> tuple[date, date]:
    """Return the first and the last day of the booking window, today being the day in the schedule's zone.

    The first is after the last if nothing is left of the window, or if it begins beyond the horizon.
    """
    if isinstance(window, Within):
        first, last = bookable_days(window.window, today)
        return max(first, window.first or first), min(last, window.last or last)
    horizon = today + HORIZON
    first = max(today, window.first) if isinstance(window, DateRange) else today
    return first, min(_last_day(window, today, horizon), horizon)


def _last_day(window: WholeWindow, today: date, horizon: date) -> date:
    days_to_horizon = (horizon - today).days
    match window:
        case CalendarDays(days):
            return today + timedelta(days=min(days, days_to_horizon))
        case BusinessDays(days):
            return _add_business_days(today, min(days, days_to_horizon))
        case DateRange(last=last):
            return last
        case Unlimited():
            return horizon


def _add_business_days(today: date, days: int) -> date:
    """Return the day that is so many days from Monday to Friday after today."""
    if days == 0:
        return today
    # A weekend counts from the Friday before it: one business day later is Monday, too.
    weekday = min(today.weekday(), FRIDAY)
    weeks, rest = divmod(weekday + days, BUSINESS_DAYS_PER_WEEK)
    return today - timedelta(days=today.weekday()) + timedelta(weeks=weeks, days=rest)
