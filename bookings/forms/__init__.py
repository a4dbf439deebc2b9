"""What people send: shape and wording."""
