"""Where a meeting takes place: what a host may type for each kind, what the database refuses, and what may be known."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import Client

from eventtypes.forms.event_types import SetupForm
from eventtypes.locations import LocationKind, where_before_booking, where_of_booking
from eventtypes.models import EventType, Host
from eventtypes.services.event_types import duplicate
from tests.eventtypes.test_event_type_forms import SETUP
from tests.factories import EventTypeFactory

ADDRESS = "Enter the address."
NUMBER = "Enter the phone number that is to be called."
NO_NUMBER = "Please enter a phone number, such as +44 20 7946 0000."
LINK = "Enter the link."
NO_LINK = "Enter a link that begins with https:// or http://."


def setup_form(host: Host, **typed: str) -> SetupForm:
    return SetupForm(SETUP | typed, instance=EventType(host=host))


@pytest.mark.parametrize(
    ("kind", "typed", "stored"),
    [
        ("in_person", " 1 High  Street,\nLondon ", "1 High Street, London"),
        ("host_calls", "", ""),
        ("host_calls", "left over from another kind", ""),
        ("invitee_calls", "+44 (20) 7946-0000", "+44 (20) 7946-0000"),
        ("link", "https://video.example.com/ada?pwd=1#x", "https://video.example.com/ada?pwd=1#x"),
        ("link", "HTTP://localhost:8000/", "HTTP://localhost:8000/"),
        ("link", f"https://video.example.com/{'x' * 474}", f"https://video.example.com/{'x' * 474}"),
        ("text", "", ""),
        ("text", "Wherever you like", "Wherever you like"),
    ],
)
def test_location_is_taken(host: Host, kind: str, typed: str, stored: str) -> None:
    form = setup_form(host, location_kind=kind, location=typed, location_is_shown_after_booking="on")

    assert form.is_valid(), form.errors
    assert (form.setup.location_kind, form.setup.location, form.setup.location_is_shown_after_booking) == (
        (kind, stored, True)
    )


@pytest.mark.parametrize(
    ("kind", "typed", "message"),
    [
        ("in_person", " ", ADDRESS),
        ("invitee_calls", "", NUMBER),
        ("invitee_calls", "ask me", NO_NUMBER),
        ("invitee_calls", "1234", NO_NUMBER),
        ("link", "", LINK),
        ("link", "video.example.com", NO_LINK),
        ("link", "javascript:alert(1)", NO_LINK),
        ("link", "ftp://example.com/", NO_LINK),
        ("link", "https://exa mple.com/", NO_LINK),
        ("link", "https://", NO_LINK),
        ("text", "x" * 501, "Use at most 500 characters; this has 501."),
    ],
)
def test_location_that_is_none_is_refused_beside_its_field(host: Host, kind: str, typed: str, message: str) -> None:
    assert setup_form(host, location_kind=kind, location=typed).errors == {"location": [message]}


@pytest.mark.parametrize("kind", ["", "carrier pigeon"])
def test_kind_must_be_one_of_the_kinds(host: Host, kind: str) -> None:
    assert list(setup_form(host, location_kind=kind).errors) == ["location_kind"]


@pytest.mark.parametrize(
    ("values", "constraint", "message"),
    [
        ({"location_kind": "pigeon"}, "kind_known", "Choose how you meet."),
        ({"location_kind": "in_person"}, "where_needed", "Enter the address, the phone number or the link."),
        ({"location_kind": "invitee_calls"}, "where_needed", "Enter the address, the phone number or the link."),
        ({"location_kind": "link", "location": "javascript:x"}, "link_well_formed", NO_LINK),
        ({"location_kind": "link", "location": "https://a b"}, "link_well_formed", NO_LINK),
    ],
)
@pytest.mark.django_db
def test_location_constraint_refuses(values: dict[str, Any], constraint: str, message: str) -> None:
    event_type = EventTypeFactory()

    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        EventType.objects.filter(pk=event_type.pk).update(**values)
    for name, value in values.items():
        setattr(event_type, name, value)
    with pytest.raises(ValidationError) as refused:
        event_type.validate_constraints()

    assert caught.value.__cause__.diag.constraint_name == f"event_type_location_{constraint}"  # type: ignore[union-attr]
    assert refused.value.messages == [message]


def test_setup_tab_stores_the_location(host_client: Client, host: Host) -> None:
    event_type = EventTypeFactory(host=host)
    typed = {"location_kind": "link", "location": "https://video.example.com/", "location_is_shown_after_booking": "on"}

    answer = host_client.post(f"/event-types/{event_type.pk}/setup/", SETUP | typed)

    event_type.refresh_from_db()
    assert answer.status_code == 302
    assert (event_type.location_kind, event_type.location, event_type.location_is_shown_after_booking) == (
        ("link", "https://video.example.com/", True)
    )


def test_setup_tab_says_what_is_wrong_and_keeps_what_was_typed(host_client: Client, host: Host) -> None:
    event_type = EventTypeFactory(host=host)

    answer = host_client.post(
        f"/event-types/{event_type.pk}/setup/", SETUP | {"location_kind": "link", "location": "<b>"}
    )

    event_type.refresh_from_db()
    assert (answer.status_code, answer.context["form"].errors) == (422, {"location": [NO_LINK]})
    assert answer.context["form"]["location"].value() == "<b>"
    assert (event_type.location_kind, event_type.location) == ("text", "")


def test_new_event_type_is_made_with_its_location(host_client: Client, host: Host) -> None:
    host_client.post("/event-types/new/", SETUP | {"location_kind": "host_calls"})

    assert EventType.objects.get().location_kind == LocationKind.HOST_CALLS


def test_duplicate_keeps_the_location(host: Host) -> None:
    event_type = EventTypeFactory(
        host=host, location_kind="in_person", location="Room 1", location_is_shown_after_booking=True
    )

    copy = duplicate(event_type=event_type)

    assert (copy.location_kind, copy.location, copy.location_is_shown_after_booking) == ("in_person", "Room 1", True)


@pytest.mark.parametrize(
    ("kind", "location", "shown", "hidden"),
    [
        ("in_person", "Room 1", "Room 1", "In person"),
        ("host_calls", "", "By phone: you are called", "By phone: you are called"),
        ("invitee_calls", "12345", "By phone: you call 12345", "By phone: you call"),
        ("link", "https://example.com/", "https://example.com/", "Online"),
        ("text", "At the fountain", "At the fountain", "You learn where after booking"),
        ("text", "", "", ""),
    ],
)
def test_before_booking_only_the_kind_is_known_of_a_location_that_is_shown_after_it(
    kind: str, location: str, shown: str, hidden: str
) -> None:
    said = [where_before_booking(kind, location, is_shown_after_booking=is_after) for is_after in (False, True)]

    assert said == [shown, hidden]


@pytest.mark.parametrize(
    ("kind", "phone", "where"),
    [
        ("in_person", "", "100% here"),
        ("host_calls", "12345", "Ada calls Iris: 12345"),
        ("host_calls", "", "Ada calls Iris"),
        ("invitee_calls", "", "Iris calls Ada: 100% here"),
        ("link", "", "100% here"),
        ("text", "", "100% here"),
    ],
)
def test_both_sides_know_where(kind: str, phone: str, where: str) -> None:
    assert where_of_booking(kind, "100% here", host="Ada", invitee="Iris", phone=phone) == where
