"""The picture of a link's uses over time, and the same in numbers."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from privatelinks.models import PrivateLink
from privatelinks.presentation import grouped
from privatelinks.uses_over_time import Curve, Period, Step, UsesOverTime, curve, uses_over_time


@dataclass(frozen=True, slots=True)
class NumbersOfPeriod:
    """A day, week or month in which the link was used, in words."""

    period: str
    uses: str
    total: str


@dataclass(frozen=True, slots=True)
class LinkPicture:
    """What to draw, what to write around it, and the numbers for those who read them.

    `top` is what the upper edge stands for: the limit of uses if there is one, else all uses. `limit` is blank without.
    """

    title: str
    curve: Curve
    top: str
    limit: str
    first_day: str
    last_day: str
    step: str
    numbers: tuple[NumbersOfPeriod, ...]


def link_picture(link: PrivateLink, uses_by_day: Mapping[date, int], now: datetime) -> LinkPicture | None:
    """Return the picture of a link whose event type and schedule are loaded, or None if there is nothing to see yet.

    It shows the uses that are held, by the days on which they were booked: a use that was given back is in none of
    them, so that the curve never falls, ends at what the page calls used, and is never above the limit.
    """
    if not uses_by_day:
        return None
    zone = link.event_type.schedule.time_zone
    over_time = uses_over_time(uses_by_day, link.created_at.astimezone(zone).date(), now.astimezone(zone).date())
    top = max(over_time.total, link.max_uses or 0)
    return LinkPicture(
        title=_title(over_time),
        curve=curve(over_time.totals, top),
        top=grouped(top),
        limit="" if link.max_uses is None else grouped(link.max_uses),
        first_day=_day(over_time.periods[0].first_on),
        last_day=_last_day(over_time),
        step=_step(over_time.step),
        numbers=tuple(_numbers(period, over_time.step) for period in over_time.periods if period.uses),
    )


def _title(over_time: UsesOverTime) -> str:
    first, last = over_time.periods[0].first_on, over_time.periods[-1].last_on
    if first == last:
        words = ngettext("One use on %(first)s", "%(total)s uses on %(first)s", over_time.total)
    else:
        words = ngettext(
            "One use from %(first)s to %(last)s", "%(total)s uses from %(first)s to %(last)s", over_time.total
        )
    return words % {"total": grouped(over_time.total), "first": _day(first), "last": _day(last)}


def _last_day(over_time: UsesOverTime) -> str:
    """Return the day at the end of the axis; of a single day, the beginning has it."""
    first, last = over_time.periods[0].first_on, over_time.periods[-1].last_on
    return "" if first == last else _day(last)


def _step(step: Step) -> str:
    return {Step.DAY: _("Day"), Step.WEEK: _("Week"), Step.MONTH: _("Month")}[step]


def _numbers(period: Period, step: Step) -> NumbersOfPeriod:
    return NumbersOfPeriod(_period(period, step), grouped(period.uses), grouped(period.total))


def _period(period: Period, step: Step) -> str:
    if step == Step.MONTH:
        return date_format(period.first_on, "F Y")
    return _day(period.first_on) if step == Step.DAY else f"{_day(period.first_on)} – {_day(period.last_on)}"


def _day(day: date) -> str:
    return date_format(day, "DATE_FORMAT")
