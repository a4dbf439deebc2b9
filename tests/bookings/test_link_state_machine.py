"""Random lives of an event type's private links: whatever happens, in whatever order, their counts are right.

After each step the uses of every link are the bookings that hold one, and the page says of a link what the booking
does: `GET` shows it exactly if `POST` books through it.
"""

import uuid
from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from django.test import Client
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, initialize, invariant, multiple, rule
from hypothesis.stateful import run_state_machine_as_test as run_state_machine

from bookings.models import Booking
from bookings.services.booking import SlotUnavailableError
from bookings.services.cancelling import cancel_by_host, cancel_by_invitee
from bookings.services.confirming import confirm_booking, decline_booking
from bookings.services.link_counts import find_miscounts
from bookings.services.refusals import RefusedError
from bookings.services.rescheduling import reschedule_by_host, reschedule_by_invitee
from bookings.slots import Offer
from eventtypes.models import BookingWindowKind, EventType
from eventtypes.services.event_types import duplicate
from privatelinks.models import PrivateLink
from privatelinks.services.advanced_tab import switch_private_links
from privatelinks.services.links import change_link, delete_links, duplicate_link, replace_hash
from privatelinks.services.reviving import end_link
from tests.bookings.booking_forms import booking_fields
from tests.bookings.random_hosts import undone
from tests.clock import DatabaseClock
from tests.factories import EventTypeFactory, PrivateLinkFactory, ScheduleFactory
from tests.scale import scaled

NOW = datetime(2026, 12, 1, 8, tzinfo=UTC)
ROUND_THE_CLOCK = [(weekday, time(0), time(0)) for weekday in range(7)]
STEPS_PER_LIFE = 50
USES = st.none() | st.integers(1, 4)
HOURS = st.integers(1, 30).map(lambda hours: timedelta(hours=hours))
NUMBERS = st.integers(0, 500)


class LivesOfLinks(RuleBasedStateMachine):
    """One event type, its links, who books through them, and what becomes of all that."""

    links = Bundle("links")
    bookings = Bundle("bookings")

    def __init__(self) -> None:
        super().__init__()
        self.life = transaction.atomic()
        self.life.__enter__()
        self.clock = DatabaseClock()
        self.client = Client()
        # Which bookings hold a use of which link, as the rules have it.
        self.held: dict[int, set[int]] = {}
        self.dead_addresses: list[str] = []
        self.turn = 0

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.life.__exit__(None, None, None)

    @initialize(target=links, requires_confirmation=st.booleans(), max_uses=USES, returns_uses=st.booleans())
    def begin(self, requires_confirmation: bool, max_uses: int | None, returns_uses: bool) -> int:
        self.set_now(NOW)
        schedule = ScheduleFactory(rules=ROUND_THE_CLOCK, time_zone="UTC")
        self.event_type: EventType = EventTypeFactory(
            host=schedule.host,
            schedule=schedule,
            requires_confirmation=requires_confirmation,
            booking_window_kind=BookingWindowKind.UNLIMITED,
        )
        return self.keep(PrivateLinkFactory(event_type=self.event_type, max_uses=max_uses, returns_uses=returns_uses))

    def set_now(self, now: datetime) -> None:
        self.now = now
        self.clock.set(now)

    def keep(self, link: PrivateLink) -> int:
        self.held[link.pk] = set()
        return link.pk

    def find(self, link_id: int) -> PrivateLink | None:
        return PrivateLink.objects.with_event_type().filter(pk=link_id).first()

    def start(self, number: int) -> datetime:
        """Return the start of one of the slots of the days that come."""
        slots = Offer(EventType.objects.get(pk=self.event_type.pk), self.now).slots(
            self.now, self.now + timedelta(days=12)
        )
        return slots[number % len(slots)].starts_at

    def release(self, booking: Booking) -> None:
        self.held.get(booking.private_link_id or 0, set()).discard(booking.pk)

    # --- What invitees do

    @rule(target=bookings, link_id=links, number=NUMBERS)
    def book(self, link_id: int, number: int) -> Any:
        link = self.find(link_id)
        if link is None:
            return multiple()
        is_shown = self.client.get(link.get_absolute_url()).status_code == 200
        request_key = uuid.uuid4()
        fields = booking_fields(start=f"{self.start(number):%Y-%m-%dT%H:%M:%SZ}", request_key=str(request_key))

        answers = [self.client.post(link.get_absolute_url(), fields) for _ in range(2)]

        booking = Booking.objects.filter(request_key=request_key).first()
        assert (booking is not None) == is_shown == link.is_live(self.now)
        assert {answer.status_code for answer in answers} == ({302} if is_shown else {404})
        if booking is None:
            return multiple()
        self.held[link_id].add(booking.pk)
        return booking.pk

    @rule(booking_id=bookings)
    def invitee_cancels(self, booking_id: int) -> None:
        booking = Booking.objects.select_related("private_link").get(pk=booking_id)
        try:
            after = cancel_by_invitee(booking=booking)
        except RefusedError:
            return
        if booking.holds_time and booking.private_link is not None and booking.private_link.returns_uses:
            self.release(booking)
        assert after.is_cancelled

    @rule(booking_id=bookings, number=NUMBERS, by_host=st.booleans())
    def move(self, booking_id: int, number: int, by_host: bool) -> None:
        booking, starts_at = Booking.objects.get(pk=booking_id), self.start(number)
        reschedule = reschedule_by_host if by_host else reschedule_by_invitee
        try:
            after = reschedule(booking=booking, starts_at=starts_at)
        except (RefusedError, SlotUnavailableError):
            return
        assert (after.uid, after.starts_at, after.holds_use) == (booking.uid, starts_at, booking.holds_use)

    # --- What the host does with bookings

    @rule(booking_id=bookings)
    def confirm(self, booking_id: int) -> None:
        try:
            confirm_booking(booking=Booking.objects.get(pk=booking_id))
        except RefusedError:
            return

    @rule(booking_id=bookings)
    def decline(self, booking_id: int) -> None:
        booking = Booking.objects.get(pk=booking_id)
        try:
            decline_booking(booking=booking)
        except RefusedError:
            return
        self.release(booking)

    @rule(booking_id=bookings, gives_use_back=st.booleans())
    def host_cancels(self, booking_id: int, gives_use_back: bool) -> None:
        booking = Booking.objects.get(pk=booking_id)
        try:
            cancel_by_host(booking=booking, gives_use_back=gives_use_back)
        except RefusedError:
            return
        if booking.holds_time and gives_use_back:
            self.release(booking)

    # --- What the host does with links

    @rule(target=links, max_uses=USES, returns_uses=st.booleans())
    def add(self, max_uses: int | None, returns_uses: bool) -> int:
        return self.keep(PrivateLinkFactory(event_type=self.event_type, max_uses=max_uses, returns_uses=returns_uses))

    @rule(link_id=links, is_paused=st.booleans())
    def pause_or_resume(self, link_id: int, is_paused: bool) -> None:
        if link := self.find(link_id):
            change_link(link=link, changes={"is_paused": is_paused})

    @rule(link_id=links, max_uses=USES)
    def lower_raise_or_clear(self, link_id: int, max_uses: int | None) -> None:
        link = self.find(link_id)
        if link is None:
            return
        is_too_low = max_uses is not None and max_uses < len(self.held[link_id]) and max_uses != link.max_uses
        try:
            change_link(link=link, changes={"max_uses": max_uses})
        except ValidationError:
            assert is_too_low
        else:
            assert not is_too_low

    @rule(link_id=links, later=st.none() | HOURS)
    def expire_or_extend(self, link_id: int, later: timedelta | None) -> None:
        if link := self.find(link_id):
            change_link(link=link, changes={"expires_at": None if later is None else self.now + later})

    @rule(link_id=links)
    def end_now(self, link_id: int) -> None:
        if link := self.find(link_id):
            end_link(link=link)

    @rule(link_id=links, later=st.none() | HOURS)
    def open_later(self, link_id: int, later: timedelta | None) -> None:
        link = self.find(link_id)
        if link is None:
            return
        try:
            change_link(link=link, changes={"opens_at": None if later is None else self.now + later})
        except ValidationError:
            assert link.expires_at is not None

    @rule(link_id=links)
    def give_new_url(self, link_id: int) -> None:
        if link := self.find(link_id):
            self.dead_addresses.append(link.get_absolute_url())
            replace_hash(link=link)

    @rule(target=links, link_id=links)
    def duplicate(self, link_id: int) -> Any:
        link = self.find(link_id)
        if link is None:
            return multiple()
        copy = duplicate_link(link=link)
        assert (copy.hash != link.hash, copy.usage_count) == (True, 0)
        return self.keep(copy)

    @rule(link_id=consumes(links))
    def delete(self, link_id: int) -> None:
        if link := self.find(link_id):
            self.dead_addresses.append(link.get_absolute_url())
            delete_links(links=[link])
            del self.held[link_id]

    @rule()
    def switch(self) -> None:
        event_type = EventType.objects.get(pk=self.event_type.pk)
        switch_private_links(event_type=event_type, is_on=not event_type.private_links_enabled)

    @rule()
    def duplicate_event_type(self) -> None:
        copy = duplicate(event_type=EventType.objects.get(pk=self.event_type.pk))
        assert not copy.private_links.exists()

    @rule(later=HOURS)
    def let_time_pass(self, later: timedelta) -> None:
        self.set_now(self.now + later)

    # --- What holds after each step

    @invariant()
    def uses_are_the_bookings_that_hold_one(self) -> None:
        assert find_miscounts() == []
        counted = dict(PrivateLink.objects.filter(event_type=self.event_type).values_list("pk", "usage_count"))
        assert counted == {link_id: len(bookings) for link_id, bookings in self.held.items()}

    @invariant()
    def page_says_what_booking_does(self) -> None:
        """Ask one link at each step, one after the other; what the booking stores is taken back."""
        if not self.held:
            return
        self.turn += 1
        link = self.find(list(self.held)[self.turn % len(self.held)])
        assert link is not None
        fields = booking_fields(start=f"{self.start(self.turn):%Y-%m-%dT%H:%M:%SZ}")
        with undone():
            answers = self.client.get(link.get_absolute_url()), self.client.post(link.get_absolute_url(), fields)
        statuses = [answer.status_code for answer in answers]
        assert statuses == ([200, 302] if link.is_live(self.now) else [404, 404])

    @invariant()
    def dead_addresses_stay_dead(self) -> None:
        for address in self.dead_addresses[-3:]:
            assert self.client.get(address).status_code == 404


@pytest.mark.rule("R7")
@pytest.mark.django_db
def test_links_count_right_whatever_happens() -> None:
    run_state_machine(
        LivesOfLinks,
        settings=settings(
            max_examples=scaled(100),
            stateful_step_count=STEPS_PER_LIFE,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
