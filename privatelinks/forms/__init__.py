"""What a host types about private links."""
