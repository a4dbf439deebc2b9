"""The order of locks: host row, private link rows, booking row, in every verb; two orders would be a deadlock."""

import re
import uuid
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bookings.emails import MailKind
from bookings.models import Booking, BookingStatus, MailFailure, MailName, Recipient
from bookings.services.booking import Invitee, book
from bookings.services.cancelling import cancel_by_host, cancel_by_invitee
from bookings.services.confirming import confirm_booking, decline_booking
from bookings.services.erasing import erase_invitee, erase_past_bookings
from bookings.services.mail_again import send_again
from bookings.services.no_show import mark_no_show
from bookings.services.rescheduling import reschedule_by_host, reschedule_by_invitee
from bookings.slots import Offer
from eventtypes.clock import database_now
from eventtypes.models import EventType, Visibility
from eventtypes.services import event_types, schedules
from eventtypes.services.questions import questions_version, save_questions
from privatelinks.models import PrivateLink
from privatelinks.services import bulk, links, reviving
from privatelinks.services.advanced_tab import save_advanced_tab
from privatelinks.services.event_types import delete_event_type
from privatelinks.services.links import change_link
from privatelinks.services.sending import send_link
from tests.factories import BookingFactory, PrivateLinkFactory

HOST, LINK, BOOKING = "eventtypes_host", "privatelinks_privatelink", "bookings_booking"


@pytest.fixture
def link(db: None) -> PrivateLink:
    """Make a link of one event type."""
    link: PrivateLink = PrivateLinkFactory.create(max_uses=5, expires_at=datetime(2999, 8, 31, 22, tzinfo=UTC))
    return link


def _book(link: PrivateLink) -> None:
    invitee = Invitee("Iris", "iris@example.com", link.event_type.schedule.time_zone)
    book(
        event_type=link.event_type,
        starts_at=_first_start(link),
        invitee=invitee,
        request_key=uuid.uuid4(),
        private_link=link,
    )


def _send(link: PrivateLink) -> None:
    send_link(link=link, recipient="iris@example.com", text="", request_key=uuid.uuid4())


def _cancelled(by: Callable[..., Booking], **options: bool) -> Callable[[PrivateLink], Booking]:
    return lambda link: by(booking=Booking.objects.get(private_link=link), **options)


def _answered(verb: Callable[..., Booking]) -> Callable[[PrivateLink], Booking]:
    return lambda link: verb(booking=_requested(link))


def _requested(link: PrivateLink) -> Booking:
    Booking.objects.filter(private_link=link).update(status=BookingStatus.PENDING, confirmed_at=None)
    return Booking.objects.get(private_link=link)


def _rescheduled(by: Callable[..., Booking]) -> Callable[[PrivateLink], Booking]:
    return lambda link: by(booking=Booking.objects.get(private_link=link), starts_at=_first_start(link))


def _first_start(link: PrivateLink) -> datetime:
    now = database_now()
    slot = Offer(link.event_type, now).first_slot(now)
    assert slot is not None
    return slot.starts_at


def _begun(verb: Callable[..., Booking]) -> Callable[[PrivateLink], Booking]:
    """Let the meeting begin first."""

    def begin_and_act(link: PrivateLink) -> Booking:
        Booking.objects.filter(private_link=link).update(starts_at=database_now())
        return verb(booking=Booking.objects.get(private_link=link))

    return begin_and_act


def _send_mail_again(link: PrivateLink) -> None:
    booking = Booking.objects.get(private_link=link)
    mail = MailName(booking.pk, MailKind.CONFIRMED, Recipient.INVITEE, booking.ics_sequence)
    MailFailure.objects.note(mail, reason="550 No", now=database_now())
    send_again(booking=booking, failure_id=booking.mail_failures.get().pk)


def _erase(link: PrivateLink) -> None:
    host = _over(link).host
    change_link(link=link, changes={"invitee_email": "iris@example.com"})
    erase_invitee(email="iris@example.com", host=host)


def _erase_past(link: PrivateLink) -> None:
    _over(link)
    erase_past_bookings(kept_days=1)


def _over(link: PrivateLink) -> Booking:
    """Let the meeting be over for two days."""
    ended = database_now() - timedelta(days=2)
    Booking.objects.filter(private_link=link).update(starts_at=ended - timedelta(hours=1), ends_at=ended)
    return Booking.objects.get(private_link=link)


def _of_event_type(verb: Callable[..., object], **options: object) -> Callable[[PrivateLink], object]:
    return lambda link: verb(event_type=link.event_type, **options)


def _of_list(verb: Callable[..., object]) -> Callable[[PrivateLink], object]:
    return lambda link: verb(host=link.event_type.host, link_ids=[link.pk])


def _of_schedule(verb: Callable[..., object]) -> Callable[[PrivateLink], object]:
    return lambda link: verb(schedule=link.event_type.schedule)


@pytest.mark.parametrize(
    ("act", "expected"),
    [
        pytest.param(_book, [HOST, LINK], id="book"),
        pytest.param(_cancelled(cancel_by_invitee), [HOST, LINK, BOOKING], id="cancel by invitee"),
        pytest.param(_cancelled(cancel_by_host, gives_use_back=True), [HOST, LINK, BOOKING], id="cancel by host"),
        pytest.param(_answered(confirm_booking), [HOST, LINK, BOOKING], id="confirm"),
        pytest.param(_answered(decline_booking), [HOST, LINK, BOOKING], id="decline"),
        pytest.param(_rescheduled(reschedule_by_invitee), [HOST, LINK, BOOKING], id="reschedule by invitee"),
        pytest.param(_rescheduled(reschedule_by_host), [HOST, LINK, BOOKING], id="reschedule by host"),
        pytest.param(_erase, [HOST, LINK, HOST, LINK, BOOKING], id="erase invitee, once the link is theirs"),
        # Links stay as they are. The second time there is nothing left.
        pytest.param(_erase_past, [HOST, BOOKING, HOST], id="erase past bookings"),
        pytest.param(_begun(mark_no_show), [HOST, LINK, BOOKING], id="mark no-show"),
        pytest.param(_send_mail_again, [HOST, LINK, BOOKING], id="send a mail again"),
        pytest.param(_of_event_type(save_advanced_tab, private_links_enabled=False), [HOST, LINK], id="Advanced tab"),
        pytest.param(lambda link: links.pause_link(link=link), [HOST, LINK], id="pause"),
        pytest.param(lambda link: links.replace_hash(link=link), [HOST, LINK], id="new URL"),
        pytest.param(lambda link: reviving.end_link(link=link), [HOST, LINK], id="end link"),
        pytest.param(
            lambda link: reviving.extend_link(link=link, shown=link.expires_at), [HOST, LINK], id="extend link"
        ),
        pytest.param(lambda link: reviving.allow_one_more_use(link=link, shown=5), [HOST, LINK], id="one more use"),
        pytest.param(lambda link: reviving.remove_expiry(link=link), [HOST, LINK], id="remove expiry"),
        pytest.param(lambda link: reviving.remove_limit_of_uses(link=link), [HOST, LINK], id="remove limit of uses"),
        pytest.param(lambda link: links.duplicate_link(link=link), [HOST, LINK], id="duplicate link"),
        pytest.param(_send, [HOST, LINK], id="send link"),
        pytest.param(lambda link: links.delete_links(links=[link]), [HOST, LINK], id="delete link"),
        pytest.param(_of_list(bulk.pause_links), [HOST, LINK], id="pause in the list"),
        pytest.param(_of_list(bulk.resume_links), [HOST, LINK], id="resume in the list"),
        pytest.param(_of_list(bulk.delete_own_links), [HOST, LINK], id="delete in the list"),
        pytest.param(_of_event_type(delete_event_type), [HOST, LINK], id="delete event type"),
        pytest.param(
            _of_event_type(event_types.set_visibility, visibility=Visibility.PRIVATE), [HOST], id="visibility"
        ),
        pytest.param(_of_event_type(save_questions, edits=[], seen=questions_version([])), [HOST], id="save questions"),
        pytest.param(_of_event_type(event_types.duplicate), [HOST], id="duplicate event type"),
        pytest.param(_of_schedule(schedules.make_default), [HOST], id="default schedule"),
        pytest.param(_of_schedule(schedules.duplicate), [HOST], id="duplicate schedule"),
    ],
)
def test_locks_are_taken_in_one_order(
    link: PrivateLink, act: Callable[[PrivateLink], object], expected: list[str]
) -> None:
    BookingFactory.create(
        event_type=EventType.objects.get(pk=link.event_type_id),
        private_link=link,
        starts_at=datetime(2030, 1, 7, 9, tzinfo=UTC),
    )

    with CaptureQueriesContext(connection) as queries:
        act(link)

    statements = [query["sql"] for query in queries if "FOR NO KEY UPDATE" in query["sql"]]
    assert [_table(statement) for statement in statements] == expected


def _table(statement: str) -> str:
    match = re.search(r'FROM "(\w+)"', statement)
    assert match is not None
    return match[1]
