"""What signing up asks beyond what django-allauth does: a name, and in silence the browser's time zone."""

from zoneinfo import ZoneInfo

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from eventtypes.forms.fields import SingleLineField
from eventtypes.models import Host
from eventtypes.services.schedules import ensure_default_schedule
from eventtypes.time_zones import real_zone

UTC = ZoneInfo("UTC")
MAX_NAME_LENGTH = Host._meta.get_field("name").max_length


class SignupFields(forms.Form):
    """The base class of allauth's sign-up form (ACCOUNT_SIGNUP_FORM_CLASS), whose module is loaded after this one."""

    field_order = ["name", "email", "username", "password1"]

    name = SingleLineField(
        label=_("Name"),
        max_length=MAX_NAME_LENGTH,
        required=False,
        help_text=_("What invitees see."),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    # A script fills it in; without one, the host sets the zone later.
    time_zone = forms.CharField(required=False, widget=forms.HiddenInput(attrs={"data-browser-time-zone": ""}))

    def clean_time_zone(self) -> ZoneInfo:
        """Return the zone; what the browser sends is no reason to refuse anybody."""
        return real_zone(self.cleaned_data["time_zone"]) or UTC

    def signup(self, request: HttpRequest, user: Host) -> None:
        """Keep the name and the zone of the new host, and give them Mon–Fri 9–17 there."""
        user.name, user.time_zone = self.cleaned_data["name"], self.cleaned_data["time_zone"]
        user.save(update_fields=["name", "time_zone"])
        ensure_default_schedule(host=user)
