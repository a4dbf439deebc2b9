"""Which time zones there are, and how one is chosen."""

from zoneinfo import ZoneInfo

import pytest
from django import forms

from eventtypes.forms.time_zones import TimeZoneChoiceField
from eventtypes.time_zones import real_zone, zones_by_region


class ZoneForm(forms.Form):
    zone = TimeZoneChoiceField()


@pytest.mark.parametrize("name", ["Europe/Berlin", "UTC", "Asia/Calcutta", "US/Pacific", "Australia/Lord_Howe"])
def test_zone_that_somebody_may_have_is_real(name: str) -> None:
    assert real_zone(name) == ZoneInfo(name)


@pytest.mark.parametrize("name", ["", "Factory", "posixrules", "localtime", "europe/berlin", "Mars/Base", "../x", "\0"])
def test_zone_of_nowhere_is_none(name: str) -> None:
    assert real_zone(name) is None


def test_zones_are_offered_by_region_with_utc_first() -> None:
    regions = [region for region, _names in zones_by_region()]
    names = [name for _region, names in zones_by_region() for name in names]

    assert regions[:3] == ["", "Africa", "America"]
    assert names[0] == "UTC"
    assert len(names) == len(set(names))
    assert {"Europe/Berlin", "America/Argentina/Buenos_Aires"} <= set(names)


def test_zone_select_shows_a_stored_zone_that_it_does_not_offer() -> None:
    html = str(ZoneForm(initial={"zone": ZoneInfo("US/Pacific")})["zone"])

    assert '<option value="US/Pacific" selected>US/Pacific</option>' in html


def test_zone_field_refuses_nonsense_beside_the_field() -> None:
    form = ZoneForm({"zone": "Factory"})

    assert form.errors == {"zone": ["There is no such time zone."]}
