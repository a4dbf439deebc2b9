"""Which time zones there are, and how one is chosen."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django import forms

from eventtypes.forms.time_zones import TimeZoneChoiceField
from eventtypes.time_zones import present_name, real_zone, real_zone_names, zones_by_region


class ZoneForm(forms.Form):
    zone = TimeZoneChoiceField()


@pytest.mark.parametrize("name", ["Europe/Berlin", "Europe/Oslo", "UTC", "Australia/Lord_Howe", "Etc/GMT-5"])
def test_zone_that_somebody_may_have_is_real(name: str) -> None:
    assert real_zone(name) == ZoneInfo(name)


@pytest.mark.parametrize(
    ("old", "present"),
    [
        ("Asia/Calcutta", "Asia/Kolkata"),
        ("Europe/Kiev", "Europe/Kyiv"),
        ("US/Pacific", "America/Los_Angeles"),
        ("America/Buenos_Aires", "America/Argentina/Buenos_Aires"),
        ("Pacific/Truk", "Pacific/Chuuk"),
        ("Iceland", "Atlantic/Reykjavik"),
        ("Etc/UTC", "UTC"),
        ("Zulu", "UTC"),
    ],
)
def test_old_name_of_a_zone_stands_for_the_present_one(old: str, present: str) -> None:
    assert real_zone(old) == ZoneInfo(present)


def test_every_name_stands_for_one_with_the_same_clocks_today() -> None:
    instants = [datetime(2026, month, 1, tzinfo=UTC) for month in range(1, 13)]
    names = {name: present_name(name) for name in real_zone_names()}

    def clocks(name: str) -> list[timedelta | None]:
        return [instant.astimezone(ZoneInfo(name)).utcoffset() for instant in instants]

    assert [old for old, present in names.items() if clocks(old) != clocks(present)] == []
    assert [old for old, present in names.items() if present_name(present) != present] == []


@pytest.mark.parametrize("name", ["", "Factory", "posixrules", "localtime", "europe/berlin", "Mars/Base", "../x", "\0"])
def test_zone_of_nowhere_is_none(name: str) -> None:
    assert real_zone(name) is None


def test_zones_are_offered_by_region_with_utc_first() -> None:
    regions = [region for region, _names in zones_by_region()]
    names = [name for _region, names in zones_by_region() for name in names]

    assert regions[:3] == ["", "Africa", "America"]
    assert names[0] == "UTC"
    assert len(names) == len(set(names))
    assert {"Europe/Berlin", "Europe/Oslo", "America/Argentina/Buenos_Aires", "Asia/Kolkata"} <= set(names)


def test_every_zone_is_offered_by_its_present_name() -> None:
    names = [name for _region, names in zones_by_region() for name in names]

    assert [name for name in names if real_zone(name) != ZoneInfo(name)] == []
    assert {"Asia/Calcutta", "Europe/Kiev", "Pacific/Samoa"}.isdisjoint(names)


def test_zone_select_shows_a_stored_zone_that_it_does_not_offer() -> None:
    html = str(ZoneForm(initial={"zone": ZoneInfo("Etc/GMT-5")})["zone"])

    assert '<option value="Etc/GMT-5" selected>Etc/GMT-5</option>' in html


def test_zone_select_shows_a_zone_that_is_stored_by_its_old_name() -> None:
    html = str(ZoneForm(initial={"zone": ZoneInfo("Asia/Calcutta")})["zone"])

    assert '<option value="Asia/Kolkata" selected>Kolkata</option>' in html
    assert html.count(" selected>") == 1


def test_zone_field_takes_an_old_name_for_the_present_one() -> None:
    form = ZoneForm({"zone": "Asia/Calcutta"})

    assert form.is_valid()
    assert form.cleaned_data == {"zone": ZoneInfo("Asia/Kolkata")}


def test_zone_field_refuses_nonsense_beside_the_field() -> None:
    form = ZoneForm({"zone": "Factory"})

    assert form.errors == {"zone": ["There is no such time zone."]}
