"""Changing the settings of a link: which values may change, and what is refused (product.md, validation)."""

from collections.abc import Collection
from datetime import UTC, date, datetime
from typing import Any, TypedDict

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from privatelinks.models import PrivateLink
from privatelinks.services.for_somebody import problems_of_invitees
from privatelinks.services.own_offer import problems_of_offer

# Far enough for everybody, and far enough from the end of the calendar to be printed in every time zone.
LATEST = datetime(3000, 1, 1, tzinfo=UTC)
MAX_USES = 1_000_000


class LinkChanges(TypedDict, total=False):
    """New values of some settings of a link; what is not in it stays as it is."""

    name: str
    max_uses: int | None
    opens_at: datetime | None
    expires_at: datetime | None
    is_paused: bool
    returns_uses: bool
    invitee_name: str
    invitee_email: str
    allowed_invitees: list[str]
    offer_starts_on: date | None
    offer_ends_on: date | None
    offer_duration_minutes: int | None
    offer_notice_minutes: int | None


# The names of all settings, in the order in which a history tells of them.
SETTINGS = tuple(LinkChanges.__annotations__)

# By the names of fields, what each was and what it is now.
type Changed = dict[str, tuple[Any, Any]]


def apply_changes(link: PrivateLink, changes: LinkChanges, now: datetime) -> Changed:
    """Set the values that differ from the link's own, and return these fields with what they were and are.

    Only these are judged: an old expiry date that stays as it is does no harm.

    Raises:
        ValidationError: A new value breaks a rule; messages by field.
    """
    differing = {field: (getattr(link, field), value) for field, value in changes.items()}
    changed = {field: values for field, values in differing.items() if not link.is_saved or values[0] != values[1]}
    for field, (_was, value) in changed.items():
        setattr(link, field, value)
    check_limits(link, changed, now)
    return changed


def check_limits(link: PrivateLink, changed: Collection[str], now: datetime) -> None:
    """Judge the changed limits of a link that was read under its lock.

    Raises:
        ValidationError: A new value breaks a rule; messages by field.
    """
    refused = {}
    if "max_uses" in changed and (problem := _problem_of_uses(link)):
        refused["max_uses"] = problem
    if "opens_at" in changed and link.opens_at is not None and link.opens_at >= LATEST:
        refused["opens_at"] = too_far_away()
    if "expires_at" in changed and (problem := _problem_of_expiry(link, now)):
        refused["expires_at"] = problem
    refused |= problems_of_invitees(link, changed) | problems_of_offer(link, changed, now)
    # Of both, the opening date bears the message.
    if not refused and _opens_after_it_expires(link) and (late := {"opens_at", "expires_at"}.intersection(changed)):
        refused[max(late)] = _("The link must open before it expires.")
    if refused:
        raise ValidationError(refused)


def too_far_away() -> str:
    """Return the words for a date that no calendar needs."""
    return _("Choose a date before the year %(year)d.") % {"year": LATEST.year}


def has_passed() -> str:
    """Return the words for an expiry date that would end the link at once."""
    return _("This has passed already. Choose a later date, or leave it blank for no limit.")


def too_long_ago() -> str:
    """Return the words for a date before there were any links."""
    return _("Choose a date from the year 2000 on.")


def link_is_gone() -> str:
    """Return the words for a link that was deleted while it was being changed."""
    return _("This link has been deleted meanwhile, so your changes to it cannot be saved. Delete the row to go on.")


def _problem_of_uses(link: PrivateLink) -> str:
    if link.max_uses is None:
        return ""
    if link.max_uses < 1:
        return _("Allow at least one use, or leave it blank for no limit.")
    if link.max_uses > MAX_USES:
        return _("Allow at most a million uses, or leave it blank for no limit.")
    if link.max_uses < link.usage_count:
        return ngettext(
            "The link has been used once already. Allow at least as much.",
            "The link has been used %(count)d times already. Allow at least as many.",
            link.usage_count,
        ) % {"count": link.usage_count}
    return ""


def _problem_of_expiry(link: PrivateLink, now: datetime) -> str:
    if link.expires_at is None:
        return ""
    if link.expires_at <= now:
        return has_passed()
    return too_far_away() if link.expires_at >= LATEST else ""


def _opens_after_it_expires(link: PrivateLink) -> bool:
    return link.opens_at is not None and link.expires_at is not None and link.opens_at >= link.expires_at
