"""Meetings that invitees have booked."""

from bookings.models.booking import Booking, BookingQuerySet, BookingStatus, Party
from bookings.models.booking_event import BookingEvent, BookingEventKind
from bookings.models.calendar_feed import CalendarFeed
from bookings.models.mail_failure import MailFailure, MailName, Recipient, has_undelivered_mail
from bookings.models.move import Move
from bookings.models.reminder import Reminder

__all__ = [
    "Booking",
    "BookingEvent",
    "BookingEventKind",
    "BookingQuerySet",
    "BookingStatus",
    "CalendarFeed",
    "MailFailure",
    "MailName",
    "Move",
    "Party",
    "Recipient",
    "Reminder",
    "has_undelivered_mail",
]
