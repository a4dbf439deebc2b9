"""The drill: a site that is backed up and brought back elsewhere is the same, and what goes wrong changes nothing."""

import os
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.apps import apps
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection

from bookings.services.demo import fill_empty_database
from tests.live_site import database_url

OTHER = "restored_by_the_drill"


@pytest.fixture
def site(transactional_db: None) -> None:
    """A site with the demo: hosts, links in every state, bookings, queued mail."""
    fill_empty_database(host_password="not secret", staff_password="not secret")


@pytest.fixture
def other_database(transactional_db: None) -> Iterator[str]:
    """Make another database, empty, and return its URL."""
    with connection.cursor() as cursor:
        cursor.execute(f"DROP DATABASE IF EXISTS {OTHER} WITH (FORCE)")
        cursor.execute(f"CREATE DATABASE {OTHER}")
    yield urlsplit(database_url())._replace(path=f"/{OTHER}").geturl()
    with connection.cursor() as cursor:
        cursor.execute(f"DROP DATABASE {OTHER} WITH (FORCE)")


def manage(*command: str, url: str) -> subprocess.CompletedProcess[str]:
    """Run manage.py on the database."""
    environment = os.environ | {"DATABASE_URL": url}
    words = [sys.executable, "manage.py", *command]
    return subprocess.run(words, env=environment, capture_output=True, text=True, check=False, timeout=120)


def stored() -> dict[str, tuple[int, str | None]]:
    """Return how many rows each table has, and a digest of them; and of the constraints, which say what they can be."""
    tables = [model._meta.db_table for model in apps.get_models()]
    sources = {table: f"SELECT t::text AS row FROM {table} t" for table in tables}  # noqa: S608  (our own tables)
    sources["(constraints)"] = (
        "SELECT concat_ws(' ', conrelid::regclass, conname, contype, convalidated) AS row"
        " FROM pg_constraint WHERE connamespace = 'public'::regnamespace"
    )
    found = {}
    with connection.cursor() as cursor:
        for name, source in sources.items():
            cursor.execute(f"SELECT count(*), md5(string_agg(row, '|' ORDER BY row)) FROM ({source}) rows")  # noqa: S608
            found[name] = cursor.fetchone()
    return found


def test_what_is_brought_back_is_what_was_backed_up(site: None, other_database: str, tmp_path: Path) -> None:
    file, again = tmp_path / "sidedoor.backup", tmp_path / "again.backup"
    call_command("backup", file, verbosity=0)

    restored = manage("restore", str(file), url=other_database)
    backed_up_again = manage("backup", str(again), url=other_database)

    assert restored.returncode == 0, restored.stderr
    assert "Hosts: 2, private links: 7, bookings: 10." in restored.stdout
    assert "All of them count right." in restored.stdout
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert backed_up_again.returncode == 0
    before = stored()
    call_command("restore", again, replace=True, verbosity=0)
    assert stored() == before


def test_database_with_hosts_is_left_alone_unless_it_is_to_be_replaced(site: None, tmp_path: Path) -> None:
    file = tmp_path / "sidedoor.backup"
    call_command("backup", file, verbosity=0)
    before = stored()

    with pytest.raises(CommandError, match="--replace"):
        call_command("restore", file)

    assert stored() == before


def test_backup_replaces_no_file(site: None, tmp_path: Path) -> None:
    file = tmp_path / "sidedoor.backup"
    file.write_text("precious")

    with pytest.raises(CommandError, match="there already"):
        call_command("backup", file)

    assert file.read_text() == "precious"
    assert list(tmp_path.iterdir()) == [file]


def test_what_is_no_backup_changes_nothing(site: None, tmp_path: Path) -> None:
    file = tmp_path / "sidedoor.backup"
    file.write_text("no backup")
    before = stored()

    with pytest.raises(CommandError, match="archive"):
        call_command("restore", file, replace=True)

    assert stored() == before


def test_backup_into_a_folder_that_is_not_there_is_told(site: None, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="cannot be written"):
        call_command("backup", tmp_path / "missing" / "sidedoor.backup")
