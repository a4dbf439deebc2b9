"""Durations in words: "1 hour 30 minutes", "1 h 30 min", or several to choose from, "15, 30 or 60 minutes"."""

from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

MINUTES_PER_HOUR = 60


def duration_in_words(minutes: int) -> str:
    """Return "45 minutes", "2 hours" or "1 hour 30 minutes"."""
    hours, rest = divmod(minutes, MINUTES_PER_HOUR)
    if not hours:
        return _minutes(rest)
    if not rest:
        return _hours(hours)
    return _("%(hours)s %(minutes)s") % {"hours": _hours(hours), "minutes": _minutes(rest)}


def duration_in_short(minutes: int) -> str:
    """Return "45 min", "2 h" or "1 h 30 min", for a button."""
    hours, rest = divmod(minutes, MINUTES_PER_HOUR)
    if not hours:
        return _("%(minutes)d min") % {"minutes": rest}
    if not rest:
        return _("%(hours)d h") % {"hours": hours}
    return _("%(hours)d h %(minutes)d min") % {"hours": hours, "minutes": rest}


def durations_in_words(durations: Sequence[int]) -> str:
    """Return the durations, in minutes and in any order, from the shortest on: in hours if they all are whole ones."""
    *shorter, longest = sorted(durations)
    if not shorter:
        return duration_in_words(longest)
    in_hours = all(minutes % MINUTES_PER_HOUR == 0 for minutes in durations)
    unit = MINUTES_PER_HOUR if in_hours else 1
    return _("%(shorter)s or %(longest)s") % {
        "shorter": ", ".join(str(minutes // unit) for minutes in shorter),
        "longest": _hours(longest // unit) if in_hours else _minutes(longest),
    }


def _hours(number: int) -> str:
    return ngettext("%(number)d hour", "%(number)d hours", number) % {"number": number}


def _minutes(number: int) -> str:
    return ngettext("%(number)d minute", "%(number)d minutes", number) % {"number": number}
