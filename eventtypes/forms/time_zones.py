"""Choosing a time zone: a select, grouped by region."""

from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext_lazy as _

from eventtypes.time_zones import present_name, real_zone, real_zone_names, zones_by_region


class TimeZoneSelect(forms.Select):
    """Offers the zones of all regions, and the value itself if it is none of them ("Etc/GMT-5")."""

    def optgroups(self, name: str, value: list[str], attrs: dict[str, Any] | None = None) -> list[Any]:
        groups = super().optgroups(name, value, attrs)
        offered = {option["value"] for _group, options, _index in groups for option in options}
        others = [zone for zone in value if zone in real_zone_names() - offered]
        own = [(None, [self.create_option(name, zone, zone, selected=True, index=0)], 0) for zone in others]
        return own + groups


class TimeZoneChoiceField(forms.TypedChoiceField):
    """A time zone, typed as its name; its value has the present one."""

    widget = TimeZoneSelect
    default_error_messages = {"invalid_choice": _("There is no such time zone.")}

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", _("Time zone"))
        super().__init__(choices=_choices, coerce=real_zone, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        """Show what is stored under an old name by the present one."""
        return present_name(str(value)) if isinstance(value, ZoneInfo) else value

    def valid_value(self, value: Any) -> bool:
        return str(value) in real_zone_names()


def _choices() -> list[tuple[str, Any]]:
    """Return the options, in a group for each region."""
    choices: list[tuple[str, Any]] = []
    for region, names in zones_by_region():
        options = [(name, _place(name, region)) for name in names]
        choices += [(region, options)] if region else options
    return choices


def _place(name: str, region: str) -> str:
    """Return what people call the zone: "Argentina / Buenos Aires"."""
    return name.removeprefix(f"{region}/").replace("_", " ").replace("/", " / ")
