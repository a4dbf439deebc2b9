"""The embedded database: a real PostgreSQL for whoever has not set DATABASE_URL.

Every process that uses the server holds a shared lock on its folder for as long as it lives, and a keeper
(`postgres_keeper.py`) runs the server for as long as somebody holds that lock. The kernel lets go of the locks of a
process that dies, however it dies, so nothing has to be cleaned up.
"""

import atexit
import contextlib
import fcntl
import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import psycopg

from config import postgres_keeper
from config.data_folder import data_folder

# How long a start may take: recovering after a crash reads back what was written since the last checkpoint.
START_SECONDS = 60
# How long the last one to leave waits for the server to be gone.
STOP_SECONDS = 15


class EmbeddedPostgresError(RuntimeError):
    """The embedded PostgreSQL did not start."""


@dataclass(frozen=True, slots=True)
class Use:
    """That this process uses a server: the lock that says so, and how the server is to be started."""

    lock: int
    durable: bool


_uses: dict[Path, Use] = {}


def ensure_database_url(*, durable: bool = True) -> None:
    """Start or join the embedded PostgreSQL and set DATABASE_URL, unless it is set.

    It runs until the last process that asked for it has ended. One that is not durable is quicker, and may be lost
    when the machine (not the server) crashes.

    Raises:
        EmbeddedPostgresError: The server did not start.
    """
    if not os.environ.get("DATABASE_URL"):
        os.environ["DATABASE_URL"] = join(data_folder() / "postgres", durable=durable)


def join(folder: Path, *, durable: bool = True) -> str:
    """Start or join the server in the folder and return its URL.

    Raises:
        EmbeddedPostgresError: The server did not start.
    """
    folder = folder.resolve()
    if folder not in _uses:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock = os.open(folder, os.O_RDONLY)
        # A keeper that is just stopping the server holds this lock alone: wait for it.
        fcntl.flock(lock, fcntl.LOCK_SH)
        _uses[folder] = Use(lock, durable)
        atexit.register(leave, folder)
    _ensure_running(folder, durable=durable)
    return url(folder)


def keep_running() -> None:
    """Start the servers that this process uses again, should a keeper have been killed.

    Raises:
        EmbeddedPostgresError: A server did not start.
    """
    for folder, use in _uses.items():
        if not has_keeper(folder):
            _ensure_running(folder, durable=use.durable)


def inherited_locks() -> list[int]:
    """Return the files to pass on to a process that uses the servers, too: they run until it has ended as well."""
    return [use.lock for use in _uses.values()]


def leave(folder: Path) -> None:
    """Stop using the server; the last one to leave waits until it has stopped."""
    folder = folder.resolve()
    if (use := _uses.pop(folder, None)) is None:
        return
    is_last = postgres_keeper.try_lock(use.lock)
    # A process that has inherited the lock and is still there keeps it as it was: shared.
    with contextlib.suppress(BlockingIOError):
        fcntl.flock(use.lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    os.close(use.lock)
    deadline = time.monotonic() + (STOP_SECONDS if is_last else 0)
    while has_keeper(folder) and time.monotonic() < deadline:
        time.sleep(0.02)


def has_keeper(folder: Path) -> bool:
    """Tell whether a keeper is at work; it has then made sure that the socket is nobody else's."""
    try:
        lock = os.open(postgres_keeper.log_file(folder), os.O_RDONLY)
    except FileNotFoundError:
        return False
    is_free = postgres_keeper.try_lock(lock)
    os.close(lock)
    return not is_free


def is_answering(folder: Path) -> bool:
    """Tell whether the server accepts a connection."""
    try:
        psycopg.connect(url(folder), connect_timeout=5).close()
    except psycopg.OperationalError:
        return False
    return True


def url(folder: Path) -> str:
    """Return the URL of the database, reached through a socket that only this user may open."""
    socket_folder = quote(str(postgres_keeper.socket_folder(folder)))
    return f"postgresql://postgres@:{postgres_keeper.PORT}/postgres?host={socket_folder}"


def _ensure_running(folder: Path, *, durable: bool) -> None:
    """Return when the server in the folder answers, starting a keeper if there is none.

    Raises:
        EmbeddedPostgresError: The server did not start.
    """
    deadline = time.monotonic() + START_SECONDS
    is_started = False
    while not (has_keeper(folder) and is_answering(folder)):
        if not has_keeper(folder) and not is_started:
            is_started = _start_keeper(folder, durable=durable)
        elif not has_keeper(folder) or time.monotonic() > deadline:
            raise EmbeddedPostgresError(_explanation(folder))
        time.sleep(0.05)


def _start_keeper(folder: Path, *, durable: bool) -> bool:
    """Start a keeper, in a session of its own where no Ctrl-C reaches it, and tell whether it is the one at work.

    Raises:
        EmbeddedPostgresError: It refused to start.
    """
    command = [sys.executable, "-I", postgres_keeper.__file__, str(folder), "durable" if durable else "quick"]
    with postgres_keeper.log_file(folder).open("ab") as log:
        result = subprocess.run(
            command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd="/", start_new_session=True, check=False
        )
    if result.returncode not in (0, postgres_keeper.EXIT_ANOTHER_KEEPER):
        raise EmbeddedPostgresError(_explanation(folder))
    return result.returncode == 0


def _forget_uses() -> None:
    """Leave the locks to the process that this one was forked from."""
    for use in _uses.values():
        os.close(use.lock)
    _uses.clear()


os.register_at_fork(after_in_child=_forget_uses)


def _explanation(folder: Path) -> str:
    """Say that the server did not start, with the end of its log."""
    log = postgres_keeper.log_file(folder)
    last_lines = "\n".join(log.read_text(errors="replace").splitlines()[-8:])
    return f"The embedded PostgreSQL did not start. The end of {log}:\n{last_lines}"
