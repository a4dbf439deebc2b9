"""Creating several links at once: the same limits, numbered names, once for each request, all or none."""

import uuid
from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from eventtypes.models import EventType
from privatelinks.hashes import is_well_formed
from privatelinks.models import PrivateLink
from privatelinks.services.limits import LinkChanges
from privatelinks.services.several_links import AlreadyCreatedError, create_links, numbered_names
from tests.bookings.queries import count_queries
from tests.factories import EventTypeFactory, PrivateLinkFactory
from tests.meanwhile import meanwhile

NOW = datetime.now(UTC)
TOMORROW = NOW + timedelta(days=1)
KEY = uuid.UUID(int=1)
BETA: LinkChanges = {"name": "Beta {n}"}


@pytest.fixture
def event_type(db: None) -> EventType:
    event_type: EventType = EventTypeFactory.create()
    return event_type


def names() -> list[str]:
    return list(PrivateLink.objects.order_by("pk").values_list("name", flat=True))


@pytest.mark.parametrize(
    ("pattern", "count", "expected"),
    [
        ("Beta {n}", 3, ["Beta 1", "Beta 2", "Beta 3"]),
        ("Beta {n}", 1, ["Beta 1"]),
        ("{n} of {n}", 2, ["1 of 1", "2 of 2"]),
        ("Beta", 2, ["Beta 1", "Beta 2"]),
        ("Beta", 1, ["Beta"]),
        ("", 2, ["1", "2"]),
        ("", 1, [""]),
        ("{0} {} {N} %s {n}", 2, ["{0} {} {N} %s 1", "{0} {} {N} %s 2"]),
    ],
)
def test_names_are_numbered(pattern: str, count: int, expected: list[str]) -> None:
    assert numbered_names(pattern, count) == expected


def test_longest_name_may_have_a_hundred_characters() -> None:
    longest = numbered_names("W" * 96, 999)[-1]

    with pytest.raises(ValidationError) as refusal:
        numbered_names("W" * 96, 1_000)

    assert len(longest) == 100
    assert refusal.value.message_dict == {
        "name": [f"“{'W' * 96} 1000” is longer than 100 characters. Choose a shorter name."]
    }


def test_links_have_the_same_limits_and_a_url_each(event_type: EventType) -> None:
    changes: LinkChanges = {
        "name": "Beta {n}",
        "max_uses": 5,
        "opens_at": TOMORROW,
        "expires_at": TOMORROW + timedelta(days=1),
        "is_paused": True,
        "returns_uses": True,
    }

    is_made = create_links(event_type=event_type, batch=KEY, count=3, changes=changes)

    links = list(PrivateLink.objects.order_by("pk"))
    assert is_made is True
    assert [link.name for link in links] == ["Beta 1", "Beta 2", "Beta 3"]
    settings = {tuple(getattr(link, field) for field in changes if field != "name") for link in links}
    assert settings == {(5, TOMORROW, TOMORROW + timedelta(days=1), True, True)}
    assert {(link.event_type, link.batch, link.usage_count) for link in links} == {(event_type, KEY, 0)}
    assert len({link.hash for link in links if is_well_formed(link.hash)}) == 3


def test_same_request_makes_the_links_once(event_type: EventType) -> None:
    first = create_links(event_type=event_type, batch=KEY, count=2, changes=BETA)
    before = list(PrivateLink.objects.values())

    again = create_links(event_type=event_type, batch=KEY, count=2, changes=BETA)

    assert (first, again) == (True, False)
    assert list(PrivateLink.objects.values()) == before


def test_use_spent_in_between_does_not_make_it_another_request(event_type: EventType) -> None:
    create_links(event_type=event_type, batch=KEY, count=2, changes=BETA)
    PrivateLink.objects.update(usage_count=1)

    assert create_links(event_type=event_type, batch=KEY, count=2, changes=BETA) is False


@pytest.mark.parametrize(
    ("count", "changes"),
    [(3, BETA), (2, {"name": "Gamma {n}"}), (2, BETA | {"max_uses": 2}), (2, BETA | {"expires_at": TOMORROW})],
)
def test_request_with_other_values_makes_nothing_and_says_so(
    event_type: EventType, count: int, changes: LinkChanges
) -> None:
    create_links(event_type=event_type, batch=KEY, count=2, changes=BETA)

    with pytest.raises(AlreadyCreatedError):
        create_links(event_type=event_type, batch=KEY, count=count, changes=changes)

    assert names() == ["Beta 1", "Beta 2"]


def test_request_for_another_event_type_of_the_host_makes_nothing(event_type: EventType) -> None:
    create_links(event_type=event_type, batch=KEY, count=2, changes=BETA)
    other = EventTypeFactory.create(host=event_type.host, schedule=event_type.schedule)

    with pytest.raises(AlreadyCreatedError):
        create_links(event_type=other, batch=KEY, count=2, changes=BETA)

    assert other.private_links.count() == 0


def test_key_of_another_host_is_no_matter(event_type: EventType) -> None:
    PrivateLinkFactory.create(name="Of another host", batch=KEY)

    create_links(event_type=event_type, batch=KEY, count=1, changes=BETA)

    assert names() == ["Of another host", "Beta 1"]


@pytest.mark.parametrize(
    ("changes", "field", "message"),
    [
        (
            {"expires_at": NOW - timedelta(days=1)},
            "expires_at",
            "This has passed already. Choose a later date, or leave it blank for no limit.",
        ),
        ({"max_uses": 0}, "max_uses", "Allow at least one use, or leave it blank for no limit."),
        ({"opens_at": TOMORROW, "expires_at": TOMORROW}, "opens_at", "The link must open before it expires."),
        ({"opens_at": datetime(3000, 1, 1, tzinfo=UTC)}, "opens_at", "Choose a date before the year 3000."),
        ({"name": "W" * 100}, "name", f"“{'W' * 100} 2” is longer than 100 characters. Choose a shorter name."),
    ],
)
def test_rules_of_a_single_link_hold_for_each(
    event_type: EventType, changes: LinkChanges, field: str, message: str
) -> None:
    with pytest.raises(ValidationError) as refusal:
        create_links(event_type=event_type, batch=KEY, count=2, changes=changes)

    assert refusal.value.message_dict == {field: [message]}
    assert names() == []


@pytest.mark.parametrize("switches_on", [False, True])
def test_private_links_are_switched_on_only_if_asked_for(event_type: EventType, switches_on: bool) -> None:
    EventType.objects.update(private_links_enabled=False)

    create_links(event_type=event_type, batch=KEY, count=2, changes=BETA, switches_on=switches_on)

    event_type.refresh_from_db()
    assert event_type.private_links_enabled is switches_on
    assert names() == ["Beta 1", "Beta 2"]


@pytest.mark.parametrize("count", [1, 1_000])
def test_any_number_of_links_needs_the_same_queries(event_type: EventType, count: int) -> None:
    with CaptureQueriesContext(connection) as captured:
        create_links(event_type=event_type, batch=KEY, count=count, changes=BETA)

    # How long to wait for the lock, the lock, the event type, what the request has made, the clock, and the links.
    assert count_queries(captured) == 6
    assert PrivateLink.objects.count() == count


def test_event_type_that_is_gone_is_said(event_type: EventType) -> None:
    EventType.objects.filter(pk=event_type.pk).delete()

    with pytest.raises(EventType.DoesNotExist):
        create_links(event_type=event_type, batch=KEY, count=1, changes=BETA)


@pytest.mark.django_db(transaction=True)
def test_second_click_waits_for_the_first_and_makes_nothing() -> None:
    event_type = EventTypeFactory.create()

    def first_click() -> None:
        create_links(event_type=event_type, batch=KEY, count=2, changes=BETA)

    with meanwhile(first_click):
        is_made = create_links(event_type=event_type, batch=KEY, count=2, changes=BETA)

    assert is_made is False
    assert names() == ["Beta 1", "Beta 2"]


def test_same_form_with_the_switch_ticked_still_switches_the_links_on(event_type: EventType) -> None:
    EventType.objects.update(private_links_enabled=False)

    made = [
        create_links(event_type=event_type, batch=KEY, count=2, changes={"name": "Beta"}, switches_on=switches_on)
        for switches_on in (False, True)
    ]

    event_type.refresh_from_db()
    assert (made, event_type.private_links_enabled, PrivateLink.objects.count()) == ([True, False], True, 2)
