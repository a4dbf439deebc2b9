"""Many invitees at once, over real HTTP, against several processes: a link admits exactly the uses it has left.

Each rule has its control: the same crowd, and a site without the guards of the rule, does break it.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

import pytest
from django.db import transaction
from procrastinate.contrib.django.models import ProcrastinateJob

from bookings.models import Booking
from bookings.services.link_counts import find_miscounts
from eventtypes.clock import database_now
from eventtypes.models import Host, Visibility
from eventtypes.services.event_types import set_visibility
from privatelinks.models import PrivateLink
from privatelinks.services.advanced_tab import switch_private_links
from privatelinks.services.links import change_link, delete_links, lock_link, pause_link
from tests.clock import DatabaseClock
from tests.factories import PrivateLinkFactory
from tests.faults.guards import without_constraints
from tests.faults.storm import CROWD, Invitee, book_at_once, make_open_event_type
from tests.form_client import Answer
from tests.scale import FRACTION, sampled, scaled

ROUNDS = scaled(20)

pytestmark = pytest.mark.django_db(transaction=True)

type Figure = Callable[[str], None]


@pytest.fixture
def site_without_guards(unguarded_site: str, transactional_db: None) -> Iterator[str]:
    """The site without locks, on a database without the constraints."""
    with without_constraints():
        yield unguarded_site


def make_link(**values: object) -> PrivateLink:
    link: PrivateLink = PrivateLinkFactory(event_type=make_open_event_type(), **values)
    return link


def book_on_free_slots(origin: str, link: PrivateLink, **options: Callable[[], object]) -> list[Answer]:
    """Let a crowd book through the link, everybody another slot."""
    return book_at_once(origin, [Invitee(link, number) for number in range(CROWD)], **options)


def mails_about(link: PrivateLink) -> int:
    ids = list(link.bookings.values_list("pk", flat=True))
    return ProcrastinateJob.objects.filter(task_name="bookings.send_booking_mail", args__booking_id__in=ids).count()


@pytest.mark.rule("R1")
class TestOneLink:
    @pytest.mark.parametrize("uses", sampled([1, 2, 7, 50]))
    def test_link_admits_exactly_its_uses(self, site: str, uses: int, figure: Figure) -> None:
        for _ in range(ROUNDS):
            link = make_link(max_uses=uses)

            answers = book_on_free_slots(site, link)

            link.refresh_from_db()
            assert Counter(answer.status for answer in answers) == {302: uses, 404: CROWD - uses}
            assert (link.bookings.count(), link.usage_count, mails_about(link)) == (uses, uses, 2 * uses)
        figure(f"{uses} uses, {CROWD} at once, {ROUNDS} times: {uses} bookings each time, the others 404, none 5xx")

    @pytest.mark.in_full
    def test_without_its_guards_the_site_sells_a_link_too_often(self, site_without_guards: str, figure: Figure) -> None:
        link = make_link(max_uses=7)

        book_on_free_slots(site_without_guards, link)

        assert link.bookings.count() > 7
        figure(f"control, without the guards: {link.bookings.count()} bookings through 7 uses")


def expire(link: PrivateLink) -> datetime:
    """Let the link's date come, and return that instant: the clock jumps there, for the site as well."""
    link.refresh_from_db()
    assert link.expires_at is not None
    DatabaseClock().set(link.expires_at)
    return link.expires_at


def _now_after(act: Callable[[PrivateLink], object]) -> Callable[[PrivateLink], datetime]:
    """Act, and return the instant after which nothing may be decided otherwise."""

    def act_and_look(link: PrivateLink) -> datetime:
        act(link)
        return database_now()

    return act_and_look


@transaction.atomic
def _lower(link: PrivateLink) -> None:
    """Leave the link no use, of those that are left once the lock is held."""
    used = lock_link(link).usage_count
    change_link(link=link, changes={"max_uses": used})


def _deactivate(link: PrivateLink) -> None:
    Host.objects.filter(pk=link.event_type.host_id).update(is_active=False)


CUTS: dict[str, Callable[[PrivateLink], datetime]] = {
    "expires": expire,
    "paused": _now_after(lambda link: pause_link(link=link)),
    "deleted": _now_after(lambda link: delete_links(links=[link])),
    "lowered": _now_after(_lower),
    "switched off": _now_after(lambda link: switch_private_links(event_type=link.event_type, is_on=False)),
    "host deactivated": _now_after(_deactivate),
}


@pytest.mark.rule("R2")
class TestEndInTheMiddle:
    @pytest.mark.usefixtures("database_clock")
    @pytest.mark.parametrize("end", [*sampled(list(CUTS))])
    def test_no_booking_is_decided_after_the_end(self, site: str, end: str, figure: Figure) -> None:
        link = make_link(max_uses=None, expires_at=database_now() + timedelta(hours=1))
        seen: list[datetime] = []

        def cut() -> None:
            seen.append(CUTS[end](link))

        answers = book_on_free_slots(site, link, half_way=cut)

        [moment] = seen
        bookings = link.event_type.bookings
        assert bookings.filter(created_at__gte=moment).count() == 0
        assert {answer.status for answer in answers} <= {302, 404}
        assert bookings.count() == sum(answer.status == 302 for answer in answers) > 0
        assert find_miscounts() == []
        refused = CROWD - bookings.count()
        # A small crowd may be through before the end has its turn.
        assert refused > 0 or FRACTION > 1
        figure(f"{end} in a burst of {CROWD}: {bookings.count()} bookings before, none at or after, {refused} refused")

    @pytest.mark.in_full
    def test_event_type_that_becomes_private_is_not_booked_at_its_url_any_more(self, site: str) -> None:
        link = make_link(max_uses=None)
        event_type = link.event_type
        public = [PublicInvitee(link, number) for number in range(CROWD)]
        seen: list[datetime] = []

        def cut() -> None:
            set_visibility(event_type=event_type, visibility=Visibility.PRIVATE)
            seen.append(database_now())

        answers = book_at_once(site, public, half_way=cut)

        assert event_type.bookings.filter(created_at__gte=seen[0]).count() == 0
        assert event_type.bookings.count() == sum(answer.status == 302 for answer in answers) > 0
        assert {answer.status for answer in answers} <= {302, 404}

    @pytest.mark.in_full
    def test_without_its_guards_the_site_books_after_the_end(self, site_without_guards: str, figure: Figure) -> None:
        """Pausing commits while bookings are on their way that have been decided before: they come after it."""
        late = 0
        for _ in range(10):
            link = make_link(max_uses=None)
            at_the_end: list[int] = []

            def cut(link: PrivateLink = link, at_the_end: list[int] = at_the_end) -> None:
                pause_link(link=link)
                at_the_end.append(link.bookings.count())

            book_on_free_slots(site_without_guards, link, half_way=cut)
            late += link.bookings.count() - at_the_end[0]
            if late:
                break

        assert late > 0
        figure(f"control, without the guards: {late} bookings stored after the link was paused")


class PublicInvitee(Invitee):
    """Somebody who comes by the public page."""

    @property
    def address(self) -> str:
        event_type = self.link.event_type
        path = f"/{event_type.host.username}/{event_type.slug}/"
        return super().address.replace(self.link.get_absolute_url(), path)


@pytest.mark.rule("R3")
class TestOneSlot:
    def test_slot_is_booked_once_and_the_other_links_stay_unspent(self, site: str, figure: Figure) -> None:
        links = self.links()

        answers = book_at_once(site, [Invitee(link, 0) for link in links])

        assert Counter(answer.status for answer in answers) == {302: 1, 409: CROWD - 1}
        assert all("Please choose another one." in answer.body for answer in answers if answer.status == 409)
        assert sum(link.usage_count for link in PrivateLink.objects.all()) == Booking.objects.count() == 1
        figure(f"{CROWD} links, one slot: 1 booking, {CROWD - 1} times 409, {CROWD - 1} links unspent")

    @pytest.mark.in_full
    def test_without_its_guards_the_site_sells_the_slot_twice(self, site_without_guards: str, figure: Figure) -> None:
        book_at_once(site_without_guards, [Invitee(link, 0) for link in self.links()])

        assert Booking.objects.count() > 1
        figure(f"control, without the guards: {Booking.objects.count()} bookings of one slot")

    def links(self) -> list[PrivateLink]:
        event_type = make_open_event_type()
        return [PrivateLinkFactory(event_type=event_type, max_uses=1) for _ in range(CROWD)]
