"""How commands find the people whom they are about."""

from django.core.management.base import CommandError, CommandParser

from bookings.traces import Traces, find_traces
from eventtypes.models import Host


def find_host(username: str) -> Host:
    """Return the host with the username.

    Raises:
        CommandError: There is none.
    """
    host = Host.objects.filter(username=username).first()
    if host is None:
        raise CommandError(f"There is no host with the username {username}.")
    return host


def add_person(parser: CommandParser) -> None:
    """Let the command be told whom it is about, and where to look."""
    parser.add_argument("email", help="the person's e-mail address")
    parser.add_argument("--host", help="the username of the only host at whom to look; otherwise, at all of them")


def find_person(email: str, username: str | None) -> tuple[Traces, Host | None]:
    """Return where the person is found, and the host who was named, if one was.

    Raises:
        CommandError: There is no such host, or it is no address.
    """
    if "@" not in email:
        raise CommandError(f"{email} is no e-mail address.")
    host = None if username is None else find_host(username)
    return find_traces(email, host), host
