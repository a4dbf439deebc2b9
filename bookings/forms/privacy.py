"""Looking for an invitee."""

from django import forms
from django.utils.translation import gettext_lazy as _


class InviteeForm(forms.Form):
    """An e-mail address."""

    email = forms.EmailField(
        label=_("E-mail address of the invitee"),
        help_text=_("Bookings and private links are looked through for it; capitals make no difference."),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}),
    )
