"""What answers requests: the booking pages, the invitee's page of a booking, and the host's lists of bookings."""
