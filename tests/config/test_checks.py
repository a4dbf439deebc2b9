"""What `check --deploy` finds, one thing wrong at a time; nothing is wrong with a site that is set up well."""

import os
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, NoReturn

import pytest
from django.db import OperationalError, connection
from pytest_django import Settings

from config.checks import check_running_site, check_settings
from eventtypes.tasks import MAIL_QUEUE, AccountMail, queue_account_mail
from tests.clock import DatabaseClock

GOOD = {
    "SITE_URL": "https://book.example.org",
    "TRUSTED_PROXIES": "1",
    "EMAIL_URL": "smtp+tls://mail.example.org:587",
    "SECRET_KEY": "a-long-one-that-nobody-guesses-0123456789-abcdefghij",
    "DEBUG": "false",
    "ALLOWED_HOSTS": "",
    "DEFAULT_FROM_EMAIL": "Sidedoor <book@example.org>",
    # The tests in a browser set it, in the same process.
    "DJANGO_ALLOW_ASYNC_UNSAFE": "",
}


def warnings_of(**environment: str) -> set[str]:
    """Return the ids of what `check --deploy` says in an environment."""
    result = subprocess.run(
        [sys.executable, "manage.py", "check", "--deploy"],
        env=os.environ | GOOD | environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    return {word.strip("():") for word in result.stderr.split() if word.startswith("(") and "." in word}


@pytest.mark.rule("S15")
def test_nothing_is_wrong_with_a_site_that_is_set_up_well(figure: Callable[[str], None]) -> None:
    found = warnings_of()

    figure(f"Warnings of check --deploy about a site that is set up well: {len(found)}.")
    assert found == set()


def test_what_is_wrong_with_a_site_is_found_by_djangos_checks_and_by_ours() -> None:
    found = warnings_of(
        SITE_URL="http://localhost",
        ALLOWED_HOSTS="*",
        DEFAULT_FROM_EMAIL="Sidedoor <sidedoor@localhost>",
        EMAIL_URL="filemail://",
        SECRET_KEY="short",
        DEBUG="true",
    )

    assert {f"sidedoor.W00{number}" for number in (1, 2, 3, 5)} <= found
    assert {"mail.E001", "security.W009", "security.W018"} <= found


@pytest.mark.parametrize(("is_https", "proxies", "found"), [(True, 0, True), (True, 1, False), (False, 0, False)])
def test_https_without_a_proxy_is_found(settings: Settings, is_https: bool, proxies: int, found: bool) -> None:
    settings.IS_HTTPS, settings.TRUSTED_PROXIES = is_https, proxies

    assert ("sidedoor.W004" in {warning.id for warning in check_settings(None)}) == found


@pytest.mark.parametrize("hostname", ["localhost", "127.0.0.1", "::1"])
def test_every_name_of_this_machine_is_no_address_for_mails(settings: Settings, hostname: str) -> None:
    settings.SITE_ORIGIN = settings.SITE_ORIGIN._replace(netloc=f"[{hostname}]:1" if ":" in hostname else hostname)

    assert "sidedoor.W002" in {warning.id for warning in check_settings(None)}


def running() -> set[str | None]:
    return {warning.id for warning in check_running_site(None, databases=["default"])}


def hear_a_worker() -> None:
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now())")


def let_mail_wait() -> None:
    """Queue a mail as of sixteen minutes ago."""
    queue_account_mail(AccountMail(["ada@example.com"], "Hello", "Text", "<1@example.com>"))
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE procrastinate_events SET at = now() - interval '16 minutes' WHERE job_id IN"
            " (SELECT id FROM procrastinate_jobs WHERE queue_name = %s)",
            [MAIL_QUEUE],
        )


@pytest.mark.django_db
class TestRunningSite:
    def test_nothing_is_wrong_while_a_worker_is_heard(self) -> None:
        hear_a_worker()

        assert running() == set()

    def test_database_is_not_asked_unless_it_is_named(self) -> None:
        assert check_running_site(None, databases=None) == []

    def test_missing_worker_is_found(self) -> None:
        assert running() == {"sidedoor.W024"}

    def test_silent_worker_is_found(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("INSERT INTO procrastinate_workers VALUES (DEFAULT, now() - interval '2 minutes')")

        assert running() == {"sidedoor.W024"}

    def test_clocks_that_differ_are_found(self, database_clock: DatabaseClock) -> None:
        hear_a_worker()
        database_clock.set(datetime.now(UTC) - timedelta(seconds=3))

        assert running() == {"sidedoor.W022"}

    def test_missing_migration_is_found(self) -> None:
        hear_a_worker()
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM django_migrations WHERE app = 'bookings'")

        assert running() == {"sidedoor.W023"}

    def test_mail_that_waits_too_long_is_found(self) -> None:
        hear_a_worker()
        let_mail_wait()

        assert running() == {"sidedoor.W025"}

    def test_database_that_does_not_answer_is_found(self) -> None:
        def fail(*asked: Any) -> NoReturn:
            raise OperationalError("the connection is lost")

        with connection.execute_wrapper(fail):
            assert running() == {"sidedoor.W020"}

    def test_old_postgresql_is_found(self, monkeypatch: pytest.MonkeyPatch) -> None:
        hear_a_worker()
        monkeypatch.setattr("config.checks.OLDEST_POSTGRESQL", 99)

        assert running() == {"sidedoor.W021"}
