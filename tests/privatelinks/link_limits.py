"""Every combination of what decides about a link, and the state of each, said from the words of the rule."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import product

from eventtypes.models import EventType
from privatelinks.models import LinkState, PrivateLink

NOW = datetime(2026, 8, 20, 12, tzinfo=UTC)
MOMENT = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Limits:
    """One combination of what decides about a link."""

    max_uses: int | None
    usage_count: int
    opens_at: datetime | None
    expires_at: datetime | None
    is_paused: bool

    @property
    def are_possible(self) -> bool:
        used_too_often = self.max_uses is not None and self.usage_count > self.max_uses
        opens_late = self.opens_at is not None and self.expires_at is not None and self.opens_at >= self.expires_at
        return not used_too_often and not opens_late


AROUND_NOW = [None, NOW - timedelta(days=1), NOW - MOMENT, NOW, NOW + MOMENT, NOW + timedelta(days=1)]
ALL_LIMITS = [
    limits
    for values in product([None, 1, 2], [0, 1, 2], AROUND_NOW, AROUND_NOW, [False, True])
    if (limits := Limits(*values)).are_possible
]


def expected_state(limits: Limits) -> LinkState:
    """Say it a third time, from the words of the rule: what ends a link for good counts first."""
    if limits.max_uses == limits.usage_count:
        return LinkState.USED_UP
    if limits.expires_at in AROUND_NOW[1:4]:
        return LinkState.EXPIRED
    if limits.is_paused:
        return LinkState.PAUSED
    return LinkState.SCHEDULED if limits.opens_at in AROUND_NOW[4:] else LinkState.ACTIVE


def made(event_type: EventType, limits: list[Limits]) -> list[PrivateLink]:
    """Store a link for each of the combinations; their uses are mere numbers, without bookings."""
    return PrivateLink.objects.bulk_create(
        PrivateLink(
            event_type=event_type,
            max_uses=each.max_uses,
            usage_count=each.usage_count,
            opens_at=each.opens_at,
            expires_at=each.expires_at,
            is_paused=each.is_paused,
        )
        for each in limits
    )
