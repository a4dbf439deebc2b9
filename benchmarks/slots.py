"""How fast the slot engine is: a month of one host, against the slow reference, and as meetings and months grow.

Run it with `python -m benchmarks.slots` (or all benchmarks with `make bench`).
"""

import random
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from zoneinfo import ZoneInfo

from dateutil.relativedelta import relativedelta

from benchmarks.timing import Timing, measure
from eventtypes.local_time import span_of_days
from eventtypes.opening_hours import OpeningHours, WeeklyWindow
from eventtypes.slot_engine import find_slots
from eventtypes.slot_rules import Busy, Slot, SlotRules
from tests.eventtypes.slot_reference import reference_slots

RUNS = 200
REFERENCE_RUNS = 5

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2027, 3, 20, 12, tzinfo=UTC)
# April 2027 has 22 working days.
FIRST_DAY = date(2027, 4, 1)
HALF_AN_HOUR = timedelta(minutes=30)
WINDOWS = ((time(9), time(12)), (time(13), time(17)))
HOURS = OpeningHours(BERLIN, tuple(WeeklyWindow(weekday, *window) for weekday in range(5) for window in WINDOWS))

type SlotFunction = Callable[..., list[Slot]]


def ask(
    slots: SlotFunction, *, interval: int = 30, meetings: int = 0, first_day: date = FIRST_DAY, months: int = 1
) -> Callable[[], list[Slot]]:
    """Return the question for the slots of some months with so many meetings in them."""
    last_day = first_day + relativedelta(months=months, days=-1)
    span = span_of_days(first_day, last_day, BERLIN)
    rules = SlotRules(duration=HALF_AN_HOUR, interval=timedelta(minutes=interval))
    busy = busy_times(meetings, span.start, span.end)
    return partial(slots, HOURS, rules, busy, now=NOW, start=span.start, end=span.end)


def busy_times(number: int, start: datetime, end: datetime) -> list[Busy]:
    """Return half hours at random on working days between nine and five in Berlin, the same ones each time."""
    choose = random.Random(number)
    days = [start.date() + timedelta(days=offset + 1) for offset in range((end - start).days)]
    workdays = [day for day in days if day.weekday() < 5]
    return [
        Busy(starts_at, starts_at + HALF_AN_HOUR, buffer_after=timedelta(minutes=5))
        for starts_at in (_half_hour(choose.choice(workdays), choose.randrange(16)) for _ in range(number))
    ]


def _half_hour(day: date, number: int) -> datetime:
    return datetime.combine(day, time(9), BERLIN).astimezone(UTC) + number * HALF_AN_HOUR


def compare() -> None:
    """Print the time for a month on several grids, and how many times longer the reference takes."""
    print(f"{'grid':>8} {'busy':>6} {'slots':>6}   {'median':>9}     (10 % to 90 %)      reference    ratio")
    for interval, meetings in ((30, 0), (30, 60), (15, 60), (5, 60)):
        question = ask(find_slots, interval=interval, meetings=meetings)
        reference = ask(reference_slots, interval=interval, meetings=meetings)
        found = question()
        assert found == reference()
        timing = measure(question, runs=RUNS)
        slow = measure(reference, runs=REFERENCE_RUNS)
        print(
            f"{interval:>4} min {meetings:>6} {len(found):>6}   {timing!s:<34}"
            f" {slow.median * 1000:>7.1f} ms  1:{slow.median / timing.median:.0f}"
        )


def grow(title: str, timings: dict[int, Timing]) -> None:
    """Print how the time grows with the number."""
    first_number, first = next(iter(timings.items()))
    print(f"\n{title:>8}   {'median':>9}     (10 % to 90 %)      times the first number    times the first median")
    for number, timing in timings.items():
        print(f"{number:>8,}   {timing!s:<34} {number / first_number:>12,.1f} {timing.median / first.median:>25.1f}")


def grow_with_meetings() -> None:
    """Print the time for a month that has more and more meetings."""
    grow("busy", {number: measure(ask(find_slots, meetings=number), runs=RUNS) for number in (1, 10, 100, 1000)})


def grow_with_days() -> None:
    """Print the time for one, three and twelve months; these twelve have 12.2 times the days of the first one.

    What seems to be more than linear here is a matter of a few percent and of the processor's caches: asking for the
    same twelve months one by one takes as long as asking for the year, which is printed too.
    """
    questions = [ask(find_slots, meetings=60 * months, months=months) for months in (1, 3, 12)]
    grow("days", {days: measure(question, runs=RUNS) for days, question in zip((30, 91, 365), questions, strict=True)})
    one_by_one = [ask(find_slots, meetings=60, first_day=FIRST_DAY + relativedelta(months=n)) for n in range(12)]
    print(f"{'12 × 30':>8}   {measure(lambda: [question() for question in one_by_one], runs=RUNS)}")


def main() -> None:
    """Print all tables."""
    print("One month of one host: 22 working days in two windows, meetings of 30 minutes\n")
    compare()
    grow_with_meetings()
    grow_with_days()


if __name__ == "__main__":
    main()
