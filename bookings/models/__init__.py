"""Meetings that invitees have booked."""

from bookings.models.booking import Booking, BookingQuerySet, BookingStatus, Party
from bookings.models.calendar_feed import CalendarFeed

__all__ = ["Booking", "BookingQuerySet", "BookingStatus", "CalendarFeed", "Party"]
