"""What a host does with single links: change, pause, resume, replace the hash, duplicate, delete."""

from collections.abc import Collection, Iterable
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from eventtypes.clock import database_now
from eventtypes.services.locking import lock_host
from privatelinks.hashes import new_hash
from privatelinks.models import LinkEventKind, PrivateLink
from privatelinks.services.history import remember, store_link
from privatelinks.services.limits import SETTINGS, LinkChanges, apply_changes
from privatelinks.services.locking import lock_links


@transaction.atomic
def change_link(*, link: PrivateLink, changes: LinkChanges) -> PrivateLink:
    """Change the settings that are named, and no other.

    Raises:
        ValidationError: A new value breaks a rule; messages by field. Nothing is stored.
        PrivateLink.DoesNotExist: The link has been deleted.
    """
    link, now = lock_link(link), database_now()
    store_link(link, apply_changes(link, changes, now), now)
    return link


def pause_link(*, link: PrivateLink) -> PrivateLink:
    """Stop the link until it is resumed.

    Raises:
        PrivateLink.DoesNotExist: The link has been deleted.
    """
    return change_link(link=link, changes={"is_paused": True})


def resume_link(*, link: PrivateLink) -> PrivateLink:
    """Let a paused link be booked through again, as far as its limits go.

    Raises:
        PrivateLink.DoesNotExist: The link has been deleted.
    """
    return change_link(link=link, changes={"is_paused": False})


@transaction.atomic
def replace_hash(*, link: PrivateLink, shown: str = "") -> PrivateLink:
    """Give the link a new URL; the old one is dead for good.

    `shown` is the hash that the host has seen: if it has been replaced since then, this is the same request again.

    Raises:
        PrivateLink.DoesNotExist: The link has been deleted.
    """
    link = lock_link(link)
    if shown not in ("", link.hash):
        return link
    link.hash = new_hash()
    link.save(update_fields=["hash"])
    remember(link, LinkEventKind.REPLACED, database_now())
    return link


@transaction.atomic
def duplicate_link(*, link: PrivateLink, request_key: UUID | None = None) -> PrivateLink:
    """Add a link with the same limits, a URL of its own and no use spent; it is for nobody yet.

    Whom the link is only for is a limit; the invitee's name and address are another person's.

    The same request again, by its key, is answered with the link that it made.

    Raises:
        PrivateLink.DoesNotExist: The link has been deleted.
    """
    link = lock_link(link)
    if request_key is not None and (copy := link.event_type.private_links.filter(batch=request_key).first()):
        return copy
    settings: LinkChanges = {field: getattr(link, field) for field in SETTINGS}  # type: ignore[assignment]
    of_copy: LinkChanges = {"name": _name_of_copy(link.name), "invitee_name": "", "invitee_email": ""}
    return PrivateLink.objects.create(event_type=link.event_type, batch=request_key, **settings | of_copy)


@transaction.atomic
def delete_links(*, links: Iterable[PrivateLink]) -> None:
    """Delete the links; their bookings stay, and remember the names. Links that are gone already are no matter."""
    links = list(links)
    for host_id in sorted({link.event_type.host_id for link in links}):
        lock_host(host_id)
    delete_locked(lock_links(link.pk for link in links))


def delete_locked(link_ids: Collection[int]) -> None:
    """Delete links whose locks are held (two queries, and the database's own)."""
    let_bookings_go(link_ids)
    PrivateLink.objects.filter(pk__in=link_ids).delete()


def let_bookings_go(link_ids: Collection[int]) -> None:
    """Release the uses that bookings hold, before their links go: without a link, a booking can hold none."""
    bookings = PrivateLink.bookings.rel.related_model._default_manager  # noqa: SLF001 - documented for just this
    bookings.filter(private_link__in=link_ids, holds_use=True).update(holds_use=False)


def lock_link(link: PrivateLink) -> PrivateLink:
    """Take the locks in their order, and read the link again: what was read before is stale."""
    lock_host(link.event_type.host_id)
    lock_links([link.pk])
    return PrivateLink.objects.with_event_type().get(pk=link.pk)


def _name_of_copy(name: str) -> str:
    """Return the name with "(copy)" after it, shortened where it would become too long; blank stays blank."""
    if not name:
        return ""
    suffix = _(" (copy)")
    longest = PrivateLink._meta.get_field("name").max_length or 0
    return name[: longest - len(suffix)] + suffix
