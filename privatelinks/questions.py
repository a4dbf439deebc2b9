"""What is asked before something is destroyed, and what it entails: in a dialog, or on a page without JavaScript."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from eventtypes.models import EventType
from privatelinks.models import PrivateLink


@dataclass(frozen=True, slots=True)
class Question:
    """A question, what a yes entails, and the verb that says yes.

    `shown` is what the page says of the link; it comes along with a yes, so that the same yes twice acts once.
    """

    title: str
    text: str
    verb: str
    shown: str = ""


def ask_for_new_url(link: PrivateLink) -> Question:
    """Ask whether a link shall have a new URL."""
    text = _("The old URL is dead for good: whoever has it can no longer book. Bookings made through it stay.")
    return Question(_("Make a new URL?"), text, _("Make a new URL"), shown=link.hash)


def ask_to_end_link(link: PrivateLink) -> Question:
    """Ask whether a link shall be over now."""
    title = _("End “%(name)s” now?") % {"name": link}
    consequences = [
        _("Nobody can book through it any more."),
        _what_is_unused(link.uses_left),
        _("Its opening date is removed.") if link.opens_at is not None else "",
        _("Bookings made through it stay, and you can extend it later."),
    ]
    return Question(title, " ".join(filter(None, consequences)), _("End now"))


def ask_to_delete_link(link: PrivateLink, booking_count: int) -> Question:
    """Ask whether a link shall be deleted through which so many bookings came."""
    title = _("Delete “%(name)s”?") % {"name": link}
    return Question(title, f"{_('Its URL is dead for good.')} {_what_stays(booking_count)}", _("Delete link"))


def ask_to_delete_links(links: Sequence[PrivateLink], booking_count: int) -> Question:
    """Ask whether these links shall be deleted through which so many bookings came, all told."""
    if len(links) == 1:
        return ask_to_delete_link(links[0], booking_count)
    title = _("Delete %(count)d links?") % {"count": len(links)}
    text = f"{_('Their URLs are dead for good.')} {_what_stays_of_all(booking_count)}"
    return Question(title, text, _("Delete links"))


def ask_to_delete_event_type(event_type: EventType, live_links: int, upcoming_bookings: int) -> Question:
    """Ask whether an event type shall be deleted that has so many links that work, and bookings ahead."""
    title = _("Delete “%(title)s”?") % {"title": event_type.title}
    consequences = [_("Nobody can book it any more."), _what_stops(live_links), _what_is_ahead(upcoming_bookings)]
    return Question(title, " ".join(filter(None, consequences)), _("Delete event type"))


def _what_is_unused(uses_left: int | None) -> str:
    if not uses_left:
        return ""
    words = ngettext("The use that is left stays unused.", "The %(count)d uses that are left stay unused.", uses_left)
    return words % {"count": uses_left}


def _what_stays(booking_count: int) -> str:
    if booking_count == 0:
        return _("No booking came through it.")
    words = ngettext(
        "One booking came through it; it stays, and remembers the name of the link.",
        "%(count)d bookings came through it; they stay, and remember the name of the link.",
        booking_count,
    )
    return words % {"count": booking_count}


def _what_stays_of_all(booking_count: int) -> str:
    if booking_count == 0:
        return _("No booking came through them.")
    words = ngettext(
        "One booking came through them; it stays, and remembers the name of its link.",
        "%(count)d bookings came through them; they stay, and remember the names of their links.",
        booking_count,
    )
    return words % {"count": booking_count}


def _what_stops(live_links: int) -> str:
    if live_links == 0:
        return ""
    words = ngettext(
        "One private link stops working for good.", "%(count)d private links stop working for good.", live_links
    )
    return words % {"count": live_links}


def _what_is_ahead(upcoming_bookings: int) -> str:
    if upcoming_bookings == 0:
        return _("Its past bookings stay.")
    words = ngettext(
        "One upcoming booking stays as it is: cancel it by itself if it should not take place.",
        "%(count)d upcoming bookings stay as they are: cancel them one by one if they should not take place.",
        upcoming_bookings,
    )
    return words % {"count": upcoming_bookings}
