"""The form with which a booking gets another time."""

from django import forms
from django.utils.translation import gettext_lazy as _

from bookings.forms.booking import NO_SUCH_DURATION, InstantField, ZoneField
from eventtypes.forms.fields import WholeNumberField
from eventtypes.models.event_type import MAX_DURATION_MINUTES


class RescheduleForm(forms.Form):
    """Which slot; the zone is only that in which the times were shown."""

    # Blank is the booking's own, or the event type's default.
    duration = WholeNumberField(
        required=False,
        min_value=1,
        max_value=MAX_DURATION_MINUTES,
        widget=forms.HiddenInput,
        error_messages=dict.fromkeys(["invalid", "min_value", "max_value"], NO_SUCH_DURATION),
    )
    start = InstantField(error_messages={"required": _("Please choose a time.")})
    tz = ZoneField(required=False)
    # The booking's when the time was chosen.
    sequence = forms.IntegerField(
        widget=forms.HiddenInput,
        min_value=0,
        error_messages=dict.fromkeys(
            ["required", "invalid", "min_value"], _("Something was missing from the form. Please send it again.")
        ),
    )
