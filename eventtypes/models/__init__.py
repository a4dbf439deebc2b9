"""What a host offers, and when."""

from eventtypes.models.event_type import BookingWindowKind, EventType, Visibility
from eventtypes.models.host import Host
from eventtypes.models.question import Question, QuestionKind
from eventtypes.models.request_count import RequestCount
from eventtypes.models.schedule import AvailabilityRule, DateOverride, Schedule, Weekday

__all__ = [
    "AvailabilityRule",
    "BookingWindowKind",
    "DateOverride",
    "EventType",
    "Host",
    "Question",
    "QuestionKind",
    "RequestCount",
    "Schedule",
    "Visibility",
    "Weekday",
]
