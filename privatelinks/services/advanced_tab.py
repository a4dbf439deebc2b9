"""Saving an event type's Advanced tab: its settings and its links, in one transaction or not at all."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction

from eventtypes.clock import database_now
from eventtypes.models import EventType, Visibility
from eventtypes.services.locking import lock_host
from privatelinks.models import PrivateLink
from privatelinks.services.history import store_link
from privatelinks.services.limits import Changed, LinkChanges, apply_changes, link_is_gone
from privatelinks.services.links import delete_locked
from privatelinks.services.locking import lock_links_of


@dataclass(frozen=True, slots=True)
class LinkEdit:
    """What one row says: changes of a link, a new link (without an id), or that the link is to be deleted.

    A new link bears the key of its row, so that the same form sent twice makes it once.
    """

    changes: LinkChanges
    link_id: int | None = None
    is_deleted: bool = False
    key: UUID | None = None

    @property
    def stores_something(self) -> bool:
        return not self.is_deleted and (self.link_id is None or bool(self.changes))


class EditsRefusedError(Exception):
    """Some edits break a rule, so that none was stored; `errors` has them by the place of the edit."""

    def __init__(self, errors: Mapping[int, ValidationError]) -> None:
        super().__init__(errors)
        self.errors = errors


@transaction.atomic
def save_advanced_tab(
    *,
    event_type: EventType,
    visibility: Visibility | None = None,
    requires_confirmation: bool | None = None,
    invitees_may_reschedule: bool | None = None,
    invitees_may_cancel: bool | None = None,
    change_notice_hours: int | None = None,
    private_links_enabled: bool | None = None,
    edits: Sequence[LinkEdit] = (),
) -> EventType:
    """Store what the tab says; None means that it stays as it is.

    Links that are switched on for the first time begin with one link.

    Raises:
        EditsRefusedError: An edit breaks a rule. Nothing is stored.
        EventType.DoesNotExist: The event type has been deleted.
    """
    lock_host(event_type.host_id)
    lock_links_of(event_type.pk)
    event_type = EventType.objects.get(pk=event_type.pk)
    _save_links(event_type, edits, database_now())
    settings = {
        "visibility": visibility,
        "requires_confirmation": requires_confirmation,
        "invitees_may_reschedule": invitees_may_reschedule,
        "invitees_may_cancel": invitees_may_cancel,
        "change_notice_hours": change_notice_hours,
    }
    for field, value in settings.items():
        if value is not None:
            _change(event_type, field, value)
    if private_links_enabled is not None and _change(event_type, "private_links_enabled", private_links_enabled):
        _begin_with_a_link(event_type)
    return event_type


def switch_private_links(*, event_type: EventType, is_on: bool) -> EventType:
    """Switch all links of the event type on or off at once; they are kept either way.

    Raises:
        EventType.DoesNotExist: The event type has been deleted.
    """
    return save_advanced_tab(event_type=event_type, private_links_enabled=is_on)


def _save_links(event_type: EventType, edits: Sequence[LinkEdit], now: datetime) -> None:
    """Judge all edits before the first is stored; what the same form has made before is there already."""
    made = _made_before(event_type, edits)
    stored = {link.pk: link for link in event_type.private_links.filter(pk__in=_ids(edits))}
    deleted = stored.keys() & _ids(edit for edit in edits if edit.is_deleted)
    kept = {pk: link for pk, link in stored.items() if pk not in deleted}
    errors, changed = {}, []
    for place, edit in enumerate(edits):
        if edit.stores_something and edit.key not in made:
            try:
                changed.append(_edited(event_type, kept, edit, now))
            except ValidationError as error:
                errors[place] = error
    if errors:
        raise EditsRefusedError(errors)
    delete_locked(deleted)
    for link, fields in changed:
        store_link(link, fields, now)


def _made_before(event_type: EventType, edits: Iterable[LinkEdit]) -> set[UUID | None]:
    keys = [edit.key for edit in edits if edit.key is not None]
    return set(event_type.private_links.filter(batch__in=keys).values_list("batch", flat=True)) if keys else set()


def _ids(edits: Iterable[LinkEdit]) -> list[int]:
    return [edit.link_id for edit in edits if edit.link_id is not None]


def _edited(
    event_type: EventType, kept: Mapping[int, PrivateLink], edit: LinkEdit, now: datetime
) -> tuple[PrivateLink, Changed]:
    """Return the link as it is to be, and the fields that change."""
    if edit.link_id is None:
        link: PrivateLink | None = PrivateLink(event_type=event_type, batch=edit.key)
    else:
        link = kept.get(edit.link_id)
    if link is None:
        raise ValidationError(link_is_gone(), code="gone")
    return link, apply_changes(link, edit.changes, now)


def _change(event_type: EventType, field: str, value: object) -> bool:
    """Store one field; return whether it was different."""
    if getattr(event_type, field) == value:
        return False
    setattr(event_type, field, value)
    event_type.save(update_fields=[field])
    return True


def _begin_with_a_link(event_type: EventType) -> None:
    if event_type.private_links_enabled and not event_type.private_links.exists():
        event_type.private_links.create()
