"""Meetings that invitees have booked."""

from bookings.models.booking import Booking, BookingQuerySet, BookingStatus, Party

__all__ = ["Booking", "BookingQuerySet", "BookingStatus", "Party"]
