"""The embedded database: a real PostgreSQL for whoever has not set DATABASE_URL.

Every process that uses the server holds a shared lock on its folder for as long as it lives, and a keeper
(`postgres_keeper.py`) runs the server for as long as somebody holds that lock. The kernel lets go of the locks of a
process that dies, however it dies, so nothing has to be cleaned up.
"""

import atexit
import fcntl
import os
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import quote

import psycopg

from config import postgres_keeper

# How long a start may take: recovering after a crash reads back what was written since the last checkpoint.
START_SECONDS = 60
# How long the last one to leave waits for the server to be gone.
STOP_SECONDS = 15

_locks: dict[Path, int] = {}


class EmbeddedPostgresError(RuntimeError):
    """The embedded PostgreSQL did not start."""


def data_folder() -> Path:
    """Return the folder in which the installation keeps its data."""
    default = Path(__file__).resolve().parent.parent / ".data"
    return Path(os.environ.get("SIDEDOOR_DATA") or default).expanduser().resolve()


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
    if folder not in _locks:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock = os.open(folder, os.O_RDONLY)
        # A keeper that is just stopping the server holds this lock alone: wait for it.
        fcntl.flock(lock, fcntl.LOCK_SH)
        _locks[folder] = lock
        atexit.register(leave, folder)
    ensure_running(folder, durable=durable)
    return url(folder)


def leave(folder: Path) -> None:
    """Stop using the server; the last one to leave waits until it has stopped."""
    folder = folder.resolve()
    if (lock := _locks.pop(folder, None)) is None:
        return
    is_last = postgres_keeper.try_lock(lock)
    os.close(lock)
    deadline = time.monotonic() + (STOP_SECONDS if is_last else 0)
    while has_keeper(folder) and time.monotonic() < deadline:
        time.sleep(0.02)


def ensure_running(folder: Path, *, durable: bool = True) -> None:
    """Return when the server in the folder answers, starting a keeper if there is none.

    Raises:
        EmbeddedPostgresError: The server did not start.
    """
    deadline = time.monotonic() + START_SECONDS
    keeper = None
    while not (has_keeper(folder) and is_answering(folder)):
        if keeper is None or keeper.poll() == postgres_keeper.EXIT_ANOTHER_KEEPER:
            keeper = _start_keeper(folder, durable=durable)
        elif keeper.poll() is not None or time.monotonic() > deadline:
            raise EmbeddedPostgresError(_explanation(folder))
        time.sleep(0.05)


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


def _start_keeper(folder: Path, *, durable: bool) -> subprocess.Popen[bytes]:
    """Start a keeper in a session of its own, where no Ctrl-C reaches it."""
    command = [sys.executable, "-I", postgres_keeper.__file__, str(folder), "durable" if durable else "quick"]
    with postgres_keeper.log_file(folder).open("ab") as log:
        return subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd="/", start_new_session=True
        )


def _explanation(folder: Path) -> str:
    """Say that the server did not start, with the end of its log."""
    log = postgres_keeper.log_file(folder)
    last_lines = "\n".join(log.read_text(errors="replace").splitlines()[-8:])
    return f"The embedded PostgreSQL did not start. The end of {log}:\n{last_lines}"
