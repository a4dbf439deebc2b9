"""A pytest plugin for `make trust`: prints, for each rule of reliability and security, the figures of this run.

A test says which rule it is about with `@pytest.mark.rule("R1")`, and what it has seen with the fixture `figure`. The
run fails if a rule has no test, or one of its tests fails.
"""

import os
import platform
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime

import psutil
import pytest
from _pytest.terminal import TerminalReporter

from tests.scale import FRACTION

RULES = {
    "R1": "Simultaneous bookings through one link: exactly its uses",
    "R2": "A link ends during a burst: no booking after the cut",
    "R3": "One slot through many links: one booking, the others unspent",
    "R4": "Random overlapping attempts: no overlap, no limit broken",
    "R5": "The same form many times: one booking",
    "R6": "A reschedule replayed: one active booking, uses unchanged",
    "R7": "Random lives of links: uses are the bookings that hold one",
    "R8": "Killed at random: nothing acknowledged is lost, nothing doubled",
    "R9": "Mail server away: every mail afterwards, none twice",
    "R10": "All time zones: no slot in a gap, none twice",
    "S1": "Guessed and altered hashes: none opens a page",
    "S2": "Private event types: bookable through their own links alone",
    "S3": "Dead or unknown: no difference to be seen or measured",
    "S4": "Crawling: no hash, no private slug",
    "S5": "The page of a link in a browser: nothing leaves",
    "S6": "Logs, reports and jobs: no hash",
    "S7": "Every route for every kind of person",
    "S8": "Fields that a form does not have: ignored",
    "S9": "Fuzzed routes and forms: never a 500",
    "S10": "Script in every text: never executed",
    "S11": "Forms without token or from elsewhere: refused",
    "S12": "What mails link to, read by machines: nothing changes",
    "S13": "Headers of every route",
    "S14": "Limits: no way around, nobody honest in the way",
    "S15": "Settings, dependencies, secrets: clean",
    "S16": "A person's data: all of it exported, none of it left",
}


@dataclass(slots=True)
class Seen:
    """What the tests about one rule have shown."""

    passed: int = 0
    failed: int = 0
    figures: list[str] = field(default_factory=list)

    @property
    def holds(self) -> bool:
        return self.passed > 0 and self.failed == 0


@pytest.fixture
def figure(record_property: Callable[[str, object], None]) -> Callable[[str], None]:
    """Take down a figure that the test has seen, in words for the table."""
    return lambda text: record_property("figure", text)


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Let the report of a test say which rules it is about."""
    item.user_properties += [("rule", name) for name in _rules_of(item)]


def _rules_of(item: pytest.Item) -> Iterator[str]:
    for marker in item.iter_markers("rule"):
        for name in marker.args:
            if name not in RULES:
                raise pytest.UsageError(f"{item.nodeid} is about {name}, which is no rule.")
            yield name


def pytest_terminal_summary(terminalreporter: TerminalReporter) -> None:
    """Print the table, of a run in full."""
    if FRACTION > 1:
        return
    seen = _gather(terminalreporter)
    terminalreporter.section("What users may rely on: the figures of this run")
    terminalreporter.write_line(_when_and_where())
    for name, situation in RULES.items():
        _print_rule(terminalreporter, name, situation, seen[name])


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Fail a run in full that leaves a rule out, unless it was asked for some tests only."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    is_whole = not session.config.option.keyword and not hasattr(session.config, "workerinput")
    if FRACTION == 1 and is_whole and reporter is not None and session.exitstatus == pytest.ExitCode.OK:
        seen = _gather(reporter)
        if not all(seen[name].holds for name in RULES):
            session.exitstatus = pytest.ExitCode.TESTS_FAILED


def _gather(reporter: TerminalReporter) -> defaultdict[str, Seen]:
    seen: defaultdict[str, Seen] = defaultdict(Seen)
    for outcome in ("passed", "failed", "error"):
        for report in reporter.stats.get(outcome, []):
            properties = getattr(report, "user_properties", [])
            for name in {value for key, value in properties if key == "rule"}:
                seen[name].passed += outcome == "passed"
                seen[name].failed += outcome != "passed"
                seen[name].figures += [str(value) for key, value in properties if key == "figure"]
    return seen


def _when_and_where() -> str:
    """Return the day, and what the machine is: a figure says little without them."""
    memory = psutil.virtual_memory().total / 2**30
    return (
        f"{datetime.now(UTC):%-d %B %Y}, {os.cpu_count()} cores, {memory:.0f} GB of memory, {platform.system()}, "
        f"Python {platform.python_version()}"
    )


def _print_rule(reporter: TerminalReporter, name: str, situation: str, seen: Seen) -> None:
    verdict = "holds" if seen.holds else "FAILS" if seen.failed else "NOT TESTED"
    reporter.write_line(f"{name:4}{verdict:11}{situation} ({seen.passed} passed, {seen.failed} failed)")
    for text in seen.figures:
        reporter.write_line(f"{'':15}{text}")
