"""Spending the uses of private links and giving them back: only bookings do so, with the link's row locked."""

from django.db.models import F

from privatelinks.models import PrivateLink


def spend_use(link_id: int) -> None:
    """Count one more booking that came through the link.

    Raises:
        IntegrityError: The link has no use left; the database refuses it.
    """
    PrivateLink.objects.filter(pk=link_id).update(usage_count=F("usage_count") + 1)


def give_back_use(link_id: int) -> None:
    """Count one booking less."""
    PrivateLink.objects.filter(pk=link_id).update(usage_count=F("usage_count") - 1)
