"""A pytest plugin: which tests run, in what order, and in which of the processes."""

from pathlib import PurePath

import pytest
from xdist.remote import Producer
from xdist.scheduler import LoadFileScheduling

from tests.scale import FRACTION

# The folders with the tests that take longest, in this order; then comes what is scaled in the others.
LONG_FIRST = ("browser", "faults", "security", "config")
# And those whose tests share a site.
ONE_PROCESS = ("browser", "faults")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what runs in full only, and begin with what takes long: no process has it left when the others end.

    It is after pytest-django, which puts what commits behind the rest.
    """
    ranks = {name: rank for rank, name in enumerate(LONG_FIRST)}
    items.sort(key=lambda item: (ranks.get(item.path.parent.name, len(ranks)), not item.get_closest_marker("trust")))
    if FRACTION > 1:
        left_out = [item for item in items if item.get_closest_marker("in_full")]
        items[:] = [item for item in items if item not in left_out]
        config.hook.pytest_deselected(items=left_out)


class FolderScheduling(LoadFileScheduling):  # type: ignore[misc]  # which has no types
    """Lets one process run the tests of a module, and those of a folder that share a site."""

    def _split_scope(self, nodeid: str) -> str:
        module: str = super()._split_scope(nodeid)
        folder = PurePath(module).parent.name
        return folder if folder in ONE_PROCESS else module


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> FolderScheduling | None:
    """Return how `make test` spreads the tests; `make trust` does it otherwise."""
    return FolderScheduling(config, log) if config.getvalue("dist") == "loadfile" else None
