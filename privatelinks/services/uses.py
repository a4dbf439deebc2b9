"""Spending the uses of private links and giving them back: only bookings do so, with the link's row locked."""

from datetime import datetime

from django.db.models import F

from privatelinks.models import LinkEventKind, PrivateLink
from privatelinks.services.history import remember


def spend_use(link: PrivateLink, now: datetime) -> None:
    """Count one more booking that came through the link, which was read under its lock; it knows of it, too.

    Raises:
        IntegrityError: The link has no use left; the database refuses it.
    """
    PrivateLink.objects.filter(pk=link.pk).update(usage_count=F("usage_count") + 1)
    link.usage_count += 1
    if link.uses_left == 0:
        remember(link, LinkEventKind.USED_UP, now)


def give_back_use(link_id: int) -> None:
    """Count one booking less."""
    PrivateLink.objects.filter(pk=link_id).update(usage_count=F("usage_count") - 1)
