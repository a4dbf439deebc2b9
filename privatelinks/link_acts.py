"""What can be done with a private link at once, as it stands, and what still keeps it from being booked."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from privatelinks.models import LinkState, PrivateLink


@dataclass(frozen=True, slots=True)
class LinkActs:
    """What the page of a link offers. One that has expired, or is used up, can be revived, as `problem` says.

    `expiry_shown` and `limit_shown` are the limits as the page shows them; with them, a button pressed twice acts once.
    """

    problem: str
    can_pause: bool
    can_resume: bool
    can_end: bool
    can_extend: bool
    has_expired: bool
    is_used_up: bool
    expiry_shown: str
    limit_shown: str


def link_acts(link: PrivateLink, now: datetime) -> LinkActs:
    """Return what can be done with the link: what is over can be revived, what is not can be ended."""
    has_expired = link.has_expired(now)
    is_over = has_expired or link.is_used_up
    return LinkActs(
        problem=_problem(link, now),
        can_pause=not link.is_paused and not is_over,
        can_resume=link.is_paused,
        can_end=not is_over,
        can_extend=link.expires_at is not None and not has_expired,
        has_expired=has_expired,
        is_used_up=link.is_used_up,
        expiry_shown="" if link.expires_at is None else link.expires_at.isoformat(),
        limit_shown="" if link.max_uses is None else str(link.max_uses),
    )


def what_still_stops(link: PrivateLink, now: datetime) -> str:
    """Return what keeps a link from being booked that has just been revived; blank if nothing of its own does."""
    match link.state(now):
        case LinkState.USED_UP:
            return _("It is used up, though: allow more uses, too.")
        case LinkState.EXPIRED:
            return _("It has expired, though: extend it, too.")
        case LinkState.PAUSED:
            return _("It is still paused, though.")
        case _:
            return ""


def _problem(link: PrivateLink, now: datetime) -> str:
    """Return why a link is over, and what would revive it; blank if it is not over."""
    problem = _limit_reached(link, now)
    return f"{problem} {_('It is paused, too.')}" if problem and link.is_paused else problem


def _limit_reached(link: PrivateLink, now: datetime) -> str:
    if link.is_used_up and link.has_expired(now):
        return _("This link is used up and has expired. It works again once both limits are raised.")
    if link.is_used_up:
        return _("This link is used up. It works again once it allows more uses.")
    if link.has_expired(now):
        return _("This link has expired. It works again once its expiry date is moved.")
    return ""
