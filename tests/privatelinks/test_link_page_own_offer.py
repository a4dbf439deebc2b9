"""The own offer of a link, set on its page: what is refused beside which field, and why nothing is on offer."""

from datetime import UTC, date, datetime
from http import HTTPStatus
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from eventtypes.models import EventType
from privatelinks.models import PrivateLink
from privatelinks.services.links import change_link
from tests.clock import DatabaseClock
from tests.privatelinks.link_settings import NOTHING_NARROWED, STORED, errors_of, link, save, stored, url_of

__all__ = ["link"]

OUT_OF_ORDER = "The last date may not be before the first."
HAS_PASSED = "This day has passed already. Choose a later one, or leave it blank."
NONE_LEFT = "The event type has times, but none that the link’s own offer leaves."

pytestmark = pytest.mark.django_db


# --- Its own offer ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "field", "message"),
    [
        ({"offer_starts_on": "2999-08-08", "offer_ends_on": "2999-08-07"}, "offer_ends_on", OUT_OF_ORDER),
        ({"offer_ends_on": "2020-08-19"}, "offer_ends_on", HAS_PASSED),
        ({"offer_ends_on": "0001-01-01"}, "offer_ends_on", "Choose a date from the year 2000 on."),
        ({"offer_starts_on": "1999-12-31"}, "offer_starts_on", "Choose a date from the year 2000 on."),
        ({"offer_starts_on": "9999-12-31"}, "offer_starts_on", "Choose a date before the year 3000."),
        ({"offer_ends_on": "3000-01-01"}, "offer_ends_on", "Choose a date before the year 3000."),
        ({"offer_starts_on": "soon"}, "offer_starts_on", "Enter a valid date."),
        ({"offer_duration_minutes": "45"}, "offer_duration_minutes", "Choose one of the options."),
        ({"offer_duration_minutes": "x"}, "offer_duration_minutes", "Choose one of the options."),
        (
            {"offer_notice_minutes_amount": "367", "offer_notice_minutes_unit": "1440"},
            "offer_notice_minutes",
            "The minimum notice must be at most 366 days.",
        ),
        ({"offer_notice_minutes_amount": "-1"}, "offer_notice_minutes", "Enter 0 or more."),
        ({"offer_notice_minutes_amount": "x"}, "offer_notice_minutes", "Enter a whole number."),
        ({"offer_notice_minutes_amount": "9" * 5000}, "offer_notice_minutes", "Enter a whole number."),
        (
            {"offer_notice_minutes_amount": "1", "offer_notice_minutes_unit": "7"},
            "offer_notice_minutes",
            "Choose one of the options.",
        ),
    ],
)
def test_what_cannot_be_offered_is_refused_beside_its_field(
    host_client: Client, link: PrivateLink, typed: dict[str, str], field: str, message: str
) -> None:
    assert errors_of(save(host_client, link, **typed)) == {field: [message]}
    assert stored(link) == NOTHING_NARROWED


def test_last_date_passes_where_the_schedule_is(link: PrivateLink, database_clock: DatabaseClock) -> None:
    database_clock.set(datetime(2026, 8, 20, 21, 59, tzinfo=UTC))
    change_link(link=link, changes={"offer_ends_on": date(2026, 8, 20)})
    PrivateLink.objects.update(offer_ends_on=None)

    # Now it is the 21st in Berlin.
    database_clock.set(datetime(2026, 8, 20, 22, 0, tzinfo=UTC))
    with pytest.raises(ValidationError) as refusal:
        change_link(link=link, changes={"offer_ends_on": date(2026, 8, 20)})

    assert refusal.value.message_dict == {"offer_ends_on": [HAS_PASSED]}


def test_last_date_that_has_passed_does_not_block_saving(host_client: Client, link: PrivateLink) -> None:
    PrivateLink.objects.update(offer_ends_on=date(2020, 1, 1))

    save(host_client, link, name="Renamed")

    assert PrivateLink.objects.values_list("name", "offer_ends_on").get() == ("Renamed", date(2020, 1, 1))


def test_first_date_may_have_passed(host_client: Client, link: PrivateLink) -> None:
    save(host_client, link, offer_starts_on="2020-01-01")

    assert stored(link)["offer_starts_on"] == date(2020, 1, 1)


@pytest.mark.parametrize(
    ("before", "typed", "field"),
    [
        ({"offer_starts_on": date(2999, 8, 8)}, {"offer_ends_on": "2999-08-07"}, "offer_ends_on"),
        ({"offer_ends_on": date(2999, 8, 7)}, {"offer_starts_on": "2999-08-08"}, "offer_starts_on"),
    ],
)
def test_dates_out_of_order_are_told_beside_the_one_that_was_typed(
    host_client: Client, link: PrivateLink, before: dict[str, date], typed: dict[str, str], field: str
) -> None:
    PrivateLink.objects.update(**before)

    response = save(host_client, link, **typed)

    assert errors_of(response) == {field: [OUT_OF_ORDER]}


def test_durations_to_choose_from_are_those_of_the_event_type(host_client: Client, link: PrivateLink) -> None:
    form = host_client.get(url_of(link)).context["form"]

    assert form.fields["offer_duration_minutes"].choices == [
        ("", "As the event type: 15, 30 or 60 minutes"),
        (15, "Only 15 minutes"),
        (30, "Only 30 minutes"),
        (60, "Only 1 hour"),
    ]
    assert form.fields["offer_notice_minutes"].help_text == "Blank: as the event type, 2 hours’ notice."


def test_duration_that_is_gone_stays_until_another_one_is_chosen(host_client: Client, link: PrivateLink) -> None:
    PrivateLink.objects.update(offer_duration_minutes=45)

    form = host_client.get(url_of(link)).context["form"]
    saved = save(host_client, link, name="Renamed")

    assert (45, "Only 45 minutes (not offered any more)") in form.fields["offer_duration_minutes"].choices
    assert saved.status_code == HTTPStatus.FOUND
    assert stored(link)["offer_duration_minutes"] == 45


def test_duration_that_the_event_type_lost_meanwhile_is_refused(link: PrivateLink) -> None:
    EventType.objects.update(duration_options=[])

    with pytest.raises(ValidationError) as refusal:
        change_link(link=link, changes={"offer_duration_minutes": 60})

    assert refusal.value.message_dict == {"offer_duration_minutes": ["Choose one of the durations of the event type."]}


# --- Why nothing is on offer -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("own_offer", "reason", "field"),
    [
        (
            {"offer_duration_minutes": 45},
            "The event type does not offer 45 minutes any more.",
            "offer_duration_minutes",
        ),
        ({"offer_ends_on": date(2020, 1, 1)}, "The last date of the link’s own offer has passed.", "offer_ends_on"),
        ({"offer_starts_on": date(2999, 1, 1)}, NONE_LEFT, "offer_starts_on"),
        ({"offer_notice_minutes": 366 * 24 * 60}, NONE_LEFT, "offer_starts_on"),
    ],
)
def test_page_says_why_the_links_own_offer_is_empty(
    host_client: Client, link: PrivateLink, own_offer: dict[str, Any], reason: str, field: str
) -> None:
    PrivateLink.objects.update(**own_offer)

    page = host_client.get(url_of(link)).text

    assert f'{reason} <a class="inline-action" href="#id_{field}">Change the link’s own offer</a>' in page
    assert f'id="id_{field}"' in page


def test_page_says_what_is_the_matter_with_the_event_type_itself(host_client: Client, link: PrivateLink) -> None:
    PrivateLink.objects.update(offer_duration_minutes=60)
    link.event_type.schedule.rules.all().delete()

    assert "The schedule has no hours in the next 24 months." in host_client.get(url_of(link)).text


@pytest.mark.parametrize(
    "own_offer", [{}, {"offer_duration_minutes": 60}, {"offer_starts_on": date(2020, 1, 1), "offer_notice_minutes": 0}]
)
def test_page_warns_of_nothing_if_the_link_offers_something(
    host_client: Client, link: PrivateLink, own_offer: dict[str, Any]
) -> None:
    PrivateLink.objects.update(**own_offer)

    assert "Invitees see no times." not in host_client.get(url_of(link)).text


def test_own_offer_costs_the_page_two_queries(
    host_client: Client, link: PrivateLink, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    PrivateLink.objects.update(**STORED | {"offer_starts_on": None})

    # The session, the host, the link with its event type, the hours and the overrides, how many bookings, and its
    # uses and its history.
    with django_assert_num_queries(8):
        host_client.get(url_of(link))
