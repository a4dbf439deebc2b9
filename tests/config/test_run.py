"""The whole site as `make run` runs it: it starts, says where it is, and leaves nothing behind however it ends."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.request import urlopen

import psutil
import pytest

from config.run import BASE_DIR
from tests.live_site import free_port

START_SECONDS = 60
STOP_SECONDS = 20


@dataclass(frozen=True, slots=True)
class Site:
    """A site of its own: a folder for its data, the port where it listens, and what it says."""

    data: Path
    port: int
    output: Path

    def start(self) -> subprocess.Popen[bytes]:
        """Start the site."""
        environment = {"PATH": os.environ["PATH"], "SIDEDOOR_DATA": str(self.data), "PORT": str(self.port)}
        command = [sys.executable, "-m", "config.run"]
        with self.output.open("wb") as output:
            return subprocess.Popen(command, cwd=BASE_DIR, env=environment, stdout=output, stderr=output)

    def start_and_wait(self) -> subprocess.Popen[bytes]:
        """Start the site and return when it has said that it is running."""
        supervisor = self.start()
        deadline = time.monotonic() + START_SECONDS
        while "\nSidedoor is running at" not in self.output.read_text():
            assert supervisor.poll() is None, self.output.read_text()
            assert time.monotonic() < deadline, self.output.read_text()
            time.sleep(0.1)
        return supervisor

    def processes(self) -> list[psutil.Process]:
        """Return the processes of the site, the database's included."""
        found = []
        for process in psutil.process_iter():
            with suppress(psutil.Error):
                words = [*process.cmdline(), process.environ().get("SIDEDOOR_DATA", "")]
                if any(str(self.data) in word for word in words) and process.status() != psutil.STATUS_ZOMBIE:
                    found.append(process)
        return found


def lock_files(site: Site) -> list[str]:
    """Return the names of the lock files and sockets in the data folder."""
    return sorted(path.name for path in site.data.rglob("*") if path.suffix in (".lock", ".pid") or path.is_socket())


def page_status(site: Site) -> int:
    """Return the status of the log-in page."""
    with urlopen(f"http://127.0.0.1:{site.port}/accounts/login/") as page:
        return int(page.status)


@dataclass(frozen=True, slots=True)
class Life:
    """What was seen of a site that was started, killed, started again at once, and stopped with Ctrl-C."""

    site: Site
    first_output: str
    first_commands: list[str]
    statuses: list[int]
    exit_code: int
    second_output: str
    left_processes: list[list[str]]
    left_lock_files: list[str]


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    """A site that is not running yet."""
    site = Site(tmp_path / "data", free_port(), tmp_path / "output")
    yield site
    for process in site.processes():
        process.kill()


@pytest.fixture(scope="module")
def life(tmp_path_factory: pytest.TempPathFactory) -> Life:
    """The life of a site, lived once for all tests that look at it."""
    folder = tmp_path_factory.mktemp("site")
    site = Site(folder / "data", free_port(), folder / "output")
    supervisor = site.start_and_wait()
    statuses = [page_status(site)]
    first_output = site.output.read_text()
    first_commands = [" ".join(process.cmdline()) for process in site.processes()]
    supervisor.kill()
    supervisor.wait()
    supervisor = site.start_and_wait()
    statuses.append(page_status(site))
    supervisor.send_signal(signal.SIGINT)
    exit_code = supervisor.wait(timeout=STOP_SECONDS)
    return Life(
        site=site,
        first_output=first_output,
        first_commands=first_commands,
        statuses=statuses,
        exit_code=exit_code,
        second_output=site.output.read_text(),
        left_processes=[process.cmdline() for process in site.processes()],
        left_lock_files=lock_files(site),
    )


@pytest.mark.xdist_group("life_of_a_site")
class TestLife:
    """The tests that share the life of a site."""

    def test_site_runs_and_runs_again_at_once_after_a_kill(self, life: Life) -> None:
        assert life.statuses == [200, 200]

    def test_site_has_a_web_server_and_a_mail_worker(self, life: Life) -> None:
        assert any("granian" in command for command in life.first_commands)
        assert any("procrastinate worker" in command for command in life.first_commands)

    def test_site_says_where_it_is_and_how_to_log_in_each_time(self, life: Life) -> None:
        passwords = [(life.site.data / f"demo_{who}_password").read_text() for who in ("host", "staff")]

        for output in (life.first_output, life.second_output):
            assert f"http://127.0.0.1:{life.site.port}/d/" in output
            assert [password for password in passwords if f"password: {password}" not in output] == []

    def test_site_keeps_its_secrets_to_its_owner(self, life: Life) -> None:
        names = ["secret_key", "demo_host_password", "demo_staff_password"]

        assert [(life.site.data / name).stat().st_mode & 0o777 for name in names] == [0o600] * 3
        assert life.site.data.stat().st_mode & 0o777 == 0o700

    def test_site_stops_in_order_and_leaves_nothing_behind(self, life: Life) -> None:
        assert life.exit_code == 0
        assert "Traceback" not in life.first_output + life.second_output
        assert life.left_processes == []
        assert life.left_lock_files == []


def test_site_says_that_its_port_is_taken(site: Site) -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", site.port))
        listener.listen()
        supervisor = site.start()
        supervisor.wait(timeout=STOP_SECONDS)

    said = site.output.read_text()

    assert supervisor.returncode == 1
    assert said == f"Port {site.port} is in use; choose another, for example: make run PORT={site.port + 1}\n"
    assert not site.data.exists()


@pytest.mark.parametrize("port", ["abc", "0", "65536", "-1", "٣"])
def test_site_says_that_its_port_is_none(site: Site, port: str) -> None:
    environment = {"PATH": os.environ["PATH"], "SIDEDOOR_DATA": str(site.data), "PORT": port}

    result = subprocess.run(
        [sys.executable, "-m", "config.run"], cwd=BASE_DIR, env=environment, capture_output=True, text=True, check=False
    )

    assert result.returncode == 1
    assert result.stderr == f"PORT must be a number between 1 and 65535, not {port!r}.\n"
