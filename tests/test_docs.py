"""What the documents say of the tests is true."""

import re
from pathlib import Path

from tests.trust import RULES

PROJECT = Path(__file__).resolve().parent.parent
ROW = re.compile(r"^\| (?P<rule>S\d+) \| .+ \| (?P<tests>.+) \|$", re.MULTILINE)
LINK = re.compile(r"\]\(\.\./(?P<path>[^)]+)\)")


def marked(path: str) -> set[str]:
    """Return the rules that the tests of the module are marked with."""
    marks = re.findall(r"\brule\(([^)]*)\)", (PROJECT / path).read_text())
    return {name for mark in marks for name in re.findall(r'"(\w+)"', mark)}


def test_each_rule_of_security_stands_with_its_tests() -> None:
    text = (PROJECT / "docs" / "security.md").read_text()
    said = {row["rule"]: set(LINK.findall(row["tests"])) for row in ROW.finditer(text)}
    modules = [str(path.relative_to(PROJECT)) for path in (PROJECT / "tests").rglob("test_*.py")]

    rules = [name for name in RULES if name.startswith("S")]

    assert said == {rule: {path for path in modules if rule in marked(path)} for rule in rules}
