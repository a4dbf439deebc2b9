"""Meetings that invitees have booked."""

from bookings.models.booking import Booking, BookingQuerySet, BookingStatus, Party
from bookings.models.move import Move

__all__ = ["Booking", "BookingQuerySet", "BookingStatus", "Move", "Party"]
