"""`manage.py export_invitee EMAIL`: writes all that is kept of an invitee, as JSON."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from bookings.exports import invitee_export
from bookings.management.persons import add_person, find_person
from eventtypes.clock import database_now


class Command(BaseCommand):
    """Writes to the standard output; where nothing is kept, the exit code is 1."""

    help = "Write all that is kept of an invitee or guest, found by e-mail address, as JSON."

    def add_arguments(self, parser: CommandParser) -> None:
        add_person(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        """Find the person, and write."""
        traces, _host = find_person(options["email"], options["host"])
        if not traces.counts:
            raise CommandError("Nothing is kept of this address.", returncode=1)
        for piece in invitee_export(traces, database_now()):
            self.stdout.write(piece, ending="")
