"""The calendar feed: a secret URL at which a host's calendar program fetches the host's meetings."""

from datetime import datetime

from dateutil.relativedelta import relativedelta
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from bookings.models.booking import BookingQuerySet
from eventtypes.models import Host
from privatelinks.hashes import LENGTH, new_hash

# So much of the past is in a feed, and never more meetings than that: the latest ones.
MONTHS_BACK = 3
MAX_MEETINGS = 3_000


class CalendarFeed(models.Model):
    """A host's feed. Without one, the feed is switched off; its hash is as secret as a private link's."""

    host = models.OneToOneField(Host, on_delete=models.CASCADE, related_name="calendar_feed", verbose_name=_("host"))
    hash = models.CharField(_("hash"), max_length=LENGTH, unique=True, default=new_hash, editable=False)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    class Meta:
        verbose_name = _("calendar feed")
        verbose_name_plural = _("calendar feeds")

    def __str__(self) -> str:
        return str(_("Calendar feed"))

    def get_absolute_url(self) -> str:
        """Return the secret address itself; the host's page about it is `settings_calendar_feed`."""
        return reverse("calendar_feed", args=[self.hash])

    def meetings(self, now: datetime) -> BookingQuerySet:
        """Return the confirmed bookings that the feed has at `now`, the last to start first (two queries, or one).

        Their host and their moves are loaded.
        """
        since = now - relativedelta(months=MONTHS_BACK)
        return self.host.bookings.confirmed_since(since).prefetch_related("moves")[:MAX_MEETINGS]
