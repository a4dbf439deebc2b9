"""The private link: what the database refuses, and one rule for its state in Python and in SQL."""

from datetime import date, timedelta
from itertools import product

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError

from privatelinks.models import LinkState, PrivateLink
from tests.factories import EventTypeFactory, HostFactory, PrivateLinkFactory
from tests.privatelinks.link_limits import ALL_LIMITS, MOMENT, NOW, expected_state, made

TODAY, YESTERDAY = date(2026, 8, 20), date(2026, 8, 19)
MALFORMED = [["grace"], ["Grace@example.com"], ["grace@"], ["@"], ["a@b@c"], ["a b@example.com"], ["@example.com", ""]]
MALFORMED_WORDS = "Enter e-mail addresses, or domains such as @example.com."

pytestmark = pytest.mark.django_db


def test_state_is_the_same_in_python_and_in_sql_for_all_combinations() -> None:
    made(EventTypeFactory.create(), ALL_LIMITS)

    links = PrivateLink.objects.with_state(NOW).order_by("pk")

    assert len(ALL_LIMITS) > 300
    expected = [expected_state(limits) for limits in ALL_LIMITS]
    assert [link.state(NOW) for link in links] == expected
    assert [vars(link)["sql_state"] for link in links] == expected


@pytest.mark.parametrize("state", LinkState)
def test_in_state_finds_the_links_in_that_state_and_no_other(state: LinkState) -> None:
    links = made(EventTypeFactory.create(), ALL_LIMITS)

    found = PrivateLink.objects.in_state(state, NOW).order_by("pk")

    assert list(found) == [link for link in links if link.state(NOW) == state]
    assert len(found) > 0


@pytest.mark.parametrize(("is_on", "is_active"), list(product([False, True], repeat=2)))
def test_live_links_are_active_ones_that_are_switched_on_and_whose_host_is_active(is_on: bool, is_active: bool) -> None:
    event_type = EventTypeFactory.create(private_links_enabled=is_on, host__is_active=is_active)
    links = made(event_type, ALL_LIMITS)

    live = PrivateLink.objects.live(NOW).order_by("pk")

    expected = [link for link in links if is_on and is_active and link.state(NOW) == LinkState.ACTIVE]
    assert list(live) == expected
    assert [link for link in links if link.is_live(NOW)] == expected


def test_soonest_to_end_first_puts_active_links_first_and_ended_ones_last() -> None:
    event_type = EventTypeFactory.create()
    used_up = PrivateLinkFactory.create(event_type=event_type, max_uses=1, usage_count=1)
    expired = PrivateLinkFactory.create(event_type=event_type, expires_at=NOW)
    paused = PrivateLinkFactory.create(event_type=event_type, is_paused=True, expires_at=NOW + MOMENT)
    without_limit = PrivateLinkFactory.create(event_type=event_type, max_uses=None)
    two_uses = PrivateLinkFactory.create(event_type=event_type, max_uses=2)
    last_use = PrivateLinkFactory.create(event_type=event_type, max_uses=9, usage_count=8)
    next_week = PrivateLinkFactory.create(event_type=event_type, expires_at=NOW + timedelta(days=7), max_uses=None)
    tomorrow = PrivateLinkFactory.create(event_type=event_type, expires_at=NOW + timedelta(days=1), max_uses=None)

    links = event_type.private_links.soonest_to_end_first(NOW)

    expected = [tomorrow, next_week, last_use, two_uses, without_limit, paused, expired, used_up]
    assert list(links) == expected


def test_owned_by_finds_the_links_to_the_hosts_own_event_types() -> None:
    own, other = PrivateLinkFactory.create(), PrivateLinkFactory.create()

    assert list(PrivateLink.objects.owned_by(own.event_type.host)) == [own]
    assert list(PrivateLink.objects.owned_by(other.event_type.host)) == [other]
    assert list(PrivateLink.objects.owned_by(HostFactory.create())) == []


def test_new_link_has_one_use_and_no_expiry_date() -> None:
    link = PrivateLink.objects.create(event_type=EventTypeFactory.create())

    assert (link.max_uses, link.usage_count, link.expires_at, link.opens_at) == (1, 0, None, None)
    assert (link.is_paused, link.returns_uses, link.name) == (False, False, "")


@pytest.mark.parametrize(
    ("values", "constraint"),
    [
        ({"usage_count": -1}, "private_link_uses_not_negative"),
        ({"max_uses": 1, "usage_count": 2}, "private_link_not_used_more_than_allowed"),
        ({"max_uses": 0}, "private_link_allows_a_use"),
        ({"opens_at": NOW, "expires_at": NOW}, "private_link_opens_before_it_expires"),
        ({"opens_at": NOW + MOMENT, "expires_at": NOW}, "private_link_opens_before_it_expires"),
        ({"allowed_invitees": ["@example.com"] * 21}, "private_link_allowed_invitees_few"),
        *(({"allowed_invitees": malformed}, "private_link_allowed_invitees_well_formed") for malformed in MALFORMED),
        ({"offer_starts_on": TODAY, "offer_ends_on": YESTERDAY}, "private_link_offer_dates_in_order"),
        ({"offer_duration_minutes": 0}, "private_link_offer_duration_possible"),
        ({"offer_duration_minutes": 24 * 60 + 1}, "private_link_offer_duration_possible"),
        ({"offer_notice_minutes": 366 * 24 * 60 + 1}, "private_link_offer_notice_possible"),
    ],
)
def test_database_refuses(values: dict[str, object], constraint: str) -> None:
    link = PrivateLinkFactory.create()

    with pytest.raises(IntegrityError, match=constraint):
        PrivateLink.objects.filter(pk=link.pk).update(**values)


@pytest.mark.parametrize(
    "values",
    [
        {"opens_at": NOW, "expires_at": NOW + MOMENT},
        {"allowed_invitees": []},
        {"allowed_invitees": ["@example.com"] * 20},
        {"allowed_invitees": ["grace.hopper+1@sub.example.com", "@example.org", "jörg@exämple.com"]},
        {"offer_starts_on": TODAY, "offer_ends_on": TODAY},
        {"offer_starts_on": TODAY},
        {"offer_ends_on": YESTERDAY},
        {"offer_duration_minutes": 1, "offer_notice_minutes": 0},
        {"offer_duration_minutes": 24 * 60, "offer_notice_minutes": 366 * 24 * 60},
    ],
)
def test_database_and_model_take_what_is_just_possible(values: dict[str, object]) -> None:
    link = PrivateLinkFactory.create()

    PrivateLink.objects.filter(pk=link.pk).update(**values)

    link.refresh_from_db()
    link.full_clean()
    assert {field: getattr(link, field) for field in values} == values


def test_database_refuses_the_same_hash_twice() -> None:
    link = PrivateLinkFactory.create()

    with pytest.raises(IntegrityError, match="privatelinks_privatelink_hash"):
        PrivateLinkFactory.create(hash=link.hash)


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"max_uses": 1, "usage_count": 2}, "The link has already been used more often than that."),
        ({"opens_at": NOW, "expires_at": NOW}, "The link must open before it expires."),
        ({"allowed_invitees": ["@example.com"] * 21}, "At most 20 addresses and domains are possible."),
        *(({"allowed_invitees": [text]}, MALFORMED_WORDS) for text in ("grace", "Grace@example.com", "grace@")),
        (
            {"offer_starts_on": TODAY, "offer_ends_on": YESTERDAY},
            "The last date may not be before the first.",
        ),
    ],
)
def test_model_words_what_the_database_would_refuse(values: dict[str, object], message: str) -> None:
    link = PrivateLink(event_type=EventTypeFactory.create(), **values)

    with pytest.raises(ValidationError) as refusal:
        link.full_clean()

    assert refusal.value.messages == [message]


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"offer_duration_minutes": 0}, "The duration must be from 1 minute to 24 hours."),
        ({"offer_duration_minutes": 24 * 60 + 1}, "The duration must be from 1 minute to 24 hours."),
        ({"offer_notice_minutes": 366 * 24 * 60 + 1}, "The minimum notice must be at most a year."),
    ],
)
def test_model_words_numbers_that_the_database_would_refuse(values: dict[str, int], message: str) -> None:
    link = PrivateLink(event_type=EventTypeFactory.create(), **values)

    with pytest.raises(ValidationError) as of_the_field:
        link.full_clean()
    with pytest.raises(ValidationError) as of_the_constraint:
        link.validate_constraints()

    assert list(of_the_field.value.message_dict) == list(values)
    assert of_the_constraint.value.messages == [message]
