"""The options of a time zone's select, which are as long as the rest of the page."""

from functools import cache, lru_cache

from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from bookings.reading_time import zone_label
from eventtypes.time_zones import zones_by_region


def time_zone_options(chosen: str) -> SafeString:
    """Return the options with the chosen zone selected in its place in the list, so that the keys go on from there."""
    return _options(get_language(), chosen)


@lru_cache(maxsize=100)
def _options(language: str | None, chosen: str) -> SafeString:
    regions = _labelled_zones()
    is_listed = any(chosen == name for _region, zones in regions for name, _label in zones)
    options = {"regions": regions, "chosen": chosen, "other_label": "" if is_listed else zone_label(chosen)}
    return render_to_string("bookings/time_zone_options.html", options)


@cache
def _labelled_zones() -> list[tuple[str, list[tuple[str, str]]]]:
    return [(region, [(name, zone_label(name)) for name in names]) for region, names in zones_by_region()]
