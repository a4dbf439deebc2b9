"""The values that the slot engine takes and gives: an event type's rules, the host's meetings, and slots."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from eventtypes.booking_window import BookingWindow, Unlimited

# No buffer is longer, also none that a meeting was made with long ago: it bounds how far away a meeting matters.
MAX_BUFFER = timedelta(hours=24)


@dataclass(frozen=True, slots=True, kw_only=True)
class SlotRules:
    """What an event type asks of its slots; a limit of None is no limit."""

    duration: timedelta
    # The distance between starts; None means the duration.
    interval: timedelta | None = None
    buffer_before: timedelta = timedelta(0)
    buffer_after: timedelta = timedelta(0)
    minimum_notice: timedelta = timedelta(0)
    booking_window: BookingWindow = field(default_factory=Unlimited)
    max_per_day: int | None = None
    max_per_week: int | None = None
    max_per_month: int | None = None
    max_minutes_per_day: int | None = None

    def __post_init__(self) -> None:
        if self.duration <= timedelta(0) or self.step <= timedelta(0):
            raise ValueError("The duration and the slot interval must be positive.")
        if max(self.buffer_before, self.buffer_after) > MAX_BUFFER:
            raise ValueError("A buffer is too long.")

    @property
    def step(self) -> timedelta:
        """The distance between two starts of one opening."""
        return self.duration if self.interval is None else self.interval


@dataclass(frozen=True, slots=True)
class Busy:
    """A meeting of the host, pending or confirmed, with the buffers that it was made with.

    It counts for the limits if it is one of the same event type.
    """

    starts_at: datetime
    ends_at: datetime
    buffer_before: timedelta = timedelta(0)
    buffer_after: timedelta = timedelta(0)
    counts: bool = False


@dataclass(frozen=True, slots=True, order=True)
class Slot:
    """A time on offer, in UTC."""

    starts_at: datetime
    ends_at: datetime
