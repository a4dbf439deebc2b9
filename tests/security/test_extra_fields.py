"""Fields that a form does not have, sent with it: every column of every model, to every form and address for posting.

What is sent with them either stores exactly what the form alone does, or is refused and stores nothing.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Callable, Iterator
from http import HTTPStatus
from typing import Any

import pytest
from django.apps import apps
from django.db import models, transaction
from django.db.models import Field
from django.test import Client
from psycopg.sql import Composed
from pytest_django import Settings
from timezone_field import TimeZoneField

from bookings.models import Booking
from eventtypes.models import AvailabilityRule, EventType, Host, Question, Schedule
from privatelinks.models import PrivateLink
from tests.factories import BookingFactory, EventTypeFactory, PrivateLinkFactory, QuestionFactory
from tests.scale import FRACTION
from tests.security.addresses import every_route
from tests.security.conftest import Scene
from tests.security.page_forms import FilledForm, filled_forms
from tests.security.stored import Rows, all_rows, sequences

PERSONS = ("invitee", "ada", "staff")
START = "2026-12-03T13:00:00Z"
# What an attacker writes where nothing else fits; none of it may be found anywhere afterwards.
TEXT, NUMBER, UUID = "smuggled", "987654", "5ca1ab1e-0000-4000-8000-5ca1ab1e0000"
MARKS = (TEXT, NUMBER, UUID)
ROW_OF_A_FORMSET = re.compile(r"(?P<row>.+-\d+)-\w+")

pytestmark = pytest.mark.usefixtures("_quiet")


def value_for(column: Field[Any, Any], others: dict[type[models.Model], int]) -> str:
    """Return what an attacker would like the column to hold: of foreign keys, what belongs to somebody else."""
    if column.related_model is not None:
        return str(others.get(column.related_model, NUMBER))
    if column.choices:
        return str(list(column.flatchoices)[-1][0])
    values: list[tuple[tuple[type[Field[Any, Any]], ...], str]] = [
        ((models.BooleanField,), "on"),
        ((models.AutoField, models.BigAutoField), NUMBER),
        ((models.IntegerField,), "77"),
        ((models.DateTimeField,), "2031-01-01T00:00"),
        ((models.DateField,), "2031-01-01"),
        ((models.TimeField,), "03:33"),
        ((models.UUIDField,), UUID),
        ((models.EmailField,), f"{TEXT}@example.org"),
        ((TimeZoneField,), "Pacific/Auckland"),
    ]
    return next((value for kinds, value in values if isinstance(column, kinds)), TEXT)


def columns_of(model: type[models.Model], others: dict[type[models.Model], int]) -> dict[str, str]:
    """Return a value for each column of the model, under each of its names."""
    columns = [column for column in model._meta.get_fields() if isinstance(column, Field)]
    values = {column.name: value_for(column, others) for column in columns}
    return {column.attname: values[column.name] for column in columns} | values | {"pk": NUMBER}


class Site:
    """Sends forms to the site as it was at the beginning, each time."""

    def __init__(self, clients: dict[str, Client]) -> None:
        self.clients = clients
        self.before = all_rows()
        self._sequences: Composed = sequences()

    def send(self, person: str, form: FilledForm) -> tuple[int, Rows]:
        """Return the answer's status and what is stored then; afterwards all is as it was."""
        client = self.clients[person]
        cookies = copy.copy(client.cookies)
        fields: dict[str, list[str]] = {}
        for name, value in form.fields:
            fields.setdefault(name, []).append(value)
        with transaction.atomic():
            _ask(self._sequences)
            status = client.post(form.action, fields).status_code
            rows = all_rows()
            transaction.set_rollback(True)
        client.cookies = cookies
        return status, rows


def _ask(query: Composed) -> None:
    with transaction.get_connection().cursor() as cursor:
        cursor.execute(query)


def differences(one: Rows, other: Rows) -> set[tuple[str, int, str]]:
    """Return where they differ: table, place of the row, column (or that there is no such row)."""
    found = set()
    for table in one:
        for place in range(max(len(one[table]), len(other[table]))):
            rows = [dict(enumerate(rows[table])).get(place, {"no row": True}) for rows in (one, other)]
            found |= {
                (table, place, name)
                for name in rows[0].keys() | rows[1].keys()
                if rows[0].get(name) != rows[1].get(name)
            }
    return found


def stored_more(alone: Rows, with_more: Rows) -> set[tuple[str, int, str]]:
    """Return where something else is stored than the form alone stores, or something of the attacker's."""
    marked = {(table, -1, mark) for table, rows in with_more.items() for mark in MARKS if mark in str(rows)}
    return differences(alone, with_more) | marked


def forms_of(scene: Scene, person: str) -> Iterator[FilledForm]:
    """Yield each form that the person sees, and of each address for posting that none leads to, the empty one."""
    client, seen = scene.clients[person], set()
    addresses = {
        route: scene.address(route) for route in every_route() if person != "staff" or route.startswith("admin")
    }
    if FRACTION > 1:
        addresses = dict(list(addresses.items())[:: FRACTION // 3])
    for address in sorted({*addresses.values(), *(f"{each}?start={START}" for each in addresses.values())}):
        answer = client.get(address)
        if answer.status_code == 200 and not answer.streaming and answer["Content-Type"].startswith("text/html"):
            for form in filled_forms(address, answer.text):
                key = form.action.partition("?")[0], frozenset(form.fields if len(form.fields) < 3 else form.names)
                if key not in seen and not form.action.startswith("/accounts/logout/"):
                    seen.add(key)
                    yield form
    reached = {action for action, _names in seen}
    yield from (FilledForm(address) for address in addresses.values() if address not in reached)


def with_more(form: FilledForm, more: dict[str, str]) -> FilledForm:
    """Return the form with the fields that it does not have, also in each row of its formsets."""
    rows = {found["row"] for name in form.names if (found := ROW_OF_A_FORMSET.fullmatch(name))}
    names = more | {f"{row}-{name}": value for row in sorted(rows)[:4] for name, value in more.items()}
    return FilledForm(
        form.action, form.fields + [(name, value) for name, value in names.items() if name not in form.names]
    )


@pytest.fixture
def others(scene: Scene) -> dict[type[models.Model], int]:
    """What belongs to somebody else, or is not the one that a form is about."""
    grace = Host.objects.get(username="grace")
    event_type = EventTypeFactory.create(host=grace)
    QuestionFactory.create(event_type=scene.event_type, label="Company")
    booking = BookingFactory.create(event_type=event_type, private_link=None)
    return {
        Host: grace.pk,
        EventType: event_type.pk,
        Schedule: event_type.schedule.pk,
        AvailabilityRule: event_type.schedule.rules.first().pk,
        PrivateLink: PrivateLinkFactory.create(event_type=event_type).pk,
        Booking: booking.pk,
        Question: QuestionFactory.create(event_type=event_type).pk,
    }


@pytest.mark.rule("S8")
@pytest.mark.trust
@pytest.mark.parametrize("person", PERSONS)
def test_fields_that_a_form_does_not_have_store_nothing(
    scene: Scene, others: dict[type[models.Model], int], settings: Settings, person: str, figure: Callable[[str], None]
) -> None:
    settings.ACCOUNT_RATE_LIMITS = False
    by_model = [columns_of(model, others) for model in apps.get_models()]
    everything = {name: value for columns in by_model for name, value in columns.items()}
    forms = list(forms_of(scene, person))
    site = Site(scene.clients)
    tried, sent, storing, wrong = 0, 0, 0, []

    for form in forms:
        (status_alone, alone), (_, again) = site.send(person, form), site.send(person, form)
        if status_alone == HTTPStatus.METHOD_NOT_ALLOWED:
            continue
        tried += 1
        # Hashes, keys and what is sealed are others each time.
        random = differences(alone, again)
        storing += alone != site.before
        # If all of them at once are refused, the columns of each model are tried by themselves.
        for more in [everything, *by_model]:
            status, rows = site.send(person, with_more(form, more))
            sent += 1
            stored = stored_more(alone, rows) - random
            if stored and rows != site.before:
                wrong.append((form.action, sorted(stored)))
            elif status == status_alone:
                break

    assert wrong == []
    figure(
        f"{person}: {tried} forms and addresses, {storing} of which store something; {sent:,} times sent with up "
        f"to {len(everything)} fields that they do not have: none of those stored anything."
    )


@pytest.mark.rule("S8")
def test_a_field_that_a_form_does_have_is_seen_to_be_stored(scene: Scene) -> None:
    """The control: a box that nobody has ticked, sent as if the form did not have it."""
    address = scene.address("event-types/<int:pk>/advanced/")
    page = scene.clients["ada"].get(address).text
    form = next(form for form in filled_forms(address, page) if "requires_confirmation" in form.names)
    form.names.remove("requires_confirmation")
    site = Site(scene.clients)

    (_, alone), (_, rows) = site.send("ada", form), site.send("ada", with_more(form, {"requires_confirmation": "on"}))

    assert ("eventtypes_eventtype", 0, "requires_confirmation") in stored_more(alone, rows)
