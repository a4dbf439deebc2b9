"""Where a meeting takes place, in words: before it is booked, and of a booking."""

from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from eventtypes.plain_text import isolated

MAX_PHONE_LENGTH = 40


class LocationKind(TextChoices):
    """How both sides meet, and so what the text of the location is."""

    IN_PERSON = "in_person", gettext_lazy("In person")
    HOST_CALLS = "host_calls", gettext_lazy("By phone: I call the invitee")
    INVITEE_CALLS = "invitee_calls", gettext_lazy("By phone: the invitee calls me")
    LINK = "link", gettext_lazy("Online")
    TEXT = "text", gettext_lazy("Something else")


# The others have nothing to say, or need not say it.
KINDS_WITH_TEXT = [LocationKind.IN_PERSON, LocationKind.INVITEE_CALLS, LocationKind.LINK]


def where_before_booking(kind: str, location: str, *, is_shown_after_booking: bool) -> str:
    """Return what may be known before the meeting is booked: if the location is not, only how both sides meet."""
    match kind:
        case LocationKind.HOST_CALLS:
            return _("By phone: you are called")
        case LocationKind.INVITEE_CALLS:
            named = _("By phone: you call %(number)s") % {"number": location}
            return _("By phone: you call") if is_shown_after_booking else named
        case LocationKind.IN_PERSON if is_shown_after_booking:
            return _("In person")
        case LocationKind.LINK if is_shown_after_booking:
            return _("Online")
        case LocationKind.TEXT if is_shown_after_booking and location:
            return _("You learn where after booking")
    return location


def where_of_booking(kind: str, location: str, *, host: str, invitee: str, phone: str) -> str:
    """Return where a meeting of these two takes place; the number that the host calls may be kept back."""
    names = {"host": isolated(host), "invitee": isolated(invitee), "phone": phone, "location": location}
    match kind:
        case LocationKind.HOST_CALLS if phone:
            return _("%(host)s calls %(invitee)s: %(phone)s") % names
        case LocationKind.HOST_CALLS:
            return _("%(host)s calls %(invitee)s") % names
        case LocationKind.INVITEE_CALLS:
            return _("%(invitee)s calls %(host)s: %(location)s") % names
    return location
