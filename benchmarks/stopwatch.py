"""A stopwatch for the parts of one computation, each without the parts inside it."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from functools import wraps
from time import thread_time
from types import ModuleType
from typing import Any
from unittest.mock import patch

QUERIES = "queries, in the driver"
REST = "the rest"


class Stopwatch:
    """Counts the thread's own time on the processor under the name of the innermost part that is running."""

    def __init__(self) -> None:
        self.seconds: defaultdict[str, float] = defaultdict(float)
        self._part = REST
        self._since = thread_time()

    @contextmanager
    def part(self, name: str) -> Iterator[None]:
        """Count what happens meanwhile under the name."""
        outer = self._part
        self._switch(name)
        try:
            yield
        finally:
            self._switch(outer)

    @contextmanager
    def on_functions(self, functions: Mapping[str, tuple[ModuleType, str]]) -> Iterator[None]:
        """Meanwhile, count these functions of modules under the names."""
        with ExitStack() as patches:
            for name, (module, function) in functions.items():
                patches.enter_context(patch.object(module, function, self._counted(name, getattr(module, function))))
            yield

    def on_query(self, execute: Callable[..., Any], *arguments: Any) -> Any:
        """Count a query; this is what Django's `execute_wrapper` takes."""
        with self.part(QUERIES):
            return execute(*arguments)

    def _counted(self, name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(function)
        def counted(*args: Any, **kwargs: Any) -> Any:
            with self.part(name):
                return function(*args, **kwargs)

        return counted

    def _switch(self, name: str) -> None:
        """Count the time until now under the present name, and from now on under another one."""
        now = thread_time()
        self.seconds[self._part] += now - self._since
        self._part, self._since = name, now
