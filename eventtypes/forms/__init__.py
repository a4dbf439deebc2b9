"""What a host types about event types, schedules and the account."""
