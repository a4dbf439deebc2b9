"""The form of a link's settings: prefilled from an instant, it says the same instant again, in every zone."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import product
from zoneinfo import ZoneInfo

import pytest
from django.http import QueryDict
from hypothesis import given, settings
from hypothesis import strategies as st

from eventtypes.models import EventType, Schedule
from privatelinks.expiry import Expiry
from privatelinks.forms.link import LinkForm
from privatelinks.models import PrivateLink
from tests.eventtypes.clock_changes import ZONE_NAMES, next_changes
from tests.privatelinks.forms_of_a_page import fields_of
from tests.privatelinks.test_expiry import TRICKY_ZONES
from tests.scale import scaled

NOW = datetime(2026, 1, 1, tzinfo=UTC)
TIMES = [None, time(0, 30), time(1), time(2, 30), time(23, 59)]
ODD = timedelta(minutes=17, seconds=42, microseconds=5)


def link_in(zone: str, **values: object) -> PrivateLink:
    """Return a link that looks stored, to an event type whose schedule is in the zone."""
    return PrivateLink(pk=1, event_type=EventType(schedule=Schedule(time_zone=ZoneInfo(zone))), **values)


def shown(link: PrivateLink) -> dict[str, str]:
    """Return the fields of the form as they are sent untouched."""
    form = LinkForm(link=link, now=NOW)
    page = "".join(str(form[name]) for name in form.fields)
    return fields_of(f"<form>{page}</form>", having="name")


def sent(link: PrivateLink, fields: dict[str, str]) -> LinkForm:
    data = QueryDict(mutable=True)
    data.update(fields)
    return LinkForm(data, link=link, now=NOW)


@pytest.mark.parametrize("zone", TRICKY_ZONES)
def test_untouched_form_changes_nothing_also_when_the_clock_changes(zone: str) -> None:
    changes = next_changes(ZoneInfo(zone)) or (datetime(2026, 8, 31, 12, tzinfo=UTC),)
    steps = [timedelta(hours=hours) for hours in (-25, -1, 0, 1, 23)]

    for change, step, odd in product(changes, steps, [timedelta(0), ODD]):
        link = link_in(zone, name="Beta", max_uses=5, usage_count=5, expires_at=change + step + odd)
        form = sent(link, shown(link))

        assert form.is_valid()
        assert form.changes == {}


@settings(max_examples=scaled(4_000), deadline=None)
@given(
    zone=st.sampled_from(ZONE_NAMES),
    expires_at=st.timedeltas(timedelta(0), timedelta(days=970 * 365)).map(lambda later: NOW + later),
)
def test_untouched_form_changes_nothing_whatever_the_instant(zone: str, expires_at: datetime) -> None:
    link = link_in(zone, expires_at=expires_at)

    form = sent(link, shown(link))

    assert form.is_valid()
    assert form.changes == {}


@pytest.mark.parametrize("zone", TRICKY_ZONES)
def test_what_is_shown_means_the_same_instant_when_it_is_typed_again(zone: str) -> None:
    days = [change.astimezone(ZoneInfo(zone)).date() for change in next_changes(ZoneInfo(zone))] or [date(2026, 8, 31)]

    for day, moment in product(days, TIMES):
        expires_at = Expiry(day, moment).instant(ZoneInfo(zone))
        fields = shown(link_in(zone, expires_at=expires_at))
        typed = {name: value for name, value in fields.items() if not name.startswith("initial-")}
        form = sent(link_in(zone), typed)

        assert form.is_valid()
        assert form.changes.get("expires_at") == expires_at


def test_date_of_a_link_with_a_time_can_be_changed_alone() -> None:
    link = link_in("Europe/Berlin", expires_at=datetime(2026, 8, 31, 12, tzinfo=UTC))

    form = sent(link, shown(link) | {"expires_on": "2026-09-01"})

    assert form.is_valid()
    assert form.changes == {"expires_at": datetime(2026, 9, 1, 12, tzinfo=UTC)}


def test_taking_the_time_away_means_the_end_of_that_day() -> None:
    link = link_in("Europe/Berlin", expires_at=datetime(2026, 8, 31, 12, tzinfo=UTC))

    form = sent(link, shown(link) | {"expires_time": ""})

    assert form.is_valid()
    assert form.changes == {"expires_at": datetime(2026, 8, 31, 22, tzinfo=UTC)}


def test_name_is_one_line() -> None:
    link = link_in("Europe/Berlin", name="Beta")

    form = sent(link, shown(link) | {"name": "  Two\r\nlines\tof  text "})

    assert form.is_valid()
    assert form.changes == {"name": "Two lines of text"}


def test_proposed_link_has_what_was_typed_and_the_link_itself_has_not() -> None:
    link = link_in("Europe/Berlin", name="Old", max_uses=5)

    form = sent(link, shown(link) | {"name": "New", "max_uses": "7"})

    assert (form.proposed.name, form.proposed.max_uses) == ("New", 7)
    assert (link.name, link.max_uses) == ("Old", 5)


def test_proposed_link_is_the_stored_one_if_what_was_typed_is_refused() -> None:
    link = link_in("Europe/Berlin", name="Old", max_uses=5, usage_count=3)

    form = sent(link, shown(link) | {"name": "New", "max_uses": "2"})

    assert (form.proposed.name, form.proposed.max_uses) == ("Old", 5)


def test_refused_uses_and_an_expiry_that_has_passed_are_told_together() -> None:
    link = link_in("Europe/Berlin", max_uses=5)

    form = sent(link, shown(link) | {"max_uses": "0", "expires_on": "2025-12-31"})

    assert form.errors == {
        "max_uses": ["Allow at least one use, or leave it blank for no limit."],
        "expires_on": ["This has passed already. Choose a later date, or leave it blank for no limit."],
    }


def test_time_that_is_none_lets_its_date_go_unjudged() -> None:
    link = link_in("Europe/Berlin", max_uses=5)

    form = sent(link, shown(link) | {"expires_on": "2025-12-31", "expires_time": "25:00"})

    assert list(form.errors) == ["expires_time"]


def test_date_typed_for_another_zone_than_the_schedules_is_refused() -> None:
    link = link_in("Europe/Berlin")
    typed = shown(link) | {"expires_on": "2027-02-01", "zone": "America/St_Johns"}

    refused, accepted = sent(link, typed), sent(link, typed | {"zone": "Europe/Berlin"})

    message = "The schedule's time zone is Europe/Berlin now. Please check the date, and save again."
    assert dict(refused.errors) == {"expires_on": [message]}
    assert accepted.is_valid()


def test_untouched_date_is_no_matter_when_the_zone_changes() -> None:
    link = link_in("Europe/Berlin", expires_at=datetime(2027, 2, 1, 23, tzinfo=UTC))

    form = sent(link, shown(link) | {"name": "Renamed", "zone": "America/St_Johns"})

    assert form.is_valid()
    assert form.changes == {"name": "Renamed"}
