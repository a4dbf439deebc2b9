"""A link's own offer: what is refused of its dates, its duration and its notice."""

from collections.abc import Collection
from datetime import datetime

from django.utils.translation import gettext as _

from eventtypes.models.event_type import MAX_NOTICE_MINUTES
from privatelinks.models import PrivateLink


def problems_of_offer(link: PrivateLink, changed: Collection[str], now: datetime) -> dict[str, str]:
    """Return what is wrong with the changed ones of the fields, by field."""
    problems = {}
    if "offer_ends_on" in changed and _is_over(link, now):
        problems["offer_ends_on"] = _("This day has passed already. Choose a later one, or leave it blank.")
    elif _dates_out_of_order(link) and (wrong := {"offer_starts_on", "offer_ends_on"}.intersection(changed)):
        problems[min(wrong)] = _("The last date may not be before the first.")
    if "offer_duration_minutes" in changed and not link.has_duration_on_offer:
        problems["offer_duration_minutes"] = _("Choose one of the durations of the event type.")
    if "offer_notice_minutes" in changed and (link.offer_notice_minutes or 0) > MAX_NOTICE_MINUTES:
        problems["offer_notice_minutes"] = _("The minimum notice must be at most 366 days.")
    return problems


def _is_over(link: PrivateLink, now: datetime) -> bool:
    """Whether the last date has passed where the schedule is."""
    last = link.offer_ends_on
    return last is not None and last < now.astimezone(link.event_type.schedule.time_zone).date()


def _dates_out_of_order(link: PrivateLink) -> bool:
    first, last = link.offer_starts_on, link.offer_ends_on
    return first is not None and last is not None and first > last
