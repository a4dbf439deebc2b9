"""The host: a person who can be booked."""

from django.contrib.auth.models import AbstractUser
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from timezone_field import TimeZoneField

from eventtypes.usernames import MAX_LENGTH, PATTERN, validate_not_reserved


class Host(AbstractUser):
    """A person who can be booked, and logs in to say when."""

    first_name = None  # type: ignore[assignment]
    last_name = None  # type: ignore[assignment]

    username = models.CharField(
        _("username"),
        max_length=MAX_LENGTH,
        unique=True,
        validators=[
            RegexValidator(PATTERN, _("Use small letters, digits and hyphens, with a letter or digit at both ends.")),
            validate_not_reserved,
        ],
        error_messages={"unique": _("This username is taken.")},
        help_text=_("Your public page has this in its address."),
    )
    name = models.CharField(_("name"), max_length=100, blank=True, help_text=_("What invitees see."))
    email = models.EmailField(_("e-mail address"), blank=True)
    time_zone = TimeZoneField(_("time zone"), default="UTC")
    welcome = models.TextField(
        _("welcome text"), max_length=1000, blank=True, help_text=_("Shown at the top of your public page.")
    )
    wants_expiry_digest = models.BooleanField(_("mail about private links that expire soon"), default=True)
    # The host's own date: at most one such mail goes out for it.
    expiry_digest_sent_on = models.DateField(null=True, blank=True, editable=False)

    class Meta(AbstractUser.Meta):
        verbose_name = _("host")  # type: ignore[assignment] # lazy
        verbose_name_plural = _("hosts")  # type: ignore[assignment] # lazy
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                condition=~Q(email=""),
                name="host_email_unique",
                violation_error_message=_("Another account has this e-mail address."),
            ),
            models.CheckConstraint(
                condition=Q(username__regex=PATTERN),
                name="host_username_well_formed",
                violation_error_message=_("Use small letters, digits and hyphens in the username."),
            ),
        ]

    def __str__(self) -> str:
        return self.display_name

    @property
    def display_name(self) -> str:
        """What others call the host."""
        return self.name or self.username

    def get_full_name(self) -> str:
        return self.display_name

    def get_short_name(self) -> str:
        return self.display_name

    @property
    def gets_expiry_digest(self) -> bool:
        """Whether the host can and wants to be told by mail which private links expire soon."""
        return self.is_active and self.wants_expiry_digest and bool(self.email)

    def get_absolute_url(self) -> str:
        return reverse("host_page", args=[self.username])
