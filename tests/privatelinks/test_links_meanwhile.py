"""Hosts and invitees at the same moment: what was read before a lock counts for nothing."""

import uuid
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from http import HTTPStatus
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from eventtypes.clock import database_now
from eventtypes.models import EventType
from eventtypes.services.locking import lock_host
from privatelinks.models import LinkEvent, LinkEventKind, LinkState, PrivateLink
from privatelinks.services.advanced_tab import EditsRefusedError, LinkEdit, save_advanced_tab
from privatelinks.services.bulk import delete_own_links, pause_links, resume_links
from privatelinks.services.event_types import delete_event_type
from privatelinks.services.links import change_link, delete_links, duplicate_link, pause_link, replace_hash
from privatelinks.services.reviving import allow_one_more_use, end_link, extend_link
from privatelinks.services.sending import send_link
from privatelinks.services.uses import spend_use
from tests.bookings.queued_mails import empty_queue
from tests.factories import PrivateLinkFactory
from tests.meanwhile import meanwhile

ACTIONS = ["pause", "resume", "end", "extend", "one-more-use", "remove-expiry", "remove-limit-of-uses"]
ACTIONS += ["duplicate", "new-url", "send"]

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def link() -> Iterator[PrivateLink]:
    """A link with five uses, one of them spent."""
    yield PrivateLinkFactory.create(name="Beta", max_uses=5, usage_count=1)
    empty_queue()


def stored(link: PrivateLink) -> PrivateLink:
    return PrivateLink.objects.get(pk=link.pk)


def booking_through(link: PrivateLink) -> Callable[[], None]:
    """Return what a booking does to the link, under the lock that every booking takes."""

    def book() -> None:
        lock_host(link.event_type.host_id)
        spend_use(link, timezone.now())

    return book


def test_booking_made_while_the_tab_waits_keeps_its_use(link: PrivateLink) -> None:
    with meanwhile(booking_through(link)):
        save_advanced_tab(event_type=link.event_type, edits=[LinkEdit({"name": "Renamed", "max_uses": 7}, link.pk)])

    assert (stored(link).name, stored(link).max_uses, stored(link).usage_count) == ("Renamed", 7, 2)


def test_limit_is_judged_by_the_booking_made_while_the_tab_waits(link: PrivateLink) -> None:
    with meanwhile(booking_through(link)), pytest.raises(EditsRefusedError):
        save_advanced_tab(event_type=link.event_type, edits=[LinkEdit({"max_uses": 1}, link.pk)])

    assert (stored(link).max_uses, stored(link).usage_count) == (5, 2)


def test_limit_is_judged_by_the_booking_made_while_the_links_page_waits(link: PrivateLink) -> None:
    with meanwhile(booking_through(link)), pytest.raises(ValidationError):
        change_link(link=link, changes={"max_uses": 1})

    assert (stored(link).max_uses, stored(link).usage_count) == (5, 2)


def test_booking_made_while_a_new_url_waits_keeps_its_use(link: PrivateLink) -> None:
    with meanwhile(booking_through(link)):
        replace_hash(link=link)

    assert stored(link).usage_count == 2


def test_booking_made_while_the_end_of_the_link_waits_keeps_its_use(link: PrivateLink) -> None:
    with meanwhile(booking_through(link)):
        end_link(link=link)

    fresh = stored(link)
    assert (fresh.usage_count, fresh.state(timezone.now())) == (2, LinkState.EXPIRED)


def test_end_is_when_the_locks_are_held(link: PrivateLink) -> None:
    booked_at: list[datetime] = []

    def book_last() -> None:
        booking_through(link)()
        booked_at.append(database_now())

    with meanwhile(book_last):
        end_link(link=link)

    end = stored(link).expires_at
    assert end is not None
    assert end > booked_at[0]


def test_link_extended_from_two_pages_at_once_is_extended_once(link: PrivateLink) -> None:
    shown = timezone.now() - timedelta(days=1)
    PrivateLink.objects.filter(pk=link.pk).update(expires_at=shown)

    with meanwhile(lambda: extend_link(link=link, shown=shown)):
        extend_link(link=link, shown=shown)

    assert link.events.count() == 1


def test_one_more_use_allowed_on_two_pages_at_once_is_one(link: PrivateLink) -> None:
    PrivateLink.objects.filter(pk=link.pk).update(max_uses=1)

    with meanwhile(lambda: allow_one_more_use(link=link, shown=1)):
        allow_one_more_use(link=link, shown=1)

    assert (stored(link).max_uses, stored(link).usage_count) == (2, 1)


def test_copy_asked_for_twice_at_once_is_one(link: PrivateLink) -> None:
    request_key = uuid4()

    with meanwhile(lambda: duplicate_link(link=link, request_key=request_key)):
        duplicate_link(link=link, request_key=request_key)

    assert PrivateLink.objects.count() == 2


def test_link_deleted_while_the_tab_waits_is_refused_and_nothing_is_stored(link: PrivateLink) -> None:
    kept = PrivateLinkFactory.create(event_type=link.event_type, name="Kept")
    edits = [LinkEdit({"name": "Changed"}, link.pk), LinkEdit({"name": "Changed, too"}, kept.pk)]

    with meanwhile(lambda: delete_links(links=[link])), pytest.raises(EditsRefusedError):
        save_advanced_tab(event_type=link.event_type, edits=edits)

    assert stored(kept).name == "Kept"


def test_link_paused_while_its_mail_waits_is_not_sent(link: PrivateLink) -> None:
    with meanwhile(lambda: pause_link(link=link)), pytest.raises(ValidationError):
        send_link(link=link, recipient="iris@example.com", text="", request_key=uuid.uuid4())

    assert not LinkEvent.objects.filter(kind=LinkEventKind.SENT).exists()


def test_same_form_sent_twice_at_the_same_moment_sends_one_mail(link: PrivateLink) -> None:
    request_key = uuid.uuid4()

    def send() -> None:
        send_link(link=link, recipient="iris@example.com", text="", request_key=request_key)

    with meanwhile(send):
        send()

    jobs = ProcrastinateJob.objects.filter(args__link_id=link.pk)
    assert (LinkEvent.objects.count(), jobs.count()) == (1, 1)


def test_event_type_deleted_while_the_tab_waits_is_not_found(link: PrivateLink) -> None:
    with meanwhile(lambda: delete_event_type(event_type=link.event_type)), pytest.raises(EventType.DoesNotExist):
        save_advanced_tab(event_type=link.event_type, private_links_enabled=False)


@pytest.mark.parametrize("action", ["", *(f"{action}/" for action in ACTIONS)])
def test_link_deleted_while_its_page_waits_is_not_found(client: Client, link: PrivateLink, action: str) -> None:
    client.force_login(link.event_type.host)
    fields = {"name": "Renamed", "recipient": "iris@example.com", "request_key": str(uuid.uuid4())}

    with meanwhile(lambda: delete_links(links=[link])):
        response = client.post(f"/private-links/{link.pk}/{action}", fields)

    assert response.status_code == HTTPStatus.NOT_FOUND
    assert PrivateLink.objects.count() == 0


@pytest.mark.parametrize(("act", "expected"), [(pause_links, (True, 2)), (resume_links, (False, 2))])
def test_booking_made_while_the_list_waits_keeps_its_use(
    link: PrivateLink, act: Callable[..., int], expected: tuple[bool, int]
) -> None:
    PrivateLink.objects.update(is_paused=not expected[0])

    with meanwhile(booking_through(link)):
        act(host=link.event_type.host, link_ids=[link.pk])

    assert (stored(link).is_paused, stored(link).usage_count) == expected


@pytest.mark.parametrize("act", [pause_links, resume_links, delete_own_links])
def test_link_deleted_while_the_list_waits_does_not_count(link: PrivateLink, act: Callable[..., int]) -> None:
    PrivateLink.objects.update(is_paused=act is resume_links)

    with meanwhile(lambda: delete_links(links=[link])):
        done = act(host=link.event_type.host, link_ids=[link.pk])

    assert (done, LinkEvent.objects.count()) == (0, 0)


def test_link_paused_while_the_list_waits_does_not_count(link: PrivateLink) -> None:
    with meanwhile(lambda: pause_link(link=link)):
        done = pause_links(host=link.event_type.host, link_ids=[link.pk])

    assert (done, LinkEvent.objects.count()) == (0, 1)
