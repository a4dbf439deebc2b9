"""The Django application configuration of bookings."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class BookingsConfig(AppConfig):
    """The app's name, in code and for people."""

    name = "bookings"
    verbose_name = _("Bookings")
