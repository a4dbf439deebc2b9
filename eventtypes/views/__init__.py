"""The dashboard's pages about event types, schedules and the account, and the start page."""
