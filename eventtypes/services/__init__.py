"""What a host does with event types and schedules: verbs, each one transaction."""
