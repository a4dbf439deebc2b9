"""What load balancers and monitors are told."""

import os
import subprocess
import sys

import pytest
from django.db import connection
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from tests.config.test_checks import hear_a_worker, let_mail_wait

NOTHING_ANSWERS = """
import django
from django.conf import settings
from django.test import Client
settings.DATABASES["default"]["OPTIONS"]["pool"]["timeout"] = 1
django.setup()
answers = [Client().get(path, headers={"host": "localhost"}) for path in ("/healthz", "/readyz")]
print([answer.status_code for answer in answers], answers[1].json())
"""


def test_alive_asks_nothing(client: Client, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    response = client.get("/healthz")

    assert (response.status_code, response.text, response["Cache-Control"]) == (
        200,
        "ok\n",
        "max-age=0, no-cache, no-store, must-revalidate, private",
    )


@pytest.mark.django_db
class TestReady:
    def test_everything_works(self, client: Client) -> None:
        hear_a_worker()

        response = client.get("/readyz")

        checks = {"database": "ok", "migrations": "ok", "worker": "ok", "mail": "ok"}
        assert (response.status_code, response.json()) == (200, {"status": "ok", "checks": checks})

    def test_silent_worker_is_told_and_is_no_reason_to_turn_away(self, client: Client) -> None:
        response, strict = client.get("/readyz"), client.get("/readyz?strict")

        assert (response.status_code, response.json()["status"]) == (200, "degraded")
        assert response.json()["checks"]["worker"] == "failing"
        assert (strict.status_code, strict.json()) == (503, response.json())

    def test_mail_that_waits_too_long_is_told_without_a_word_of_it(self, client: Client) -> None:
        hear_a_worker()
        let_mail_wait()

        response, strict = client.get("/readyz"), client.get("/readyz?strict")

        checks = {"database": "ok", "migrations": "ok", "worker": "ok", "mail": "failing"}
        assert (response.status_code, response.json()) == (200, {"status": "degraded", "checks": checks})
        assert strict.status_code == 503

    def test_missing_migration_is_a_reason_to_turn_away(self, client: Client) -> None:
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM django_migrations WHERE app = 'bookings'")

        response = client.get("/readyz")

        assert (response.status_code, response.json()["status"]) == (503, "unavailable")
        assert response.json()["checks"]["migrations"] == "failing"

    @pytest.mark.parametrize("path", ["/healthz", "/readyz"])
    def test_nobody_posts(self, client: Client, path: str) -> None:
        assert client.post(path).status_code == 405


def test_without_a_database_the_process_is_alive_and_the_site_is_not_ready() -> None:
    result = subprocess.run(
        [sys.executable, "-c", NOTHING_ANSWERS],
        env=os.environ
        | {"DATABASE_URL": "postgresql://nobody@127.0.0.1:1/nothing", "DJANGO_SETTINGS_MODULE": "config.settings"},
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )

    checks = dict.fromkeys(("database", "migrations", "worker", "mail"), "failing")
    assert result.stdout.strip() == f"[200, 503] { ({'status': 'unavailable', 'checks': checks}) }"
