"""Load: a few connections that ask for one page again and again, each as soon as it has its answer."""

import socket
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from time import perf_counter

from benchmarks.site import Server

CONNECTIONS = 8


@dataclass(frozen=True, slots=True)
class Page:
    """A page of a server."""

    server: Server
    path: str

    def get(self) -> bytes:
        """Ask for the page once."""
        with closing(Connection(self.server.port)) as connection:
            return connection.get(self.path)


@dataclass(frozen=True, slots=True)
class Round:
    """What a number of requests took: seconds on the clock, and seconds of the server's processors."""

    requests: int
    seconds: float
    processor_seconds: float

    @property
    def per_second(self) -> float:
        return self.requests / self.seconds

    @property
    def processor_ms(self) -> float:
        """The server's processor time for one request."""
        return self.processor_seconds / self.requests * 1000


class Connection:
    """As little of HTTP as it takes, so that what is measured is the server."""

    def __init__(self, port: int) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=30)
        self._stream = self._socket.makefile("rb")

    def get(self, path: str) -> bytes:
        """Return the page; whatever is not its 200 is an error."""
        self._socket.sendall(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode())
        assert self._stream.readline().startswith(b"HTTP/1.1 200 ")
        length = 0
        while (line := self._stream.readline()) != b"\r\n":
            name, _colon, value = line.partition(b":")
            if name.lower() == b"content-length":
                length = int(value)
        return self._stream.read(length)

    def close(self) -> None:
        self._stream.close()
        self._socket.close()


def interleaved(pages: Sequence[Page], *, rounds: int, requests: int) -> list[list[Round]]:
    """Return the rounds of each page; they take turns, so that what else the machine does hits all alike.

    A round more comes first, to warm up.
    """
    turns = [[load(page, requests) for page in pages] for _ in range(rounds + 1)]
    return [list(of_page) for of_page in zip(*turns[1:], strict=True)]


def load(page: Page, requests: int) -> Round:
    """Send the requests over all connections; each has to be answered with the same bytes."""
    expected = page.get()
    each = requests // CONNECTIONS

    def ask(_number: int) -> None:
        with closing(Connection(page.server.port)) as connection:
            for _ in range(each):
                assert connection.get(page.path) == expected

    with ThreadPoolExecutor(CONNECTIONS) as clients:
        begun, worked = perf_counter(), page.server.processor_seconds()
        list(clients.map(ask, range(CONNECTIONS)))
        seconds, processor_seconds = perf_counter() - begun, page.server.processor_seconds() - worked
    return Round(each * CONNECTIONS, seconds, processor_seconds)
