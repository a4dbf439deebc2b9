"""Uses over time: every day is in one period, and the curve ends at all uses."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from privatelinks.uses_over_time import Period, Step, curve, uses_over_time
from tests.scale import scaled

FIRST = date(2026, 1, 30)


def test_short_time_is_told_day_by_day() -> None:
    over_time = uses_over_time({date(2026, 1, 31): 2, date(2026, 2, 1): 1}, FIRST, date(2026, 2, 2))

    days = [date(2026, 1, 30), date(2026, 1, 31), date(2026, 2, 1), date(2026, 2, 2)]
    assert over_time.step == Step.DAY
    assert over_time.periods == tuple(map(Period, days, days, [0, 2, 1, 0], [0, 2, 3, 3]))
    assert (over_time.total, over_time.totals) == (3, [0, 2, 3, 3])


def test_weeks_begin_as_the_first_day_does() -> None:
    over_time = uses_over_time({date(2026, 2, 5): 1, date(2026, 2, 6): 2}, FIRST, date(2026, 3, 10))

    assert over_time.step == Step.WEEK
    assert over_time.periods[0] == Period(FIRST, date(2026, 2, 5), 1, 1)
    assert over_time.periods[1] == Period(date(2026, 2, 6), date(2026, 2, 12), 2, 3)
    assert over_time.periods[-1] == Period(date(2026, 3, 6), date(2026, 3, 10), 0, 3)


def test_months_are_those_of_the_calendar() -> None:
    over_time = uses_over_time({date(2026, 2, 1): 1, date(2026, 12, 31): 1}, FIRST, date(2027, 1, 2))

    assert over_time.step == Step.MONTH
    assert over_time.periods[0] == Period(FIRST, date(2026, 1, 31), 0, 0)
    assert over_time.periods[1] == Period(date(2026, 2, 1), date(2026, 2, 28), 1, 1)
    assert over_time.periods[-1] == Period(date(2027, 1, 1), date(2027, 1, 2), 0, 2)
    assert len(over_time.periods) == 13


@pytest.mark.parametrize(
    ("days", "step", "number"),
    [
        (1, Step.DAY, 1),
        (31, Step.DAY, 31),
        (32, Step.WEEK, 5),
        (182, Step.WEEK, 26),
        (183, Step.MONTH, 7),
        (3_653, Step.MONTH, 121),
    ],
)
def test_longer_times_are_told_in_longer_steps(days: int, step: Step, number: int) -> None:
    over_time = uses_over_time({FIRST: 1}, FIRST, FIRST + timedelta(days=days - 1))

    assert (over_time.step, len(over_time.periods)) == (step, number)


def test_use_outside_the_time_makes_it_longer() -> None:
    over_time = uses_over_time({date(2026, 1, 29): 1, date(2026, 2, 3): 1}, FIRST, date(2026, 2, 1))

    assert (over_time.periods[0].first_on, over_time.periods[-1].last_on) == (date(2026, 1, 29), date(2026, 2, 3))


@settings(max_examples=scaled(2_000), deadline=None)
@given(
    uses_by_day=st.dictionaries(
        st.integers(-400, 4_000).map(lambda days: FIRST + timedelta(days=days)), st.integers(1, 50), min_size=1
    ),
    days=st.integers(0, 4_000),
)
def test_periods_have_every_day_and_every_use_once(uses_by_day: dict[date, int], days: int) -> None:
    over_time = uses_over_time(uses_by_day, FIRST, FIRST + timedelta(days=days))

    periods = over_time.periods
    assert all(period.first_on <= period.last_on for period in periods)
    assert all(before.last_on + timedelta(days=1) == after.first_on for before, after in pairwise(periods))
    for period in periods:
        within = (number for day, number in uses_by_day.items() if period.first_on <= day <= period.last_on)
        assert period.uses == sum(within)
    assert over_time.total == sum(uses_by_day.values())


def test_curve_rises_from_nothing_to_what_is_reached_of_the_top() -> None:
    drawn = curve([1, 1, 4], top=8)

    assert drawn.line == "M0 100 L333.3 87.5 L666.7 87.5 L1000 50"
    assert drawn.area == "M0 100 L333.3 87.5 L666.7 87.5 L1000 50 V100 Z"
    assert (drawn.view_box, drawn.top_edge) == ("0 0 1000 100", "M0 0 H1000")


def test_curve_of_one_period_that_reaches_the_top_is_a_line_across() -> None:
    assert curve([3], top=3).line == "M0 100 L1000 0"
