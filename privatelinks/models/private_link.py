"""The private link, and the one rule that says in which state it is and whether it can be booked through."""

import re
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from typing import Self
from zoneinfo import ZoneInfo

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Case, CharField, Count, DateTimeField, F, Func, Q, Value, When
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from eventtypes.clock import ClockTimestamp
from eventtypes.models import EventType, Host
from eventtypes.models.event_type import MAX_DURATION_MINUTES, MAX_NOTICE_MINUTES, SLUG_PATTERN
from eventtypes.narrowing import Narrowing
from privatelinks.hashes import LENGTH, is_well_formed, new_hash
from privatelinks.only_for import admits

MAX_NAME_LENGTH = 100
MAX_ALLOWED_INVITEES = 20
# As long as an e-mail address can be; a domain, "@example.com", is shorter.
MAX_ALLOWED_INVITEE_LENGTH = 254

# How long before a link expires its host is told.
SOON = timedelta(days=3)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
QUARTER = timedelta(minutes=15)

# An instant as it is, or the one at which the database looks.
type Instant = datetime | ClockTimestamp


class LinkState(models.TextChoices):
    """What has become of a link; derived, never stored."""

    ACTIVE = "active", _("Active")
    SCHEDULED = "scheduled", _("Scheduled")
    PAUSED = "paused", _("Paused")
    USED_UP = "used_up", _("Used up")
    EXPIRED = "expired", _("Expired")


class LinkOrder(models.TextChoices):
    """What a list of links can be sorted by."""

    SOONEST_TO_END = "end", _("Soonest to end")
    MOST_USES = "most-uses", _("Most uses")
    LEAST_USES = "least-uses", _("Fewest uses")
    NEWEST = "newest", _("Newest")
    OLDEST = "oldest", _("Oldest")


class PrivateLinkQuerySet(models.QuerySet["PrivateLink"]):
    """The questions about private links."""

    def owned_by(self, host: Host) -> Self:
        """Return the links to the host's own event types."""
        return self.filter(event_type__host=host)

    def with_event_type(self) -> Self:
        """Load the event type, its host and its schedule too, by a join."""
        return self.select_related("event_type__host", "event_type__schedule")

    def at_address(self, link_hash: str, slug: str) -> Self:
        """Return the link with the hash, if its event type has the slug or had it before.

        A malformed hash or slug is looked for as one that nothing has: what it is made of never reaches the database.
        """
        slug = slug if re.fullmatch(SLUG_PATTERN, slug) else ""
        has_slug = Q(event_type__slug=slug) | Q(event_type__former_slugs__contains=[slug])
        return self.filter(has_slug, hash=link_hash if is_well_formed(link_hash) else "")

    def with_state(self, now: Instant) -> Self:
        """Annotate `sql_state`, the LinkState at `now`.

        See also: PrivateLink.state
        """
        return self.annotate(
            sql_state=Case(
                When(max_uses__isnull=False, usage_count__gte=F("max_uses"), then=Value(LinkState.USED_UP)),
                When(expires_at__lte=now, then=Value(LinkState.EXPIRED)),
                When(is_paused=True, then=Value(LinkState.PAUSED)),
                When(opens_at__gt=now, then=Value(LinkState.SCHEDULED)),
                default=Value(LinkState.ACTIVE),
                output_field=CharField(),
            )
        )

    def in_state(self, state: LinkState, now: Instant) -> Self:
        """Return the links that are in the state at `now`."""
        return self.with_state(now).filter(sql_state=state)

    def live(self, now: Instant) -> Self:
        """Return the links that can be booked through at `now`.

        See also: PrivateLink.is_live
        """
        return self.in_state(LinkState.ACTIVE, now).filter(
            event_type__private_links_enabled=True, event_type__host__is_active=True
        )

    def matching(self, text: str) -> Self:
        """Return the links with the text in their name or invitee, or in those of somebody who booked through them.

        The link whose hash or whole URL is in the text is among them, too.
        """
        hashes = [word for word in re.split(r"[^0-9A-Za-z]+", text) if is_well_formed(word)]
        invited = Q(invitee_name__icontains=text) | Q(invitee_email__icontains=text)
        return self.filter(Q(name__icontains=text) | Q(hash__in=hashes) | invited | Q(pk__in=self._booked_by(text)))

    def _booked_by(self, text: str) -> Self:
        """Return the links that somebody has booked through who has the text in the name or the address.

        That the host of a booking is its event type's, too, lets the database look at the host's own bookings only.
        """
        booked = Q(bookings__invitee_name__icontains=text) | Q(bookings__invitee_email__icontains=text)
        return self.filter(booked, bookings__host=F("event_type__host"))

    def soonest_to_end_first(self, now: datetime) -> Self:
        """Order active links first, the soonest to end before the others, and ended ones last."""
        ended = Q(sql_state__in=[LinkState.USED_UP, LinkState.EXPIRED])
        rank = Case(When(sql_state=LinkState.ACTIVE, then=0), When(ended, then=2), default=1)
        return self.with_state(now).order_by(
            rank, F("expires_at").asc(nulls_last=True), (F("max_uses") - F("usage_count")).asc(nulls_last=True), "pk"
        )

    def expiring_soon(self, now: datetime) -> Self:
        """Return the links that expire within three days and can be booked through until then, or will be.

        A link that opens only later is one of them, a paused one is not: that it is not booked is what its host wants.
        """
        return self.with_state(now).filter(
            expires_at__gt=now,
            expires_at__lte=now + SOON,
            sql_state__in=[LinkState.ACTIVE, LinkState.SCHEDULED],
            event_type__private_links_enabled=True,
            event_type__host__is_active=True,
        )

    def told(self) -> Self:
        """Return the links of whose present expiry date their hosts have been told."""
        return self.filter(told_of_expiry_at=F("expires_at"))

    def not_told(self) -> Self:
        """Return the links of whose present expiry date their hosts have not been told."""
        return self.exclude(told_of_expiry_at=F("expires_at"))

    def sorted_by(self, order: LinkOrder, now: datetime) -> Self:
        """Order the links; those that are alike come newest first, or as the order says."""
        match order:
            case LinkOrder.SOONEST_TO_END:
                return self.soonest_to_end_first(now)
            case LinkOrder.MOST_USES:
                return self.order_by("-usage_count", "-created_at", "-pk")
            case LinkOrder.LEAST_USES:
                return self.order_by("usage_count", "-created_at", "-pk")
            case LinkOrder.NEWEST:
                return self.order_by("-created_at", "-pk")
            case LinkOrder.OLDEST:
                return self.order_by("created_at", "pk")


class PrivateLink(models.Model):
    """A secret URL to one event type, with limits of its own."""

    event_type = models.ForeignKey(
        EventType, on_delete=models.CASCADE, related_name="private_links", verbose_name=_("event type")
    )
    hash = models.CharField(_("hash"), max_length=LENGTH, unique=True, default=new_hash, editable=False)
    name = models.CharField(_("name"), max_length=MAX_NAME_LENGTH, blank=True, help_text=_("Only you see it."))
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    max_uses = models.PositiveIntegerField(
        _("number of allowed uses"),
        default=1,
        null=True,
        blank=True,
        validators=[MinValueValidator(1)],
    )
    usage_count = models.PositiveIntegerField(_("uses"), default=0, editable=False)
    opens_at = models.DateTimeField(_("opens on"), null=True, blank=True)
    expires_at = models.DateTimeField(_("expiry date"), null=True, blank=True)
    is_paused = models.BooleanField(_("paused"), default=False)
    returns_uses = models.BooleanField(_("give uses back on cancellation"), default=False)

    # Whom it is for: prefilled on the booking page, never in the URL.
    invitee_name = models.CharField(_("invitee's name"), max_length=MAX_NAME_LENGTH, blank=True)
    invitee_email = models.EmailField(_("invitee's e-mail address"), blank=True)
    # Who may book: e-mail addresses, and domains such as "@example.com", in small letters. Empty is everybody.
    allowed_invitees = ArrayField(
        models.CharField(max_length=MAX_ALLOWED_INVITEE_LENGTH),
        verbose_name=_("only for"),
        default=list,
        blank=True,
    )

    # What it narrows of the event type's offer; the dates are days in the schedule's time zone, both inclusive.
    offer_starts_on = models.DateField(_("first date on offer"), null=True, blank=True)
    offer_ends_on = models.DateField(_("last date on offer"), null=True, blank=True)
    offer_duration_minutes = models.PositiveSmallIntegerField(
        _("only duration"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(MAX_DURATION_MINUTES)],
    )
    # In the place of the event type's minimum notice, and the one thing in which a link may offer more.
    offer_notice_minutes = models.PositiveIntegerField(
        _("own minimum notice"), null=True, blank=True, validators=[MaxValueValidator(MAX_NOTICE_MINUTES)]
    )

    # The request that made it together with others: the same form sent twice makes them once.
    batch = models.UUIDField(null=True, blank=True, editable=False)
    # The expiry date that the host has been told is near; for another date, the host is told again.
    told_of_expiry_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = PrivateLinkQuerySet.as_manager()

    class Meta:
        verbose_name = _("private link")
        verbose_name_plural = _("private links")
        indexes = [
            models.Index(fields=["batch"], name="private_link_by_batch", condition=Q(batch__isnull=False)),
            models.Index(fields=["expires_at"], name="private_link_by_expiry", condition=Q(expires_at__isnull=False)),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(usage_count__gte=0),
                name="private_link_uses_not_negative",
                violation_error_message=_("A link cannot have been used less than never."),
            ),
            models.CheckConstraint(
                condition=Q(max_uses__isnull=True) | Q(usage_count__lte=F("max_uses")),
                name="private_link_not_used_more_than_allowed",
                violation_error_message=_("The link has already been used more often than that."),
            ),
            models.CheckConstraint(
                condition=Q(max_uses__isnull=True) | Q(max_uses__gte=1),
                name="private_link_allows_a_use",
                violation_error_message=_("Allow at least one use, or leave it blank for no limit."),
            ),
            models.CheckConstraint(
                condition=Q(opens_at__isnull=True) | Q(expires_at__isnull=True) | Q(opens_at__lt=F("expires_at")),
                name="private_link_opens_before_it_expires",
                violation_error_message=_("The link must open before it expires."),
            ),
            models.CheckConstraint(
                condition=Q(allowed_invitees__len__lte=MAX_ALLOWED_INVITEES),
                name="private_link_allowed_invitees_few",
                violation_error_message=_("At most 20 addresses and domains are possible."),
            ),
            models.CheckConstraint(
                # Each one is "name@domain" or "@domain", without capitals.
                condition=Func(
                    F("allowed_invitees"),
                    template=r"array_to_string(%(expressions)s, ' ') ~ '^([^@A-Z ]*@[^@A-Z ]+( (?=.)|$))*$'",
                    output_field=models.BooleanField(),
                ),
                name="private_link_allowed_invitees_well_formed",
                violation_error_message=_("Enter e-mail addresses, or domains such as @example.com."),
            ),
            models.CheckConstraint(
                condition=Q(offer_starts_on__isnull=True)
                | Q(offer_ends_on__isnull=True)
                | Q(offer_starts_on__lte=F("offer_ends_on")),
                name="private_link_offer_dates_in_order",
                violation_error_message=_("The last date may not be before the first."),
            ),
            models.CheckConstraint(
                condition=Q(offer_duration_minutes__isnull=True)
                | Q(offer_duration_minutes__range=(1, MAX_DURATION_MINUTES)),
                name="private_link_offer_duration_possible",
                violation_error_message=_("The duration must be from 1 minute to 24 hours."),
            ),
            models.CheckConstraint(
                condition=Q(offer_notice_minutes__isnull=True) | Q(offer_notice_minutes__lte=MAX_NOTICE_MINUTES),
                name="private_link_offer_notice_possible",
                violation_error_message=_("The minimum notice must be at most a year."),
            ),
        ]

    def __str__(self) -> str:
        return self.name or str(_("Private link"))

    def get_absolute_url(self) -> str:
        """Return the secret address itself, for invitees; the host's page of the link is `private_link`."""
        return reverse("book_private_link", args=[self.hash, self.event_type.slug])

    def state(self, now: datetime) -> LinkState:
        """Return what has become of the link at `now`.

        See also: PrivateLinkQuerySet.with_state
        """
        if self.is_used_up:
            return LinkState.USED_UP
        if self.has_expired(now):
            return LinkState.EXPIRED
        if self.is_paused:
            return LinkState.PAUSED
        if self.opens_at is not None and self.opens_at > now:
            return LinkState.SCHEDULED
        return LinkState.ACTIVE

    def is_live(self, now: datetime) -> bool:
        """Whether the link can be booked through at `now`: the one rule behind the page, the booking and the lists.

        See also: PrivateLinkQuerySet.live
        """
        return (
            self.state(now) == LinkState.ACTIVE
            and self.event_type.private_links_enabled
            and self.event_type.host.is_active
        )

    @property
    def is_used_up(self) -> bool:
        """Whether every use that the link allows is spent."""
        return self.max_uses is not None and self.usage_count >= self.max_uses

    def has_expired(self, now: datetime) -> bool:
        """Whether the link is over at `now` by its expiry date; at that very instant it is."""
        return self.expires_at is not None and self.expires_at <= now

    @property
    def uses_left(self) -> int | None:
        """How many more bookings the link admits; None without a limit."""
        return None if self.max_uses is None else self.max_uses - self.usage_count

    def uses_by_day(self, zone: ZoneInfo) -> dict[date, int]:
        """Return on which days in the zone how many of the uses that are held were booked (one query).

        The database adds up by quarters of an hour, of which every zone's days are made; what a zone's day is, Python
        knows for the whole site.
        """
        made_at = Func(Value(QUARTER), F("created_at"), Value(EPOCH), function="date_bin", output_field=DateTimeField())
        held = self.bookings.filter(holds_use=True).annotate(made_at=made_at).values("made_at")
        days: Counter[date] = Counter()
        for instant, number in held.annotate(number=Count("pk")).values_list("made_at", "number"):
            days[instant.astimezone(zone).date()] += number
        return dict(days)

    @property
    def narrowing(self) -> Narrowing:
        """What the link leaves of the event type's offer."""
        return Narrowing(
            first=self.offer_starts_on,
            last=self.offer_ends_on,
            duration_minutes=self.offer_duration_minutes,
            notice_minutes=self.offer_notice_minutes,
        )

    @property
    def has_duration_on_offer(self) -> bool:
        """Whether the event type offers the one duration that the link leaves of it, if it leaves one only."""
        return self.offer_duration_minutes in (None, *self.event_type.durations)

    def admits(self, email: str) -> bool:
        """Whether the link is for somebody with that e-mail address."""
        return admits(self.allowed_invitees, email)

    @property
    def is_saved(self) -> bool:
        """Whether the link exists; before that it has no URL to copy or open."""
        return self.pk is not None
