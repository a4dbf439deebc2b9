"""Intervals: stretches of time, and how to merge them and take some of them away."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter


@dataclass(frozen=True, slots=True)
class Interval:
    """The time from a start up to, but not including, an end, both in UTC; empty unless the start comes first."""

    start: datetime
    end: datetime

    def __contains__(self, instant: datetime) -> bool:
        return self.start <= instant < self.end

    @property
    def is_empty(self) -> bool:
        return self.start >= self.end

    def intersection(self, other: "Interval") -> "Interval":
        """Return what both have in common, which may be empty."""
        return Interval(max(self.start, other.start), min(self.end, other.end))


def merge(intervals: Iterable[Interval]) -> list[Interval]:
    """Return the same time in order, overlapping and touching intervals made one, empty ones left out."""
    merged: list[Interval] = []
    for interval in sorted(intervals, key=attrgetter("start")):
        if interval.is_empty:
            continue
        if merged and interval.start <= merged[-1].end:
            if interval.end > merged[-1].end:
                merged[-1] = Interval(merged[-1].start, interval.end)
        else:
            merged.append(interval)
    return merged


def subtract(interval: Interval, holes: Sequence[Interval]) -> Iterator[Interval]:
    """Yield in order what the holes leave of the interval; the holes must be in order and apart, as from `merge`."""
    start = interval.start
    for index in range(bisect_right(holes, start, key=attrgetter("end")), len(holes)):
        hole = holes[index]
        if hole.start >= interval.end:
            break
        if start < hole.start:
            yield Interval(start, hole.start)
        start = hole.end
    if start < interval.end:
        yield Interval(start, interval.end)
