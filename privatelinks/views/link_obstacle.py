"""Why nothing can be booked through a link that has an offer of its own, in words, and where its host changes that."""

from dataclasses import replace
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from eventtypes.availability import opening_hours, slot_rules
from eventtypes.durations import duration_in_words
from eventtypes.narrowing import Narrowing
from eventtypes.nothing_bookable import explain_nothing
from eventtypes.views.obstacles import Obstacle, find_obstacle
from privatelinks.models import PrivateLink


def find_link_obstacle(link: PrivateLink, now: datetime) -> Obstacle | None:
    """Return why a link with an offer of its own offers nothing, whatever has been booked, or None if it does.

    A link without one is as bookable as its event type: it is not asked about (no query; else two, or four if there is
    an obstacle).
    """
    if link.narrowing == Narrowing():
        return None
    if not link.has_duration_on_offer:
        words = {"duration": duration_in_words(link.offer_duration_minutes or 0)}
        return _own(_("The event type does not offer %(duration)s any more.") % words, "offer_duration_minutes")
    if _offers_something(link, now):
        return None
    return find_obstacle(link.event_type, now) or _of_dates(link, now)


def _offers_something(link: PrivateLink, now: datetime) -> bool:
    hours = opening_hours(link.event_type.schedule)
    rules = link.narrowing.of_rules(slot_rules(link.event_type))
    return any(
        explain_nothing(hours, replace(rules, duration=timedelta(minutes=minutes)), [], now=now) is None
        for minutes in link.narrowing.durations(link.event_type.durations)
    )


def _of_dates(link: PrivateLink, now: datetime) -> Obstacle:
    today = now.astimezone(link.event_type.schedule.time_zone).date()
    if link.offer_ends_on is not None and link.offer_ends_on < today:
        return _own(_("The last date of the link’s own offer has passed."), "offer_ends_on")
    return _own(_("The event type has times, but none that the link’s own offer leaves."), "offer_starts_on")


def _own(reason: str, field: str) -> Obstacle:
    return Obstacle(reason, _("Change the link’s own offer"), f"#id_{field}")
