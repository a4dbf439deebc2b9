"""`manage.py export_host USERNAME`: writes all that is kept of a host, as JSON."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from bookings.exports import host_export
from bookings.management.persons import find_host
from eventtypes.clock import database_now


class Command(BaseCommand):
    """Writes to the standard output what the host can download under Settings, Privacy."""

    help = "Write all that is kept of a host, as JSON. It holds the addresses of private links, which are secrets."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username", help="whose data to write")

    def handle(self, *args: Any, **options: Any) -> None:
        """Find the host, and write."""
        host = find_host(options["username"])
        for piece in host_export(host, database_now()):
            self.stdout.write(piece, ending="")
