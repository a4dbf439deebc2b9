"""What is done with private links: verbs, each one transaction or part of the booking's."""
