"""Why nothing of an event type can be booked, in words, and where its host changes that."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from eventtypes.availability import opening_hours, slot_rules
from eventtypes.durations import durations_in_words
from eventtypes.models import EventType
from eventtypes.nothing_bookable import NothingBookable, explain_nothing

# Reasons that lie in the limits, and the field to change.
OF_LIMITS = {
    NothingBookable.LIMITS_TOO_LOW: (
        gettext_lazy("The total time per day is shorter than the meeting."),
        "id_max_minutes_per_day_0",
    ),
    NothingBookable.WINDOW_OVER: (
        gettext_lazy("The last date of the booking window has passed."),
        "id_booking_window_ends_on",
    ),
    NothingBookable.WINDOW_TOO_FAR: (
        gettext_lazy("The booking window begins more than 24 months from now."),
        "id_booking_window_starts_on",
    ),
    NothingBookable.NOTICE_TOO_LONG: (
        gettext_lazy("The minimum notice is longer than what is left of the booking window."),
        "id_minimum_notice_minutes_0",
    ),
    NothingBookable.BOOKED_OUT: (
        gettext_lazy("Everything up to the end of the booking window is booked, or as much as the limits allow."),
        "id_booking_window_kind",
    ),
}


@dataclass(frozen=True, slots=True)
class Obstacle:
    """What stands in the way, and the page on which it is removed."""

    reason: str
    remedy: str
    url: str


def find_obstacle(event_type: EventType, now: datetime) -> Obstacle | None:
    """Return why nothing can be booked, whatever has been booked already, or None if something can (two queries).

    An event type with several durations has an obstacle if none of them can be booked: that of the default.
    """
    hours, rules = opening_hours(event_type.schedule), slot_rules(event_type)
    reasons = []
    for minutes in event_type.durations:
        reason = explain_nothing(hours, replace(rules, duration=timedelta(minutes=minutes)), [], now=now)
        if reason is None:
            return None
        reasons.append(reason)
    return describe(reasons[0], event_type, event_type.durations)


def describe(reason: NothingBookable, event_type: EventType, durations: Sequence[int]) -> Obstacle:
    """Put into words why an event type cannot be booked for any of the durations, which are in minutes."""
    if reason in OF_LIMITS:
        text, field = OF_LIMITS[reason]
        limits = reverse("event_type_limits", args=[event_type.pk])
        return Obstacle(str(text), _("Change the limit"), f"{limits}#{field}")
    schedule = reverse("schedule", args=[event_type.schedule_id])
    return Obstacle(_about_hours(reason, durations), _("Edit schedule"), schedule)


def _about_hours(reason: NothingBookable, durations: Sequence[int]) -> str:
    if reason == NothingBookable.NO_HOURS:
        return _("The schedule has no hours in the next 24 months.")
    if reason == NothingBookable.HOURS_TOO_SHORT:
        words = durations_in_words(durations)
        return _("No hours of the schedule are long enough for %(durations)s.") % {"durations": words}
    return _("The schedule has no hours between the minimum notice and the end of the booking window.")
