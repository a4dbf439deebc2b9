"""`manage.py erase_invitee EMAIL`: erases an invitee, for good."""

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from bookings.management.persons import add_person, find_person
from bookings.models import Booking
from bookings.services.erasing import StillBookedError, erase_invitee, erase_invitee_everywhere
from bookings.traces import Counts
from eventtypes.models import Host


class Command(BaseCommand):
    """Says what it will erase, asks once, and erases. Where nothing is kept, it says so, and the exit code is 0."""

    help = (
        "Erase an invitee or guest, found by e-mail address. Bookings keep their times and count as before. "
        "It cannot be undone, and a person with bookings ahead is not erased: cancel these first."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        add_person(parser)
        parser.add_argument("--yes", action="store_true", help="do not ask")

    def handle(self, *args: Any, **options: Any) -> None:
        """Find, ask and erase."""
        traces, host = find_person(options["email"], options["host"])
        self.stdout.write(f"Found: {_in_words(traces.counts)}.")
        if not options["yes"] and traces.counts:
            self._ask()
        erased = self._erase(options["email"], host)
        self.stdout.write(f"Erased: {_in_words(erased)}.")

    def _ask(self) -> None:
        if not sys.stdin.isatty():
            raise CommandError("Nobody is there to be asked: say --yes to erase.")
        if input("Erase all of it, for good? Type yes: ").strip().lower() != "yes":
            raise CommandError("Nothing is erased.")

    def _erase(self, email: str, host: Host | None) -> Counts:
        try:
            return erase_invitee_everywhere(email=email) if host is None else erase_invitee(email=email, host=host)
        except StillBookedError as refused:
            for booking in refused.bookings:
                self.stderr.write(_ahead(booking))
            raise CommandError("These bookings are ahead. Cancel or decline them first.") from refused


def _in_words(counts: Counts) -> str:
    return (
        f"bookings {counts.bookings}, bookings of others as a guest {counts.guest_of}, "
        f"private links {counts.links}, mails with links {counts.mails}"
    )


def _ahead(booking: Booking) -> str:
    return f"{booking.host.username}: {booking.title}, {booking.starts_at:%Y-%m-%d %H:%M} UTC ({booking.status})"
