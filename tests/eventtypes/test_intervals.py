"""Intervals: merging them and taking some of them away."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from eventtypes.intervals import Interval, merge, subtract
from tests.scale import scaled

NINE = datetime(2026, 12, 3, 9, tzinfo=UTC)

# Minutes after nine.
type Minutes = tuple[int, int]

spans = st.tuples(st.integers(0, 30), st.integers(0, 30))


def interval(start: int, end: int) -> Interval:
    return Interval(NINE + timedelta(minutes=start), NINE + timedelta(minutes=end))


def minutes_in(*intervals: Interval) -> list[int]:
    return [minute for minute in range(31) if any(NINE + timedelta(minutes=minute) in each for each in intervals)]


def test_interval_holds_its_start_but_not_its_end() -> None:
    ten_minutes = interval(0, 10)

    inside = [NINE in ten_minutes, NINE + timedelta(minutes=10) in ten_minutes]

    assert inside == [True, False]


def test_interval_is_empty_unless_its_start_comes_first() -> None:
    empty = [interval(0, 1).is_empty, interval(1, 1).is_empty, interval(2, 1).is_empty]

    assert empty == [False, True, True]


def test_intersection_is_what_both_have_in_common() -> None:
    common = interval(0, 10).intersection(interval(5, 15))

    assert common == interval(5, 10)


def test_intersection_of_intervals_apart_is_empty() -> None:
    common = interval(0, 10).intersection(interval(20, 30))

    assert common.is_empty


def test_merge_joins_overlapping_and_touching_intervals() -> None:
    merged = merge([interval(20, 25), interval(0, 10), interval(5, 12), interval(12, 15), interval(1, 2)])

    assert merged == [interval(0, 15), interval(20, 25)]


def test_merge_leaves_out_empty_intervals() -> None:
    merged = merge([interval(5, 5), interval(9, 7), interval(20, 25)])

    assert merged == [interval(20, 25)]


def test_subtract_leaves_the_parts_between_the_holes() -> None:
    parts = list(subtract(interval(5, 30), [interval(0, 2), interval(4, 7), interval(10, 12), interval(28, 40)]))

    assert parts == [interval(7, 10), interval(12, 28)]


def test_subtract_without_holes_leaves_the_interval() -> None:
    parts = list(subtract(interval(5, 30), []))

    assert parts == [interval(5, 30)]


def test_subtract_from_an_empty_interval_leaves_nothing() -> None:
    parts = list(subtract(interval(5, 5), [interval(10, 12)]))

    assert parts == []


@settings(max_examples=scaled(4_000), deadline=None)
@given(st.lists(spans))
def test_merge_holds_the_same_time_in_order_and_apart(random_spans: list[Minutes]) -> None:
    intervals = [interval(*span) for span in random_spans]

    merged = merge(intervals)

    assert minutes_in(*merged) == minutes_in(*intervals)
    assert all(earlier.end < later.start for earlier, later in pairwise(merged))


@settings(max_examples=scaled(4_000), deadline=None)
@given(spans, st.lists(spans))
def test_subtract_holds_the_time_that_no_hole_has(span: Minutes, holes: list[Minutes]) -> None:
    merged_holes = merge(interval(*hole) for hole in holes)

    parts = list(subtract(interval(*span), merged_holes))

    assert minutes_in(*parts) == [
        minute for minute in minutes_in(interval(*span)) if minute not in minutes_in(*merged_holes)
    ]
    assert not any(part.is_empty for part in parts)
