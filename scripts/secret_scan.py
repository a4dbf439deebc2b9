"""Looks for secrets in the files of the project, without network: `.venv/bin/python -m scripts.secret_scan`."""

import re
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from detect_secrets.core.scan import scan_file
from detect_secrets.settings import transient_settings

PROJECT = Path(__file__).resolve().parent.parent
# What is looked for: keys and tokens by their shape, names like "password" with a value, and random-looking strings.
PLUGINS = [
    {"name": "AWSKeyDetector"},
    {"name": "BasicAuthDetector"},
    {"name": "GitHubTokenDetector"},
    {"name": "GitLabTokenDetector"},
    {"name": "JwtTokenDetector"},
    {"name": "PrivateKeyDetector"},
    {"name": "KeywordDetector"},
    {"name": "Base64HighEntropyString", "limit": 4.5},
    {"name": "HexHighEntropyString", "limit": 3.0},
]
# What only looks like a secret, whole. A real one never gets a line here: it is taken out, and made anew where it was.
HARMLESS = re.compile(
    r"""
    # Names, and an alphabet.
    PGPASSWORD | eventtypes\.forms\.accounts\.\w+ | 123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz
    # Why an export leaves the password out.
    | Its[ ]fingerprint[ ]helps[ ]nobody[ ]but[ ]who[ ]guesses[ ]passwords\.
    # What stands for a password in the README, and for yes in a form.
    | password | true
    # Passwords and keys of tests and benchmarks, which make their own data with them.
    | only-for-(tests|benchmarks) | (host|staff|not)[- ]secret | short | another | wrong
    | correct[ ]horse[ ]battery | quite[ ]another[ ]battery | a[ ]nanosecond[ ]of[ ]wire
    | a-long-one-that-nobody-guesses-0123456789-abcdefghij | JBSWY3DPEHPK3PXP
    | https://video\.example\.com/secret-room
    """,
    re.VERBOSE,
)


def main() -> int:
    """Say where there are secrets, and end with 1 if there are any."""
    found = list(find_secrets(project_files()))
    for place in found:
        print(f"{place}. Take it out, and make it anew: it is in the history.", file=sys.stderr)
    return 1 if found else 0


def project_files() -> list[Path]:
    """Return the files that git has, and the new ones that it does not ignore."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=True).stdout
    return [PROJECT / name for name in names.split("\0") if (PROJECT / name).is_file()]


def find_secrets(files: Iterable[Path]) -> Iterator[str]:
    """Yield the place and the kind of each secret, such as "config/settings.py:12: AWS Access Key"."""
    with transient_settings({"plugins_used": PLUGINS}):
        for file in files:
            for secret in scan_file(str(file)):
                if not HARMLESS.fullmatch(secret.secret_value or ""):
                    yield f"{file}:{secret.line_number}: {secret.type}"


if __name__ == "__main__":
    sys.exit(main())
