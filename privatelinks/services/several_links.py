"""Creating several links at once: the same limits, numbered names, a URL for each, and all of them or none."""

from datetime import datetime
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from eventtypes.clock import database_now
from eventtypes.models import EventType
from eventtypes.services.locking import lock_host
from privatelinks.models import PrivateLink
from privatelinks.models.private_link import MAX_NAME_LENGTH
from privatelinks.services.advanced_tab import switch_private_links
from privatelinks.services.limits import SETTINGS, LinkChanges, apply_changes

MAX_LINKS = 1_000
# What the number stands for in the name of several links.
PLACE_OF_NUMBER = "{n}"


class AlreadyCreatedError(Exception):
    """The request has made other links than these before; nothing is stored."""


@transaction.atomic
def create_links(
    *, event_type: EventType, batch: UUID, count: int, changes: LinkChanges, switches_on: bool = False
) -> bool:
    """Make so many links that know the batch; the name among the changes is the pattern of their names.

    Return whether they were made: the same request once more makes nothing. Private links are switched on only if
    `switches_on` says so; without that, the number of queries is the same for any number of links.

    Raises:
        ValidationError: A value breaks a rule; messages by field. Nothing is stored.
        AlreadyCreatedError: The batch has been made with other values.
        EventType.DoesNotExist: The event type has been deleted.
    """
    lock_host(event_type.host_id)
    event_type = EventType.objects.get(pk=event_type.pk)
    made = PrivateLink.objects.filter(event_type__host=event_type.host_id, batch=batch)
    stored = list(made.order_by("pk"))
    links = _new_links(event_type, batch, count, changes, database_now())
    if stored:
        _require_the_same(stored, links)
    else:
        PrivateLink.objects.bulk_create(links)
    if switches_on:
        switch_private_links(event_type=event_type, is_on=True)
    return not stored


def numbered_names(pattern: str, count: int) -> list[str]:
    """Return so many names: "Beta {n}" becomes "Beta 1", "Beta 2" and so on.

    Of several without a place for the number, it is put behind them; a single one stays as it is.

    Raises:
        ValidationError: The longest name would be too long.
    """
    if PLACE_OF_NUMBER not in pattern and count > 1:
        pattern = f"{pattern} {PLACE_OF_NUMBER}".strip()
    names = [pattern.replace(PLACE_OF_NUMBER, str(number)) for number in range(1, count + 1)]
    if len(names[-1]) > MAX_NAME_LENGTH:
        message = _("“%(name)s” is longer than %(length)d characters. Choose a shorter name.")
        raise ValidationError({"name": message % {"name": names[-1], "length": MAX_NAME_LENGTH}})
    return names


def _new_links(
    event_type: EventType, batch: UUID, count: int, changes: LinkChanges, now: datetime
) -> list[PrivateLink]:
    """Return the links as they are to be, judged by the same rules as a single one."""
    names = numbered_names(changes.get("name", ""), count)
    apply_changes(PrivateLink(event_type=event_type), changes | {"name": names[-1]}, now)
    return [PrivateLink(event_type=event_type, batch=batch, **changes | {"name": name}) for name in names]


def _require_the_same(stored: list[PrivateLink], asked: list[PrivateLink]) -> None:
    """Tell the same form that is sent twice from one that was changed in between."""
    if [_values(link) for link in stored] != [_values(link) for link in asked]:
        raise AlreadyCreatedError


def _values(link: PrivateLink) -> tuple[object, ...]:
    return (link.event_type_id, *(getattr(link, setting) for setting in SETTINGS))
