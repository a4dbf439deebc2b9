"""Secret links to an event type."""

from privatelinks.models.link_event import LinkEvent, LinkEventKind
from privatelinks.models.private_link import LinkOrder, LinkState, PrivateLink, PrivateLinkQuerySet

__all__ = ["LinkEvent", "LinkEventKind", "LinkOrder", "LinkState", "PrivateLink", "PrivateLinkQuerySet"]
