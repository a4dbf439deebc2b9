"""The whole site as `make run` runs it: it starts, says where it is, and leaves nothing behind however it ends."""

import io
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.request import urlopen

import pytest

from config.run import BASE_DIR, Part, say
from tests.live_site import free_port
from tests.whole_site import Site

STOP_SECONDS = 20


def lock_files(site: Site) -> list[str]:
    """Return the names of the lock files and sockets in the data folder."""
    return sorted(path.name for path in site.data.rglob("*") if path.suffix in (".lock", ".pid") or path.is_socket())


def log_in_page(site: Site) -> str:
    """Return the log-in page."""
    with urlopen(f"http://127.0.0.1:{site.port}/accounts/login/") as page:
        return str(page.read().decode())


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    """A site that is not running yet."""
    site = Site(tmp_path / "data", free_port(), tmp_path / "output")
    yield site
    for process in site.processes():
        process.kill()


def assert_whole(site: Site) -> None:
    """Assert that the site answers, has all its parts, and has said where it is and how to log in."""
    commands = [" ".join(process.cmdline()) for process in site.processes()]
    passwords = [(site.data / f"demo_{who}_password").read_text() for who in ("host", "staff")]
    said = site.output.read_text()

    # Browsers keep for ever what is named after its content.
    assert re.search(r"/static/css/base\.[0-9a-f]{12}\.css", log_in_page(site))
    assert any("granian" in command for command in commands)
    assert any("procrastinate worker" in command for command in commands)
    assert f"http://127.0.0.1:{site.port}/d/" in said
    assert [password for password in passwords if f"password: {password}" not in said] == []
    assert "Traceback" not in said


# One test, since a start takes seconds.
def test_site_runs_runs_again_after_a_kill_and_leaves_nothing_behind(site: Site) -> None:
    supervisor = site.start_and_wait()
    assert_whole(site)

    supervisor.kill()
    supervisor.wait()
    supervisor = site.start_and_wait()
    assert_whole(site)

    supervisor.send_signal(signal.SIGINT)
    exit_code = supervisor.wait(timeout=STOP_SECONDS)
    secrets = [site.data / name for name in ("secret_key", "demo_host_password", "demo_staff_password")]

    assert exit_code == 0
    assert "Traceback" not in site.output.read_text()
    assert site.processes() == []
    assert lock_files(site) == []
    assert [path.stat().st_mode & 0o777 for path in (site.data, *secrets)] == [0o700, 0o600, 0o600, 0o600]


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


def test_what_nobody_reads_any_more_stops_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    with io.TextIOWrapper(io.FileIO(writer, "w"), write_through=True) as terminal:
        monkeypatch.setattr(sys, "stdout", terminal)
        say("Stopping.")


def test_part_that_keeps_ending_is_started_again_after_ever_longer_pauses() -> None:
    part = Part("part", ["true"])
    pauses: list[int] = []

    for _time in range(4):
        ended_at = run_to_its_end(part)
        part.keep_running()
        assert part.process is None
        pauses.append(int(part.not_before - ended_at))

    assert pauses == [1, 3, 5, 5]


def run_to_its_end(part: Part) -> float:
    """Start the part, and return when it has ended, as `time.monotonic` says it."""
    part.start()
    assert part.process is not None
    part.process.wait()
    return time.monotonic()


@pytest.mark.parametrize("port", ["abc", "0", "65536", "-1", "٣"])
def test_site_says_that_its_port_is_none(site: Site, port: str) -> None:
    environment = {"PATH": os.environ["PATH"], "SIDEDOOR_DATA": str(site.data), "PORT": port}

    result = subprocess.run(
        [sys.executable, "-m", "config.run"], cwd=BASE_DIR, env=environment, capture_output=True, text=True, check=False
    )

    assert result.returncode == 1
    assert result.stderr == f"PORT must be a number between 1 and 65535, not {port!r}.\n"
