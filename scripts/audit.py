"""Asks PyPI whether one of the locked packages is known to be vulnerable: `.venv/bin/python -m scripts.audit`.

Where PyPI's list cannot be reached, it says so in one line, and fails nothing.
"""

import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PROJECT = Path(__file__).resolve().parent.parent
LOCKED = [PROJECT / "requirements.txt", PROJECT / "requirements-dev.txt"]
SECONDS_TO_CONNECT = "5"
# What the traceback or the message of pip-audit names if the network, or the list, is the trouble.
NOT_REACHED = ("requests.exceptions", "ServiceError", "ConnectionError", "Could not connect")


class AuditError(Exception):
    """The locked packages cannot be audited, whether there is a network or not; the message says why."""


@dataclass(frozen=True, slots=True)
class Audit:
    """How many of the locked packages the list knows, and the vulnerable ones with what is known about them."""

    packages: int
    known: int
    vulnerable: list[str]

    def __str__(self) -> str:
        if self.vulnerable:
            return f"Vulnerable: {'; '.join(self.vulnerable)}."
        if not self.known:
            return "The packages are not audited: the list of vulnerabilities cannot be reached from here."
        unknown = self.packages - self.known
        doubt = f", and {unknown} that the list does not know" if unknown else ""
        return f"No known vulnerability in {self.known} packages{doubt}."


def main() -> int:
    """Say what is known, and end with 1 if that is a vulnerability, or if nothing can be known."""
    try:
        result = audit(LOCKED)
    except AuditError as error:
        print(error, file=sys.stderr)
        return 1
    print(result)
    return 1 if result.vulnerable else 0


def audit(files: Sequence[Path], service: Sequence[str] = ()) -> Audit:
    """Return what is known about the packages in the files, by PyPI or by the service of these options of pip-audit.

    Nothing is installed, and each package has to be locked with its hashes.

    Raises:
        AuditError: The files are not in order.
    """
    command = [sys.executable, "-m", "pip_audit", "--require-hashes", "--disable-pip", "--format=json"]
    command += ["--progress-spinner=off", f"--timeout={SECONDS_TO_CONNECT}", *service]
    command += [f"--requirement={file}" for file in files]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    if result.stdout.strip():
        return _read(json.loads(result.stdout)["dependencies"])
    if any(word in result.stderr for word in NOT_REACHED):
        return Audit(0, 0, [])
    raise AuditError(f"The packages cannot be audited: {(result.stderr.strip() or 'no answer').splitlines()[-1]}")


def _read(packages: list[dict[str, Any]]) -> Audit:
    known = [package for package in packages if "vulns" in package]
    return Audit(len(packages), len(known), [_in_words(package) for package in known if package["vulns"]])


def _in_words(package: dict[str, Any]) -> str:
    """Return the package and what is wrong with it, such as "pyyaml 5.3 (PYSEC-2021-142; mended in 5.4)"."""
    ids = ", ".join(each["id"] for each in package["vulns"])
    mended = sorted({version for each in package["vulns"] for version in each["fix_versions"]})
    return f"{package['name']} {package['version']} ({ids}; mended in {', '.join(mended) or 'no version'})"


if __name__ == "__main__":
    sys.exit(main())
