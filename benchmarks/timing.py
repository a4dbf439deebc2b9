"""How long a computation takes: the median of many runs, and how far the others lie around it.

What is counted is the thread's own time on the processor, so that whatever else the machine does matters little.
"""

from collections.abc import Callable
from dataclasses import dataclass
from statistics import median, quantiles
from time import thread_time


@dataclass(frozen=True, slots=True)
class Timing:
    """Seconds: the median, and the range that holds all but the fastest and the slowest tenth."""

    median: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.median * 1000:9.3f} ms  ({self.low * 1000:.3f} to {self.high * 1000:.3f})"


def measure(call: Callable[[], object], *, runs: int) -> Timing:
    """Time so many runs after a first one that warms up."""
    call()
    seconds = sorted(_seconds(call) for _ in range(runs))
    deciles = quantiles(seconds, n=10)
    return Timing(median(seconds), deciles[0], deciles[-1])


def _seconds(call: Callable[[], object]) -> float:
    begun = thread_time()
    call()
    return thread_time() - begun
