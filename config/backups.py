"""Backing the database up into one file, and bringing it back, with PostgreSQL's own programs."""

import os
import shutil
import subprocess
from pathlib import Path

from django.core.management import call_command
from django.db import connection

from config.postgres_keeper import program as packaged_program
from config.vital_signs import database_version
from eventtypes.models import Host

# The programs of the package read and write this version and all before it.
PACKAGED_VERSION = 18
# How PostgreSQL's programs are told where the database is: a password on their command line could be read by others.
VARIABLES = {
    "host": "PGHOST",
    "port": "PGPORT",
    "user": "PGUSER",
    "password": "PGPASSWORD",
    "dbname": "PGDATABASE",
    "sslmode": "PGSSLMODE",
    "sslrootcert": "PGSSLROOTCERT",
    "sslcert": "PGSSLCERT",
    "sslkey": "PGSSLKEY",
}


class BackupError(Exception):
    """The backup, or what is to be brought back from one, failed; the message says why."""


def back_up(path: Path) -> None:
    """Write the whole database, as it is at one instant, into a file that only its owner can read.

    The file is there when it is complete, and not before.

    Raises:
        BackupError: The file is there already, or PostgreSQL's program failed.
    """
    if path.exists():
        raise BackupError(f"{path} is there already. Choose another name.")
    draft = path.with_name(f"{path.name}.part")
    try:
        draft.touch(mode=0o600)
        _run("pg_dump", "--format=custom", "--no-owner", "--no-privileges", "--file", str(draft))
        draft.rename(path)
    except OSError as error:
        raise BackupError(f"{path} cannot be written: {error.strerror}.") from error
    finally:
        draft.unlink(missing_ok=True)


def restore(path: Path, *, replacing: bool = False) -> None:
    """Bring the database back from the file, all of it or nothing, and migrate it to the version that runs.

    A database that has hosts is left alone unless it is to be replaced.

    Raises:
        BackupError: There are hosts, or the file is no backup, or PostgreSQL's program failed.
    """
    if not replacing and _has_hosts():
        raise BackupError("The database has hosts. Say --replace if it is to be replaced by the backup.")
    if not path.is_file():
        raise BackupError(f"There is no file {path}.")
    connection.close()
    connection.close_pool()  # type: ignore[attr-defined]  # of PostgreSQL's connections
    options = ["--clean", "--if-exists", "--no-owner", "--no-privileges", "--single-transaction", "--exit-on-error"]
    _run("pg_restore", *options, f"--dbname={connection.settings_dict['NAME']}", str(path))
    call_command("migrate", verbosity=0)


def _has_hosts() -> bool:
    return Host._meta.db_table in connection.introspection.table_names() and Host.objects.exists()


def _run(program: str, *arguments: str) -> None:
    command = [_find(program), *arguments]
    result = subprocess.run(command, env=_environment(), capture_output=True, text=True, check=False)
    if result.returncode:
        raise BackupError(result.stderr.strip() or f"{program} failed.")


def _find(program: str) -> str:
    """Return the package's program, or for a newer server than it knows, the machine's own."""
    if (database_version() or 0) <= PACKAGED_VERSION:
        return packaged_program(program)
    found = shutil.which(program)
    if found is None:
        raise BackupError(f"The database is newer than PostgreSQL {PACKAGED_VERSION}: install its {program}.")
    return found


def _environment() -> dict[str, str]:
    parameters = connection.get_connection_params()
    told = {VARIABLES[name]: str(value) for name, value in parameters.items() if name in VARIABLES and value}
    return os.environ | told
