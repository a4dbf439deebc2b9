"""The proof that private links count right: each one's uses are the bookings that hold a use of it."""

from dataclasses import dataclass

from django.db.models import Count, F, Q

from privatelinks.models import PrivateLink


@dataclass(frozen=True, slots=True)
class Miscount:
    """A link whose count differs from its bookings."""

    link_id: int
    name: str
    usage_count: int
    bookings: int


def find_miscounts() -> list[Miscount]:
    """Return the links whose count is not the number of bookings that hold a use (one query)."""
    held = Count("bookings", filter=Q(bookings__holds_use=True))
    wrong = PrivateLink.objects.annotate(held=held).exclude(usage_count=F("held")).order_by("pk")
    return [Miscount(link.pk, str(link), link.usage_count, link.held) for link in wrong]  # type: ignore[attr-defined]
