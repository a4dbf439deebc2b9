"""The whole site as `make run` runs it, for tests: in a folder of its own, with every process that belongs to it."""

import os
import subprocess
import sys
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from config.run import BASE_DIR

START_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Site:
    """A site of its own: a folder for its data, the port where it listens, and what it says."""

    data: Path
    port: int
    output: Path
    # The module that runs it, and what else is set in its environment.
    entry: str = "config.run"
    variables: Mapping[str, str] = field(default_factory=dict)

    @property
    def environment(self) -> dict[str, str]:
        """Return the environment, which has nothing of the tests' own."""
        return {"PATH": os.environ["PATH"], "SIDEDOOR_DATA": str(self.data), "PORT": str(self.port), **self.variables}

    def start(self) -> subprocess.Popen[bytes]:
        """Start the site."""
        command = [sys.executable, "-m", self.entry]
        with self.output.open("wb") as output:
            return subprocess.Popen(command, cwd=BASE_DIR, env=self.environment, stdout=output, stderr=output)

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
