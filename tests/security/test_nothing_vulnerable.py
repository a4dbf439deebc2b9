"""Dependencies and files are clean; and what is not is found. The settings: tests/config/test_checks.py."""

import json
import threading
from base64 import b64encode
from collections.abc import Callable, Iterator
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from scripts import audit as auditing
from scripts.audit import LOCKED, Audit, AuditError, audit
from scripts.secret_scan import find_secrets, project_files
from tests.scale import sampled

# Older than the hole in it that is known best.
VULNERABLE = f"pyyaml==5.3 --hash=sha256:{'0' * 64}\n"
# Made here, or this file would be found, too.
DIGEST = sha256(b"planted").hexdigest()
ADVISORY = {
    "id": "PYSEC-2020-96",
    "modified": "2023-11-08T04:01:49Z",
    "aliases": ["CVE-2020-1747"],
    "summary": "Arbitrary code execution",
    "affected": [
        {
            "package": {"name": "pyyaml", "ecosystem": "PyPI"},
            "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "5.3.1"}]}],
        }
    ],
}


class AdvisoryServer(BaseHTTPRequestHandler):
    """Answers as osv.dev does, and knows of one hole."""

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        is_known = (asked["package"]["name"], asked["version"]) == ("pyyaml", "5.3")
        body = json.dumps({"vulns": [ADVISORY]} if is_known else {}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name for it
        """Say nothing."""


@pytest.fixture
def advisories() -> Iterator[list[str]]:
    """Serve advisories on loopback, and return the options of pip-audit that ask there."""
    with ThreadingHTTPServer(("127.0.0.1", 0), AdvisoryServer) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield ["--vulnerability-service=osv", f"--osv-url=http://127.0.0.1:{server.server_port}/v1/query"]
        server.shutdown()


# --- Clean ---------------------------------------------------------------------------------------------------------


@pytest.mark.rule("S15")
def test_files_hold_no_secret(figure: Callable[[str], None]) -> None:
    files = sampled(project_files())

    found = list(find_secrets(files))

    figure(f"Secrets in {len(files):,} files: {len(found)}.")
    assert found == []


@pytest.mark.in_full
@pytest.mark.rule("S15")
def test_no_locked_package_is_known_to_be_vulnerable(figure: Callable[[str], None]) -> None:
    """Where there is no network, the figure says so."""
    result = audit(LOCKED)

    figure(str(result))
    assert result.vulnerable == []


# --- What is not clean is found ------------------------------------------------------------------------------------


@pytest.mark.rule("S15")
@pytest.mark.parametrize(
    "line",
    [
        f'AWS_KEY = "AKIA{DIGEST[:16].upper()}"',
        f'password = "{DIGEST[:12]}"',
        f"-----BEGIN RSA {'PRIVATE'} KEY-----",
        f'DATABASE_URL = "postgresql://sidedoor:{DIGEST[:9]}@db.example.org/sidedoor"',
        f'token = "ghp_{DIGEST[:36]}"',
        f'"{DIGEST}"',
        f'"{b64encode(DIGEST.encode()).decode()}"',
    ],
)
def test_planted_secret_is_found(tmp_path: Path, line: str) -> None:
    file = tmp_path / "planted.py"
    file.write_text(f'"""A module like any other."""\n\n{line}\n')

    found = list(find_secrets([file]))

    assert {place.rpartition(":")[0] for place in found} == {f"{file}:3"}


@pytest.mark.rule("S15")
def test_vulnerable_package_is_found_by_a_list_that_names_it(tmp_path: Path, advisories: list[str]) -> None:
    file = tmp_path / "requirements.txt"
    file.write_text(VULNERABLE)

    result = audit([file], advisories)

    assert result == Audit(1, 1, ["pyyaml 5.3 (PYSEC-2020-96; mended in 5.3.1)"])


@pytest.mark.in_full
@pytest.mark.rule("S15")
def test_vulnerable_package_is_found_by_pypis_own_list(tmp_path: Path, figure: Callable[[str], None]) -> None:
    """Where there is no network, the figure says so."""
    file = tmp_path / "requirements.txt"
    file.write_text(VULNERABLE)

    result = audit([file])

    figure(f"The control, a package with a known hole: {result}")
    assert len(result.vulnerable) == result.known


@pytest.mark.rule("S15")
def test_every_locked_package_is_asked_for(advisories: list[str]) -> None:
    names = {line.partition("=")[0] for file in LOCKED for line in file.read_text().splitlines() if "==" in line}

    result = audit(LOCKED, advisories)

    assert result == Audit(len(names), len(names), [])


def test_vulnerable_package_fails_the_check(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    found = Audit(1, 1, ["pyyaml 5.3 (PYSEC-2020-96; mended in 5.3.1)"])
    monkeypatch.setattr(auditing, "audit", lambda _files: found)

    assert auditing.main() == 1
    assert capsys.readouterr().out == "Vulnerable: pyyaml 5.3 (PYSEC-2020-96; mended in 5.3.1).\n"


def test_without_network_the_check_says_so_in_one_line_and_fails_nothing(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:1")
    file = tmp_path / "requirements.txt"
    file.write_text(VULNERABLE)
    result = audit([file], [f"--cache-dir={tmp_path / 'empty'}"])
    monkeypatch.setattr(auditing, "audit", lambda _files: result)

    assert auditing.main() == 0
    assert capsys.readouterr().out == (
        "The packages are not audited: the list of vulnerabilities cannot be reached from here.\n"
    )


def test_package_without_hashes_cannot_be_audited(tmp_path: Path, advisories: list[str]) -> None:
    file = tmp_path / "requirements.txt"
    file.write_text("pyyaml==6.0.4\n")

    with pytest.raises(AuditError, match="hash"):
        audit([file], advisories)
