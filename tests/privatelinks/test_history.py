"""What is remembered of a link: each change with what it was and is, by every way to change it, and nothing else."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone

from eventtypes.models import EventType
from privatelinks.models import LinkEvent, LinkEventKind, PrivateLink
from privatelinks.services.advanced_tab import EditsRefusedError, LinkEdit, save_advanced_tab
from privatelinks.services.bulk import pause_links, resume_links
from privatelinks.services.history import remember, remember_each
from privatelinks.services.limits import SETTINGS, LinkChanges
from privatelinks.services.links import change_link, duplicate_link, pause_link, replace_hash, resume_link
from privatelinks.services.uses import give_back_use, spend_use
from tests.clock import DatabaseClock
from tests.factories import PrivateLinkFactory
from tests.privatelinks.advanced_tab import opened, save

NOW = datetime(2026, 8, 20, 12, tzinfo=UTC)

CHANGES: list[tuple[str, Any, list[Any]]] = [
    ("name", "Gamma", ["Beta", "Gamma"]),
    ("max_uses", 7, [5, 7]),
    ("max_uses", None, [5, None]),
    ("opens_at", datetime(2998, 8, 30, 22, tzinfo=UTC), [None, "2998-08-30T22:00:00+00:00"]),
    ("expires_at", datetime(2999, 8, 31, 22, tzinfo=UTC), [None, "2999-08-31T22:00:00+00:00"]),
    ("returns_uses", True, [False, True]),
    ("invitee_name", "Grace", ["", "Grace"]),
    ("invitee_email", "grace@example.com", ["", "grace@example.com"]),
    ("allowed_invitees", ["@example.com"], [[], ["@example.com"]]),
    ("offer_starts_on", date(2026, 9, 1), [None, "2026-09-01"]),
    ("offer_ends_on", date(2999, 9, 30), [None, "2999-09-30"]),
    ("offer_duration_minutes", 30, [None, 30]),
    ("offer_notice_minutes", 0, [None, 0]),
]

type Change = Callable[[PrivateLink, LinkChanges], object]

pytestmark = pytest.mark.django_db


def by_the_page(link: PrivateLink, changes: LinkChanges) -> None:
    change_link(link=link, changes=changes)


def by_the_tab(link: PrivateLink, changes: LinkChanges) -> None:
    save_advanced_tab(event_type=link.event_type, edits=[LinkEdit(changes, link.pk)])


@pytest.fixture
def link(event_type: EventType) -> PrivateLink:
    """A link with five uses, two of them spent."""
    link: PrivateLink = PrivateLinkFactory.create(event_type=event_type, name="Beta", max_uses=5, usage_count=2)
    return link


def events(link: PrivateLink) -> list[tuple[str, Any]]:
    return list(link.events.order_by("pk").values_list("kind", "changes"))


def test_every_setting_has_a_change_here() -> None:
    assert {field for field, _value, _remembered in CHANGES} | {"is_paused"} == set(SETTINGS)


@pytest.mark.parametrize("change", [by_the_page, by_the_tab])
@pytest.mark.parametrize(("field", "value", "remembered"), CHANGES)
def test_change_is_remembered_with_what_it_was_and_is(
    link: PrivateLink, change: Change, field: str, value: Any, remembered: list[Any]
) -> None:
    change(link, {field: value})  # type: ignore[misc]  # the name of a setting

    assert events(link) == [("changed", {field: remembered})]


@pytest.mark.parametrize("change", [by_the_page, by_the_tab])
def test_changes_of_one_save_are_one_event_and_pausing_is_another(link: PrivateLink, change: Change) -> None:
    change(link, {"name": "Gamma", "max_uses": 7, "is_paused": True})

    assert events(link) == [("paused", {}), ("changed", {"name": ["Beta", "Gamma"], "max_uses": [5, 7]})]


@pytest.mark.parametrize("change", [by_the_page, by_the_tab])
def test_save_that_changes_nothing_is_not_remembered(link: PrivateLink, change: Change) -> None:
    change(link, {"name": "Beta", "max_uses": 5, "is_paused": False, "allowed_invitees": []})
    change(link, {})

    assert events(link) == []


def test_refused_change_is_not_remembered(link: PrivateLink) -> None:
    with pytest.raises(ValidationError):
        by_the_page(link, {"name": "Gamma", "max_uses": 1})
    with pytest.raises(EditsRefusedError):
        by_the_tab(link, {"name": "Gamma", "max_uses": 1})

    assert events(link) == []


def test_untouched_tab_is_not_remembered_and_a_touched_row_is(host_client: Client, link: PrivateLink) -> None:
    other = PrivateLinkFactory.create(event_type=link.event_type, expires_at=NOW)
    save(host_client, link.event_type, opened(host_client, link.event_type))
    before = LinkEvent.objects.count()

    save(host_client, link.event_type, opened(host_client, link.event_type), links_0_returns_uses="on")

    assert before == 0
    assert events(link) == [("changed", {"returns_uses": [False, True]})]
    assert events(other) == []


def test_what_is_done_at_once_is_remembered_by_its_name(link: PrivateLink) -> None:
    pause_link(link=link)
    resume_links(host=link.event_type.host, link_ids=[link.pk])
    replace_hash(link=link)
    pause_links(host=link.event_type.host, link_ids=[link.pk])
    resume_link(link=link)

    kinds = ["paused", "resumed", "replaced", "paused", "resumed"]
    assert events(link) == [(kind, {}) for kind in kinds]


def test_what_had_no_effect_is_not_remembered(link: PrivateLink) -> None:
    resume_link(link=link)
    resume_links(host=link.event_type.host, link_ids=[link.pk])
    pause_link(link=link)
    pause_link(link=link)
    pause_links(host=link.event_type.host, link_ids=[link.pk])

    assert events(link) == [("paused", {})]


def test_history_never_holds_a_hash(link: PrivateLink) -> None:
    replaced = replace_hash(link=link)

    stored = str(list(LinkEvent.objects.values()))
    assert link.hash not in stored
    assert replaced.hash not in stored


def test_new_links_have_no_history(link: PrivateLink) -> None:
    change_link(link=link, changes={"name": "Gamma"})

    copy = duplicate_link(link=link)
    save_advanced_tab(event_type=link.event_type, edits=[LinkEdit({"name": "Brand new"})])

    assert list(LinkEvent.objects.values_list("private_link", flat=True)) == [link.pk]
    assert copy.pk != link.pk


def test_use_is_remembered_when_it_is_the_last(link: PrivateLink) -> None:
    for _use in range(2):
        spend_use(link, NOW)
    before = events(link)

    spend_use(link, NOW)
    give_back_use(link.pk)

    assert before == []
    assert events(link) == [("used_up", {})]


def test_events_are_on_the_databases_clock(link: PrivateLink, database_clock: DatabaseClock) -> None:
    database_clock.set(NOW)

    by_the_page(link, {"name": "Gamma"})
    by_the_tab(link, {"name": "Delta"})
    pause_links(host=link.event_type.host, link_ids=[link.pk])

    assert set(link.events.values_list("happened_at", flat=True)) == {NOW}


def test_recipient_is_remembered(link: PrivateLink) -> None:
    remember(link, LinkEventKind.SENT, NOW, recipient="grace@example.com")

    event = link.events.get()
    assert (event.kind, event.happened_at, event.recipient) == ("sent", NOW, "grace@example.com")


def test_the_same_of_many_links_is_remembered_of_each(link: PrivateLink) -> None:
    others = PrivateLinkFactory.create_batch(2, event_type=link.event_type)

    remember_each([link, *others], LinkEventKind.PAUSED, timezone.now() - timedelta(days=1))

    assert [events(each) for each in (link, *others)] == [[("paused", {})]] * 3


def test_history_goes_with_its_link(link: PrivateLink) -> None:
    pause_link(link=link)

    link.delete()

    assert LinkEvent.objects.count() == 0
