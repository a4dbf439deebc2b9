"""Why nothing of an event type is bookable at all, for the warning that its host gets."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from enum import Enum, auto

from eventtypes.booking_window import Unlimited, bookable_days
from eventtypes.opening_hours import OpeningHours, openings
from eventtypes.slot_engine import bookable_starts, find_first_slot
from eventtypes.slot_limits import limits_admit_nothing
from eventtypes.slot_rules import Busy, SlotRules


class NothingBookable(Enum):
    """The first thing that a host has to change before anything can be booked."""

    NO_HOURS = auto()
    """The schedule has no open time in the next 24 months."""

    HOURS_TOO_SHORT = auto()
    """No open time is as long as the duration."""

    LIMITS_TOO_LOW = auto()
    """The limits are reached before the first meeting: a day's total minutes are fewer than the duration, say."""

    WINDOW_OVER = auto()
    """The last date of the booking window has passed."""

    WINDOW_TOO_FAR = auto()
    """The first date of the booking window is more than 24 months ahead."""

    NOTICE_TOO_LONG = auto()
    """The minimum notice is longer than what is left of the booking window."""

    NO_HOURS_IN_WINDOW = auto()
    """There is open time, but not between the minimum notice and the end of the booking window."""

    BOOKED_OUT = auto()
    """Everything has been booked, or as much as the limits allow."""


def explain_nothing(
    hours: OpeningHours, rules: SlotRules, busy: Sequence[Busy], *, now: datetime
) -> NothingBookable | None:
    """Return why nothing is bookable, or None if something is.

    The meetings must be all that lie in the `busy_range` of `bookable_starts`.
    """
    if find_first_slot(hours, rules, busy, now=now, start=now):
        return None
    return (
        _explain_hours(hours, rules, now)
        or _explain_window(hours, rules, now)
        or (NothingBookable.BOOKED_OUT if _offers_any(hours, rules, now) else NothingBookable.NO_HOURS_IN_WINDOW)
    )


def _explain_hours(hours: OpeningHours, rules: SlotRules, now: datetime) -> NothingBookable | None:
    """Return what is wrong whatever the day."""
    today = now.astimezone(hours.zone).date()
    if not openings(hours, *bookable_days(Unlimited(), today)):
        return NothingBookable.NO_HOURS
    if limits_admit_nothing(rules):
        return NothingBookable.LIMITS_TOO_LOW
    if not _offers_any(hours, replace(rules, minimum_notice=timedelta(0), booking_window=Unlimited()), now):
        return NothingBookable.HOURS_TOO_SHORT
    return None


def _explain_window(hours: OpeningHours, rules: SlotRules, now: datetime) -> NothingBookable | None:
    """Return why no start at all lies within the booking window, open or not."""
    today = now.astimezone(hours.zone).date()
    first, last = bookable_days(rules.booking_window, today)
    if last < today:
        return NothingBookable.WINDOW_OVER
    if last < first:
        return NothingBookable.WINDOW_TOO_FAR
    if bookable_starts(rules, hours.zone, now=now).is_empty:
        return NothingBookable.NOTICE_TOO_LONG
    return None


def _offers_any(hours: OpeningHours, rules: SlotRules, now: datetime) -> bool:
    """Whether there would be a slot if no meeting had been booked."""
    return find_first_slot(hours, rules, [], now=now, start=now) is not None
