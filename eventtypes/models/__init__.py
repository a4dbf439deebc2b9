"""What a host offers, and when."""

from eventtypes.models.event_type import BookingWindowKind, EventType, Visibility
from eventtypes.models.host import Host
from eventtypes.models.request_count import RequestCount
from eventtypes.models.schedule import AvailabilityRule, DateOverride, Schedule, Weekday

__all__ = [
    "AvailabilityRule",
    "BookingWindowKind",
    "DateOverride",
    "EventType",
    "Host",
    "RequestCount",
    "Schedule",
    "Visibility",
    "Weekday",
]
