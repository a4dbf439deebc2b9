"""Runs the whole site: the database, the web server, the mail worker. `make run` calls it.

Every part is a process in a session of its own, told by the kernel to end when this one does, however that happens.
"""

import contextlib
import errno
import http.client
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import NoReturn
from urllib.parse import urlsplit

from config.data_folder import ensure_secret_key, kept_secret
from config.embedded_postgres import EmbeddedPostgresError, ensure_database_url, inherited_locks, keep_running

BASE_DIR = Path(__file__).resolve().parent.parent
HOST = "127.0.0.1"

# How long a port may still be taken by what is just ending.
PORT_SECONDS = 5
# How long the web server may take to answer for the first time.
START_SECONDS = 60
# How long a part may take to finish what it is doing, and a process of the web server within that.
STOP_SECONDS = 6
WORKER_STOP_SECONDS = 4
# A part that ends sooner than this is started again after a pause, a longer one each time.
SHORT_LIFE_SECONDS = 10
LONGEST_PAUSE_SECONDS = 5
POLL_SECONDS = 0.2

STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
PARENT = os.getppid()


class CannotRunError(Exception):
    """The site cannot run; the message says why."""


class Stopped(Exception):  # noqa: N818  (it is no error)
    """Somebody asked the site to stop."""


@dataclass(slots=True)
class Part:
    """A process of the site, with whatever it starts itself."""

    name: str
    command: list[str]
    process: subprocess.Popen[bytes] | None = None
    is_up: bool = False
    started_at: float = 0
    pause: float = 0
    not_before: float = 0

    def start(self) -> None:
        """Start the process."""
        self.started_at = time.monotonic()
        self.process = start_process(self.command)

    def has_ended(self) -> bool:
        """Tell whether the process has ended by itself."""
        return self.process is not None and self.process.poll() is not None

    def keep_running(self) -> None:
        """Start the process again if it has ended, after a pause if it keeps ending."""
        if self.has_ended():
            self.end()
            now = time.monotonic()
            lived_long = now - self.started_at > SHORT_LIFE_SECONDS
            self.pause = 0 if lived_long else min(LONGEST_PAUSE_SECONDS, 2 * self.pause + 1)
            self.not_before = now + self.pause
            say(f"The {self.name} has ended; it starts again.")
        if self.process is None and time.monotonic() >= self.not_before:
            self.start()

    def ask_to_end(self) -> None:
        """Ask the process to finish what it is doing; one that is still starting does nothing that could be lost."""
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM if self.is_up else signal.SIGKILL)

    def end(self) -> None:
        """Wait a moment for the process to finish, then end what is left of it and of what it has started."""
        if self.process is None:
            return
        try:
            self.process.wait(timeout=STOP_SECONDS)
        except subprocess.TimeoutExpired:
            say(f"The {self.name} does not end; it is killed.")
        end_session(self.process)
        self.process = None


def main() -> int:
    """Run the site until somebody stops it, and return the exit code."""
    parts: list[Part] = []
    for number in STOP_SIGNALS:
        signal.signal(number, stop)
    try:
        port = settle_environment()
        logins = prepare()
        parts += [web_server(port), mail_worker()]
        serve(parts, port, logins)
    except (CannotRunError, EmbeddedPostgresError, PermissionError) as error:
        print(error, file=sys.stderr)
        return 1
    except Stopped:
        say("Stopping.")
    finally:
        end_all(parts)
    return 0


def settle_environment() -> int:
    """Set what the parts of the site read from their environment, start the database, and return the port."""
    port = free_port()
    os.environ.setdefault("SITE_URL", f"http://{HOST}:{port}")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    ensure_secret_key()
    ensure_database_url()
    return port


def free_port() -> int:
    """Return the port to listen on.

    Raises:
        CannotRunError: Somebody else listens there.
    """
    text = os.environ.get("PORT") or "8000"
    if not text.isascii() or not text.isdigit() or not 0 < int(text) < 65536:
        raise CannotRunError(f"PORT must be a number between 1 and 65535, not {text!r}.")
    deadline = time.monotonic() + PORT_SECONDS
    while is_taken(int(text)):
        if time.monotonic() > deadline:
            raise CannotRunError(f"Port {text} is in use; choose another, for example: make run PORT={int(text) + 1}")
        time.sleep(POLL_SECONDS)
    return int(text)


def is_taken(port: int) -> bool:
    """Tell whether somebody listens on the port: two web servers could share it without an error."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                raise CannotRunError(f"Nothing can listen on port {port}: {error.strerror}.") from error
            return True
    return False


def prepare() -> str:
    """Bring the tables and the static files up to date, fill an empty database, and return what the demo says."""
    say("Preparing the database and the static files.")
    passwords = {f"DEMO_{who}_PASSWORD": kept_secret(f"demo_{who.lower()}_password") for who in ("HOST", "STAFF")}
    return manage("prepare", **passwords)


def manage(*words: str, **environment: str) -> str:
    """Run a command of manage.py and return what it says.

    Raises:
        CannotRunError: It failed.
    """
    result = subprocess.run(
        [*end_with_this_process(), sys.executable, "manage.py", *words],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        cwd=BASE_DIR,
        env=os.environ | environment,
        start_new_session=True,
        check=False,
        text=True,
    )
    if result.returncode != 0:
        raise CannotRunError(f"`manage.py {words[0]}` failed.")
    return result.stdout


def web_server(port: int) -> Part:
    """Return the web server: a few processes of eight threads each."""
    processes = os.environ.get("WEB_PROCESSES") or str(min(2, os.cpu_count() or 1))
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", HOST, "--port", str(port)]
    command += ["--workers", processes, "--blocking-threads", "8"]
    command += ["--respawn-failed-workers", "--workers-kill-timeout", f"{WORKER_STOP_SECONDS}s"]
    # No access log: it would hold the hashes of private links.
    command += ["--no-access-log", "--log-level", "error", "--log-config", "config/granian_logging.json"]
    return Part("web server", [*command, "config.wsgi:application"])


def mail_worker() -> Part:
    """Return the worker that sends mail and runs what is due from time to time."""
    return Part("mail worker", [sys.executable, "manage.py", "procrastinate", "worker"])


def serve(parts: list[Part], port: int, logins: str) -> None:
    """Start the parts, say where the site is, and keep everything running until somebody stops it.

    Raises:
        CannotRunError: A part ended, or nothing answered, before the site was up.
    """
    deadline = time.monotonic() + START_SECONDS
    for part in parts:
        part.start()
    while not answers(port):
        for part in parts:
            if part.has_ended() or time.monotonic() > deadline:
                raise CannotRunError(f"The {part.name} did not start.")
        wait_a_moment()
    for part in parts:
        part.is_up = True
    say(f"\nSidedoor is running at {os.environ['SITE_URL']}/ (Ctrl-C stops it).\n\n{logins}".rstrip())
    while True:
        wait_a_moment()
        keep_running()
        for part in parts:
            part.keep_running()


def answers(port: int) -> bool:
    """Tell whether the site answers, whatever it says."""
    connection = http.client.HTTPConnection(HOST, port, timeout=START_SECONDS)
    try:
        connection.request("HEAD", "/", headers={"Host": urlsplit(os.environ["SITE_URL"]).netloc})
        connection.getresponse()
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
    return True


def wait_a_moment() -> None:
    """Let a moment pass.

    Raises:
        Stopped: make, which has started this, is gone.
    """
    time.sleep(POLL_SECONDS)
    if "MAKELEVEL" in os.environ and os.getppid() != PARENT:
        raise Stopped


def start_process(command: list[str]) -> subprocess.Popen[bytes]:
    """Start a process in a session of its own, where no Ctrl-C reaches it.

    Its database outlives it, but where nothing would end the process once this one is gone.
    """
    ending = end_with_this_process()
    locks = inherited_locks() if ending else []
    return subprocess.Popen(
        [*ending, *command], stdin=subprocess.DEVNULL, cwd=BASE_DIR, start_new_session=True, pass_fds=locks
    )


def end_with_this_process() -> list[str]:
    """Return the words before a command that let the kernel end it when this process is gone, where it can."""
    setpriv = shutil.which("setpriv")
    return [setpriv, "--pdeathsig", "TERM"] if setpriv else []


def end_all(parts: list[Part]) -> None:
    """End the parts at the same time, whoever else asks for it meanwhile."""
    for number in STOP_SIGNALS:
        signal.signal(number, signal.SIG_IGN)
    for part in parts:
        part.ask_to_end()
    for part in parts:
        part.end()


def end_session(leader: subprocess.Popen[bytes]) -> None:
    """Kill what is left of the process and of those that it has started."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(leader.pid, signal.SIGKILL)
    leader.wait()


def say(text: str) -> None:
    """Tell the person at the terminal, if there still is one."""
    with contextlib.suppress(OSError):
        print(text, flush=True)


def stop(number: int, frame: FrameType | None) -> NoReturn:
    """Answer Ctrl-C and its like.

    Raises:
        Stopped: Always.
    """
    raise Stopped


if __name__ == "__main__":
    sys.exit(main())
