"""Time zones: which names are real ones, and the regions that they are grouped by when one is chosen."""

from functools import cache
from itertools import groupby
from zoneinfo import ZoneInfo, available_timezones

# Names that `ZoneInfo` reads on some machines, and that are no place on earth.
NOT_ZONES = {"Factory", "localtime", "posixrules"}
REGIONS = (
    "Africa",
    "America",
    "Antarctica",
    "Arctic",
    "Asia",
    "Atlantic",
    "Australia",
    "Europe",
    "Indian",
    "Pacific",
)


@cache
def real_zone_names() -> frozenset[str]:
    """Return every name of a time zone that somebody may have, old names included: browsers still send some."""
    return frozenset(available_timezones() - NOT_ZONES)


def real_zone(name: str) -> ZoneInfo | None:
    """Return the time zone of that name, or None for nonsense."""
    return ZoneInfo(name) if name in real_zone_names() else None


@cache
def zones_by_region() -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Return the names worth choosing from, sorted: UTC by itself (its region is ""), then those of each region."""
    names = sorted(name for name in real_zone_names() if name.partition("/")[0] in REGIONS and "/" in name)
    regions = groupby(names, key=lambda name: name.partition("/")[0])
    return (("", ("UTC",)), *((region, tuple(group)) for region, group in regions))
