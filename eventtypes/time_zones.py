"""Time zones: which names are real ones, what places are called today, and the regions that they are grouped by."""

from functools import cache
from importlib.resources import files
from itertools import groupby
from zoneinfo import ZoneInfo, available_timezones

DATABASE = files("tzdata") / "zoneinfo"
# Names that `ZoneInfo` reads on some machines, and that are no place on earth.
NOT_ZONES = {"Factory", "localtime", "posixrules"}
# Old names that the database links to another place with the same clocks, with what their own place is called today.
OF_THE_SAME_PLACE = {
    "Africa/Asmera": "Africa/Asmara",
    "Africa/Timbuktu": "Africa/Bamako",
    "America/Coral_Harbour": "America/Atikokan",
    "America/Virgin": "America/St_Thomas",
    "Antarctica/South_Pole": "Antarctica/McMurdo",
    "Atlantic/Jan_Mayen": "Europe/Oslo",
    "Iceland": "Atlantic/Reykjavik",
    "Pacific/Ponape": "Pacific/Pohnpei",
    "Pacific/Truk": "Pacific/Chuuk",
    "Pacific/Yap": "Pacific/Chuuk",
}


@cache
def real_zone_names() -> frozenset[str]:
    """Return every name of a time zone that somebody may have, old names included: browsers still send some."""
    return frozenset(available_timezones() - NOT_ZONES)


def real_zone(name: str) -> ZoneInfo | None:
    """Return the time zone of that name, by its present name, or None for nonsense."""
    return ZoneInfo(present_name(name)) if name in real_zone_names() else None


def present_name(name: str) -> str:
    """Return what the zone is called today: "Asia/Kolkata" for "Asia/Calcutta"."""
    return _present_names().get(name, name)


@cache
def zones_by_region() -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Return the names to choose from, one for each place, sorted: UTC by itself (its region is ""), then by region."""
    regions = groupby(sorted(_places()), key=lambda name: name.partition("/")[0])
    return (("", ("UTC",)), *((region, tuple(group)) for region, group in regions))


@cache
def _places() -> frozenset[str]:
    """Return the present name of each place, its own also where another place has the same clocks."""
    lines = (DATABASE / "zone.tab").read_text(encoding="utf-8").splitlines()
    return frozenset(line.split("\t")[2] for line in lines if not line.startswith("#"))


@cache
def _present_names() -> dict[str, str]:
    """Return old names with the present ones: the links of the database ("L Asia/Kolkata Asia/Calcutta")."""
    lines = (DATABASE / "tzdata.zi").read_text(encoding="utf-8").splitlines()
    links = {old: target for target, old in (line.split()[1:] for line in lines if line.startswith("L "))}
    to_places = {old: target for old, target in links.items() if target in _places() and old not in _places()}
    to_utc = dict.fromkeys(["Etc/UTC", *(old for old, target in links.items() if target == "Etc/UTC")], "UTC")
    return to_places | OF_THE_SAME_PLACE | to_utc
