"""Secret links to an event type."""

from privatelinks.models.private_link import LinkState, PrivateLink

__all__ = ["LinkState", "PrivateLink"]
