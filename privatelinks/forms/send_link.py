"""The mail with a link, as its host writes it."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from eventtypes.forms.fields import LinesField
from privatelinks.models import PrivateLink

MAX_TEXT_LENGTH = 2000


class SendLinkForm(forms.Form):
    """To whom a link is sent, and with which words. It has a key, so that it sends one mail."""

    recipient = forms.EmailField(
        label=gettext_lazy("To"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
        error_messages={"required": gettext_lazy("Enter the e-mail address to send the link to.")},
    )
    text = LinesField(
        label=gettext_lazy("Your text"),
        help_text=gettext_lazy("The link itself stands below it."),
        required=False,
        max_length=MAX_TEXT_LENGTH,
        widget=forms.Textarea(attrs={"rows": 9}),
    )
    request_key = forms.UUIDField(
        widget=forms.HiddenInput,
        error_messages={
            "required": gettext_lazy("Something was missing from the form. Please send it again."),
            "invalid": gettext_lazy("Something was wrong with the form. Please send it again."),
        },
    )

    def refuse(self, error: ValidationError) -> None:
        """Put what the service refused beside the fields."""
        self.add_error(None, error)


def first_draft(link: PrivateLink) -> dict[str, Any]:
    """Return to whom and with which words a link might be sent."""
    words = {"invitee": link.invitee_name, "title": link.event_type.title, "host": link.event_type.host.display_name}
    greeting = _("Hello %(invitee)s,") % words if link.invitee_name else _("Hello,")
    request = _("please choose a time that suits you for “%(title)s”.") % words
    goodbye = _("Kind regards\n%(host)s") % words
    return {"recipient": link.invitee_email, "text": f"{greeting}\n\n{request}\n\n{goodbye}"}
