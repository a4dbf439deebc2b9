"""What happens to bookings: verbs, each one transaction."""
