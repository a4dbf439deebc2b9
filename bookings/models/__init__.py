"""Meetings that invitees have booked."""

from bookings.models.booking import Booking, BookingStatus, Party

__all__ = ["Booking", "BookingStatus", "Party"]
