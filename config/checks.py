"""Checks of a real site, for `manage.py check --deploy`, beside Django's own (of mail, secret, debugging, cookies).

Those of the settings ask nothing. Those of the running site ask its database, and run when that is named, too:
`manage.py check --deploy --database default`.
"""

from collections.abc import Callable, Sequence
from datetime import timedelta
from email.utils import parseaddr
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Tags, Warning, register  # noqa: A004  (Django's name for it)
from django.db import Error

from config import vital_signs
from config.health import LONGEST_SILENCE, LONGEST_WAIT

OLDEST_POSTGRESQL = 15
FARTHEST_APART = timedelta(seconds=2)
LOOPBACK = ("localhost", "127.0.0.1", "::1")

type Check = Callable[[], bool]


def register_checks() -> None:
    """Let Django run the checks."""
    register(check_settings, Tags.security, deploy=True)
    register(check_running_site, Tags.database, deploy=True)


def check_settings(app_configs: Sequence[Any] | None, **kwargs: Any) -> list[CheckMessage]:
    """Look at the settings of a real site."""
    return [warning for is_wrong, warning in SETTINGS if is_wrong()]


def check_running_site(
    app_configs: Sequence[Any] | None, databases: Sequence[str] | None, **kwargs: Any
) -> list[CheckMessage]:
    """Look at the database, the clocks and the worker, if the database is to be asked."""
    if not databases:
        return []
    try:
        return [warning for is_wrong, warning in RUNNING_SITE if is_wrong()]
    except Error as error:
        return [Warning("The database does not answer.", hint=str(error), id="sidedoor.W020")]


def _is_only_here() -> bool:
    return settings.SITE_ORIGIN.hostname in LOOPBACK


def _is_sender_nowhere() -> bool:
    """Whether the sender's domain is an address, or a name without a dot."""
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2]
    return "." not in domain or domain in LOOPBACK or domain.startswith("[")


def _is_database_too_old() -> bool:
    version = vital_signs.database_version()
    return version is None or version < OLDEST_POSTGRESQL


def _is_worker_silent() -> bool:
    silence = vital_signs.worker_silence()
    return silence is None or silence > LONGEST_SILENCE


SETTINGS: list[tuple[Check, CheckMessage]] = [
    (
        lambda: not settings.IS_HTTPS,
        Warning(
            "SITE_URL does not begin with https://.",
            hint="Passwords and secret links would cross the network in clear.",
            id="sidedoor.W001",
        ),
    ),
    (
        _is_only_here,
        Warning(
            "SITE_URL is an address of this machine only.",
            hint="Set it to where people reach the site: the links in mails begin with it.",
            id="sidedoor.W002",
        ),
    ),
    (
        lambda: "*" in settings.ALLOWED_HOSTS,
        Warning(
            "ALLOWED_HOSTS lets every name in.",
            hint="Name the site's own; the one of SITE_URL is among them by itself.",
            id="sidedoor.W003",
        ),
    ),
    (
        lambda: settings.IS_HTTPS and settings.TRUSTED_PROXIES == 0,
        Warning(
            "TRUSTED_PROXIES is 0, yet something in front of the site speaks HTTPS.",
            hint="Set it to the number of proxies: otherwise all visitors are limited together, as one address.",
            id="sidedoor.W004",
        ),
    ),
    (
        _is_sender_nowhere,
        Warning(
            "Mail comes from an address that no server takes answers for.",
            hint="Set DEFAULT_FROM_EMAIL: other servers refuse mail from a machine's own name.",
            id="sidedoor.W005",
        ),
    ),
]

RUNNING_SITE: list[tuple[Check, CheckMessage]] = [
    (
        _is_database_too_old,
        Warning(
            "The database is not PostgreSQL 15 or newer.",
            hint="The guarantees of private links are PostgreSQL's.",
            id="sidedoor.W021",
        ),
    ),
    (
        lambda: vital_signs.clock_difference() > FARTHEST_APART,
        Warning(
            "The clocks of this machine and of the database differ by more than two seconds.",
            hint="Links end by the database's clock, lists show it by this one's. Keep both right, with NTP.",
            id="sidedoor.W022",
        ),
    ),
    (
        lambda: vital_signs.unapplied_migrations() > 0,
        Warning("The database lacks migrations.", hint="Run `manage.py migrate`.", id="sidedoor.W023"),
    ),
    (
        _is_worker_silent,
        Warning(
            "No worker has given a sign of life in the last minute.",
            hint="Run `manage.py procrastinate worker`: it sends the mail.",
            id="sidedoor.W024",
        ),
    ),
    (
        lambda: vital_signs.longest_waiting_mail() > LONGEST_WAIT,
        Warning(
            "Mail has been waiting for more than a quarter of an hour.",
            hint="Look at the mail server, and at the jobs in the admin.",
            id="sidedoor.W025",
        ),
    ),
]
