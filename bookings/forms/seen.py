"""What somebody has seen of a booking who decides about it."""

from django import forms
from django.http import QueryDict


class SeenForm(forms.Form):
    """Which of the booking's changes was the last one when somebody looked at it; a form without it claims nothing."""

    sequence = forms.IntegerField(required=False, min_value=0)

    @classmethod
    def sequence_in(cls, data: QueryDict) -> int | None:
        """Return what the form says, if it says anything that makes sense."""
        form = cls(data)
        form.full_clean()
        sequence: int | None = form.cleaned_data.get("sequence")
        return sequence
