"""Why a booking is cancelled or declined, in the words of whoever does it."""

from django import forms
from django.utils.translation import gettext_lazy as _

from bookings.forms.booking import validate_lines
from bookings.models.booking import MAX_REASON_LENGTH
from eventtypes.forms.fields import LinesField


class ReasonForm(forms.Form):
    """A reason, if there is one to give."""

    reason = LinesField(
        label=_("Reason"),
        required=False,
        max_length=MAX_REASON_LENGTH,
        validators=[validate_lines],
        widget=forms.Textarea(attrs={"rows": 3}),
    )
