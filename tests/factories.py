"""Factories: a host in Berlin with a Mon–Fri 9–17 schedule, event types, private links and bookings of theirs."""

import uuid
from datetime import UTC, datetime, time, timedelta
from typing import Any

import factory
from factory.django import DjangoModelFactory

from bookings.models import Booking
from eventtypes.models import AvailabilityRule, EventType, Host, Question, Schedule
from privatelinks.models import PrivateLink

PASSWORD = "correct horse battery"


class HostFactory(DjangoModelFactory[Host]):
    class Meta:
        model = Host
        skip_postgeneration_save = True

    username = factory.Sequence(lambda n: f"host-{n}")
    name = factory.Sequence(lambda n: f"Host {n}")
    email = factory.LazyAttribute(lambda host: f"{host.username}@example.com")
    time_zone = "Europe/Berlin"
    password = factory.django.Password(PASSWORD)


class ScheduleFactory(DjangoModelFactory[Schedule]):
    """Weekdays from 9 to 17; `weekdays` and `hours` change that."""

    class Meta:
        model = Schedule
        skip_postgeneration_save = True

    host = factory.SubFactory(HostFactory)
    name = "Working hours"
    time_zone = "Europe/Berlin"

    @factory.post_generation
    def rules(schedule: Schedule, create: bool, extracted: Any, **kwargs: Any) -> None:  # noqa: N805 - factory-boy's way
        windows = [(day, time(9), time(17)) for day in range(5)] if extracted is None else extracted
        AvailabilityRule.objects.bulk_create(
            AvailabilityRule(schedule=schedule, weekday=day, start_time=start, end_time=end)
            for day, start, end in windows
        )


class EventTypeFactory(DjangoModelFactory[EventType]):
    class Meta:
        model = EventType

    host = factory.SubFactory(HostFactory)
    schedule = factory.SubFactory(ScheduleFactory, host=factory.SelfAttribute("..host"))
    title = factory.Sequence(lambda n: f"Discovery call {n}")
    slug = factory.Sequence(lambda n: f"discovery-call-{n}")
    duration_minutes = 30
    minimum_notice_minutes = 0
    private_links_enabled = True


class QuestionFactory(DjangoModelFactory[Question]):
    """An optional question for one line of text, behind the event type's others."""

    class Meta:
        model = Question

    event_type = factory.SubFactory(EventTypeFactory)
    label = factory.Sequence(lambda n: f"Question {n}?")
    position = factory.LazyAttribute(lambda question: question.event_type.questions.count())


class PrivateLinkFactory(DjangoModelFactory[PrivateLink]):
    class Meta:
        model = PrivateLink

    event_type = factory.SubFactory(EventTypeFactory)
    name = factory.Sequence(lambda n: f"Link {n}")


class BookingFactory(DjangoModelFactory[Booking]):
    """A confirmed booking that came through no link; each starts a day after the one before."""

    class Meta:
        model = Booking

    event_type = factory.SubFactory(EventTypeFactory)
    host = factory.SelfAttribute("event_type.host")
    title = factory.SelfAttribute("event_type.title")
    organizer_email = factory.SelfAttribute("host.email")
    request_key = factory.LazyFunction(uuid.uuid4)
    created_at = factory.LazyFunction(lambda: datetime.now(UTC))
    starts_at = factory.Sequence(lambda n: datetime(2030, 1, 7, 9, tzinfo=UTC) + timedelta(days=n))
    ends_at = factory.LazyAttribute(lambda booking: booking.starts_at + timedelta(minutes=30))
    confirmed_at = factory.LazyAttribute(lambda booking: booking.created_at if booking.status == "confirmed" else None)
    status = "confirmed"
    invitee_name = "Iris Invitee"
    invitee_email = "iris@example.com"
    invitee_time_zone = "Europe/Berlin"
