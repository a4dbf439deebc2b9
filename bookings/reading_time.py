"""How somebody reads times: in a time zone, on a clock of 12 or 24 hours; and the words for times, days and months."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from eventtypes.months import Month
from eventtypes.time_zones import present_name

# Where people say "3 pm" (Unicode's CLDR, timeData), by region, or by language where the browser names no region.
TWELVE_HOUR_REGIONS = frozenset(
    ["AU", "BD", "CA", "CO", "EG", "HK", "IN", "JO", "KR", "MY", "NZ", "PH", "PK", "SA", "SG", "TW", "US"]
)
TWELVE_HOUR_LANGUAGES = frozenset(["ar", "bn", "en", "hi", "ko", "ur"])

HOURS_OF_HALF_A_DAY = 12


class Clock(StrEnum):
    """How many hours a clock counts."""

    TWELVE = "12"
    TWENTY_FOUR = "24"


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads the times: where, and on which clock."""

    zone: ZoneInfo
    clock: Clock

    def time(self, instant: datetime) -> str:
        """Return "09:00" or "9:00 AM"; where the clock is put back and it is 02:30 twice, which of the two it is."""
        local = instant.astimezone(self.zone)
        label = _twelve_hour_time(local) if self.clock == Clock.TWELVE else f"{local:%H:%M}"
        return f"{label} ({local:%Z})" if _exists_twice(local) else label

    def date(self, instant: datetime) -> date:
        """Return the date on which the instant is, where the reader is."""
        return instant.astimezone(self.zone).date()

    def hours(self, starts_at: datetime, ends_at: datetime) -> str:
        """Return "09:00 – 09:30"; if the end is on another day, that day is named."""
        last = self.date(ends_at)
        end = self.time(ends_at) if last == self.date(starts_at) else f"{full_date(last)}, {self.time(ends_at)}"
        return f"{self.time(starts_at)} – {end}"

    def span(self, starts_at: datetime, ends_at: datetime) -> str:
        """Return "Thursday 3 December 2026, 09:00 – 09:30"."""
        return f"{full_date(self.date(starts_at))}, {self.hours(starts_at, ends_at)}"


def clock_of_language(accept_language: str) -> Clock:
    """Return the clock that is usual where the header Accept-Language says the browser is from."""
    tag = accept_language.partition(",")[0].partition(";")[0].strip()
    language, _hyphen, rest = tag.lower().partition("-")
    region = rest.rpartition("-")[2].upper()
    is_twelve = region in TWELVE_HOUR_REGIONS if region else language in TWELVE_HOUR_LANGUAGES
    return Clock.TWELVE if is_twelve and language != "fr" else Clock.TWENTY_FOUR


def full_date(day: date) -> str:
    """Return "Thursday 3 December 2026"."""
    return date_format(day, "l j F Y")


def day_of_month(day: date) -> str:
    """Return "Thursday 3 December", for where the year goes without saying."""
    return date_format(day, "l j F")


def month_name(month: Month) -> str:
    """Return "December 2026"."""
    return date_format(month.first_day, "F Y")


def zone_name(zone: ZoneInfo) -> str:
    """Return "America/New York": the present name of the zone as people write it."""
    return zone_label(present_name(zone.key))


def zone_label(key: str) -> str:
    """Return the zone's name as people write it, from its name in the database of time zones."""
    return key.replace("_", " ")


def _twelve_hour_time(local: datetime) -> str:
    half = _("AM") if local.hour < HOURS_OF_HALF_A_DAY else _("PM")
    return f"{local.hour % HOURS_OF_HALF_A_DAY or HOURS_OF_HALF_A_DAY}:{local:%M} {half}"


def _exists_twice(local: datetime) -> bool:
    """Whether the clock shows this time twice, before and after it is put back (PEP 495)."""
    before, after = local.replace(fold=0).utcoffset(), local.replace(fold=1).utcoffset()
    return before is not None and after is not None and before > after
