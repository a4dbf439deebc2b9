"""Ending a link now, and reviving one that is over: more time, one more use, or a limit less.

A button that is pressed twice acts once: what the page said of the limit comes along, and a limit that has moved on
since then is left alone.
"""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from eventtypes.clock import database_now
from privatelinks.expiry import a_week_after
from privatelinks.models import LinkEventKind, PrivateLink
from privatelinks.services.history import remember, store_link
from privatelinks.services.limits import Changed, apply_changes
from privatelinks.services.links import change_link, lock_link


@transaction.atomic
def end_link(*, link: PrivateLink) -> PrivateLink:
    """End the link now, on the database's clock; nor does it open later. One that has expired stays as it is.

    Raises:
        PrivateLink.DoesNotExist: The link has been deleted.
    """
    link, now = lock_link(link), database_now()
    if link.has_expired(now):
        return link
    changed: Changed = {"expires_at": (link.expires_at, now)}
    if link.opens_at is not None:
        changed["opens_at"] = (link.opens_at, None)
    link.expires_at, link.opens_at = now, None
    link.save(update_fields=list(changed))
    remember(link, LinkEventKind.ENDED, now, changed)
    return link


@transaction.atomic
def extend_link(*, link: PrivateLink, shown: datetime | None) -> PrivateLink:
    """Let the link end a week later than it did or, if it has ended, a week from now: at the end of that day.

    `shown` is the expiry date that the host has seen. A link that ends later than that has been extended already.

    Raises:
        ValidationError: There is no expiry date, it was moved forward meanwhile, or the new one is too far away.
        PrivateLink.DoesNotExist: The link has been deleted.
    """
    link, now = lock_link(link), database_now()
    if link.expires_at is None:
        raise ValidationError(_("The link has no expiry date, so there is nothing to extend."))
    if shown is None or link.expires_at < shown:
        raise ValidationError(_changed_meanwhile())
    if link.expires_at == shown:
        later = a_week_after(max(link.expires_at, now), link.event_type.schedule.time_zone)
        store_link(link, apply_changes(link, {"expires_at": later}, now), now)
    return link


@transaction.atomic
def allow_one_more_use(*, link: PrivateLink, shown: int | None) -> PrivateLink:
    """See to it that a link that is used up has a use again.

    `shown` is the limit of uses that the host has seen. A higher limit has been raised already, and a link that has a
    use left, as somebody has cancelled, needs no more.

    Raises:
        ValidationError: There is no limit of uses, it was lowered meanwhile, or it is as high as it can be.
        PrivateLink.DoesNotExist: The link has been deleted.
    """
    link, now = lock_link(link), database_now()
    if link.max_uses is None:
        raise ValidationError(_("The link has no limit of uses, so it needs no more."))
    if shown is None or link.max_uses < shown:
        raise ValidationError(_changed_meanwhile())
    if link.max_uses == shown and link.is_used_up:
        store_link(link, apply_changes(link, {"max_uses": link.usage_count + 1}, now), now)
    return link


def remove_expiry(*, link: PrivateLink) -> PrivateLink:
    """Let the link have no expiry date.

    Raises:
        PrivateLink.DoesNotExist: The link has been deleted.
    """
    return change_link(link=link, changes={"expires_at": None})


def remove_limit_of_uses(*, link: PrivateLink) -> PrivateLink:
    """Let the link be booked through any number of times.

    Raises:
        PrivateLink.DoesNotExist: The link has been deleted.
    """
    return change_link(link=link, changes={"max_uses": None})


def _changed_meanwhile() -> str:
    return _("The limits of the link have been changed meanwhile. Please look at them, and choose again.")
