"""Uses over time: how many in each day, week or month and in all until then, and the curve that shows it."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from itertools import accumulate

from eventtypes.months import Month

MAX_DAYS = 31
MAX_WEEKS = 26
ONE_DAY, ONE_WEEK = timedelta(days=1), timedelta(weeks=1)

# The size that a curve is drawn in; on the page it is as wide as there is room.
WIDTH, HEIGHT = 1000, 100


class Step(StrEnum):
    """How long a period is."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"


@dataclass(frozen=True, slots=True)
class Period:
    """Days in a row, the first and the last included: the uses made in them, and all until then."""

    first_on: date
    last_on: date
    uses: int
    total: int


@dataclass(frozen=True, slots=True)
class UsesOverTime:
    """The periods of a whole time, without a gap; each but the first and the last month is a whole step."""

    step: Step
    periods: tuple[Period, ...]

    @property
    def total(self) -> int:
        """How many uses there are in all."""
        return self.periods[-1].total

    @property
    def totals(self) -> list[int]:
        """How many uses there are until the end of each period."""
        return [period.total for period in self.periods]


@dataclass(frozen=True, slots=True)
class Curve:
    """The paths of an SVG: the line itself, and what lies below it."""

    line: str
    area: str

    @property
    def view_box(self) -> str:
        """What the paths are measured in."""
        return f"0 0 {WIDTH} {HEIGHT}"

    @property
    def top_edge(self) -> str:
        """The path of the line that the curve never crosses."""
        return f"M0 0 H{WIDTH}"


def uses_over_time(uses_by_day: Mapping[date, int], first_on: date, last_on: date) -> UsesOverTime:
    """Return the uses day by day if these are few, else by weeks that begin as the first day does, or by months.

    The time is from the first day through the last; what was used before or after that makes it longer.
    """
    first_on, last_on = min([first_on, *uses_by_day]), max([last_on, *uses_by_day])
    step = _step(first_on, last_on)
    starts = list(_starts(step, first_on, last_on))
    ends = [start - ONE_DAY for start in starts[1:]] + [last_on]
    uses = [0] * len(starts)
    for day, number in uses_by_day.items():
        uses[bisect_right(starts, day) - 1] += number
    return UsesOverTime(step, tuple(map(Period, starts, ends, uses, accumulate(uses))))


def curve(totals: Sequence[int], top: int) -> Curve:
    """Draw totals, which begin from nothing and do not fall, in equal steps; at the top of the picture is `top`."""
    points = [(0.0, float(HEIGHT))]
    points += [(WIDTH * place / len(totals), HEIGHT * (1 - total / top)) for place, total in enumerate(totals, 1)]
    line = _path(points)
    return Curve(line, f"{line} V{HEIGHT} Z")


def _step(first_on: date, last_on: date) -> Step:
    days = (last_on - first_on).days + 1
    if days <= MAX_DAYS:
        return Step.DAY
    return Step.WEEK if days <= MAX_WEEKS * ONE_WEEK.days else Step.MONTH


def _starts(step: Step, first_on: date, last_on: date) -> Iterator[date]:
    """Yield the first day of each period."""
    if step == Step.MONTH:
        yield first_on
        month = Month.containing(first_on).next()
        while month.first_day <= last_on:
            yield month.first_day
            month = month.next()
        return
    length = ONE_DAY if step == Step.DAY else ONE_WEEK
    for place in range((last_on - first_on) // length + 1):
        yield first_on + place * length


def _path(points: Iterable[tuple[float, float]]) -> str:
    return "M" + " L".join(f"{_short(x)} {_short(y)}" for x, y in points)


def _short(number: float) -> str:
    """Return the number to a tenth, without a needless zero."""
    return f"{round(number, 1):g}"
