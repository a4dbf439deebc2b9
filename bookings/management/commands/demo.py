"""`manage.py demo`: fills an empty database with a demo, and says where it is and how to log in."""

import os
import secrets
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django.urls import reverse

from bookings.services.demo import STAFF_USERNAME, fill_empty_database, find_host, find_live_link
from eventtypes.models import Host

SET_BEFORE = "the one set before"


class Command(BaseCommand):
    """Fills an empty database with a demo; one with hosts of its own stays as it is."""

    help = "Fill an empty database with a demo host and a staff user, and print their addresses and log-ins."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--host-password", default=os.environ.get("DEMO_HOST_PASSWORD"))
        parser.add_argument("--staff-password", default=os.environ.get("DEMO_STAFF_PASSWORD"))

    def handle(self, *args: Any, **options: Any) -> None:
        """Fill the database if it is empty, and report."""
        host_password = options["host_password"] or secrets.token_urlsafe(9)
        staff_password = options["staff_password"] or secrets.token_urlsafe(9)
        fill_empty_database(host_password=host_password, staff_password=staff_password)
        host = find_host()
        if host is None:
            self.stdout.write("There is no demo in this database: it has hosts of its own.")
            return
        self._print_addresses(host)
        self._print_login("Dashboard", "event_types", host, host_password)
        staff = Host.objects.filter(username=STAFF_USERNAME, is_staff=True).first()
        if staff is not None:
            self._print_login("Admin", "admin:index", staff, staff_password)
        self._print_mail_folder()

    def _print_addresses(self, host: Host) -> None:
        self._print("Public page", _absolute(host.get_absolute_url()))
        link = find_live_link(host)
        if link is not None:
            self._print("A private link", _absolute(link.get_absolute_url()))

    def _print_login(self, label: str, url_name: str, user: Host, password: str) -> None:
        self._print(label, _absolute(reverse(url_name)))
        shown = password if user.check_password(password) else SET_BEFORE
        self._print("", f"username: {user.username}   password: {shown}")

    def _print_mail_folder(self) -> None:
        folder = settings.MAILERS["default"].get("OPTIONS", {}).get("file_path")
        if folder:
            self._print("Mail", f"{folder} (one file for each mail)")

    def _print(self, label: str, text: str) -> None:
        self.stdout.write(f"{label:<16}{text}")


def _absolute(path: str) -> str:
    return f"{settings.SITE_URL}{path}"
