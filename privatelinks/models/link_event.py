"""What has happened to a private link, and when: its history, as its host sees it."""

from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from privatelinks.models.private_link import PrivateLink


class LinkEventKind(models.TextChoices):
    """What can happen to a link. That it was created, or has expired, its own instants tell."""

    CHANGED = "changed", _("Changed")
    PAUSED = "paused", _("Paused")
    RESUMED = "resumed", _("Resumed")
    ENDED = "ended", _("Ended")
    REPLACED = "replaced", _("New URL")
    USED_UP = "used_up", _("Used up")
    SENT = "sent", _("Sent")


class LinkEventQuerySet(models.QuerySet["LinkEvent"]):
    """The questions about what happened to links."""

    def newest_first(self) -> Self:
        """Order the events by when they happened; of those of one instant, the last to be remembered comes first."""
        return self.order_by("-happened_at", "-pk")


class LinkEvent(models.Model):
    """One thing that happened to a link. It never holds a hash."""

    private_link = models.ForeignKey(
        PrivateLink, on_delete=models.DB_CASCADE, related_name="events", verbose_name=_("private link")
    )
    happened_at = models.DateTimeField(_("when"), help_text=_("On the database's clock."))
    kind = models.CharField(_("what"), max_length=10, choices=LinkEventKind)
    # By the names of the link's fields, what each was and is: {"max_uses": [1, 5]}. Instants and dates are ISO texts.
    changes = models.JSONField(_("changes"), default=dict, blank=True)
    # Whom the link was sent to.
    recipient = models.EmailField(_("recipient"), blank=True)
    # The request that asked for it: the same form sent twice sends one mail.
    request_key = models.UUIDField(unique=True, null=True, blank=True, editable=False)

    objects = LinkEventQuerySet.as_manager()

    class Meta:
        verbose_name = _("event of a private link")
        verbose_name_plural = _("events of private links")
        indexes = [models.Index(fields=["private_link", "-happened_at"], name="link_event_by_link")]

    def __str__(self) -> str:
        return str(self.get_kind_display())
