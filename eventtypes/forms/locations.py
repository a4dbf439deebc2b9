"""What a host types as the location: an address, a phone number, a link, or any text, by the way in which they meet."""

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils.translation import gettext_lazy as _

from eventtypes.forms.fields import NO_PHONE_NUMBER, is_phone_number
from eventtypes.locations import LocationKind

MISSING = {
    LocationKind.IN_PERSON: _("Enter the address."),
    LocationKind.INVITEE_CALLS: _("Enter the phone number that is to be called."),
    LocationKind.LINK: _("Enter the link."),
}


def clean_location(kind: str, location: str) -> str:
    """Return the location as it is stored; where the host calls, none is needed.

    Raises:
        ValidationError: The kind needs a location, or another one.
    """
    if kind == LocationKind.HOST_CALLS:
        return ""
    if kind in MISSING and not location:
        raise ValidationError(MISSING[LocationKind(kind)], code="required")
    if kind == LocationKind.INVITEE_CALLS and not is_phone_number(location):
        raise ValidationError(NO_PHONE_NUMBER, code="invalid")
    if kind == LocationKind.LINK:
        _check_link(location)
    return location


def _check_link(location: str) -> None:
    message = _("Enter a link that begins with https:// or http://.")
    URLValidator(schemes=["http", "https"], message=message)(location)
