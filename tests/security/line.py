"""One connection that stays open to a running site: what it answers, to the byte, and how long that takes."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from time import perf_counter
from urllib.parse import urlsplit

SECONDS = 30


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer as it came, and the seconds from the request to its last byte."""

    head: bytes
    body: bytes
    seconds: float

    @property
    def status(self) -> int:
        return int(self.head.split(b" ", 2)[1])

    @property
    def lasting_head(self) -> list[bytes]:
        """Return the status line and the headers, but for the one that says what time it is."""
        return [line for line in self.head.split(b"\r\n") if not line.lower().startswith(b"date:")]


class Line:
    """Asks for one page after the other. What is asked for is sent as it stands: no library tidies it up."""

    def __init__(self, origin: str) -> None:
        self.address = urlsplit(origin)
        self._socket = self._connect()

    def get(self, path: str) -> Reply:
        """Return the answer; the path is ASCII."""
        request = f"GET {path} HTTP/1.1\r\nHost: {self.address.netloc}\r\n\r\n".encode("ascii")
        started_at = perf_counter()
        self._socket.sendall(request)
        head, body = self._read()
        reply = Reply(head, body, perf_counter() - started_at)
        if b"\r\nconnection: close" in head.lower():
            self.close()
            self._socket = self._connect()
        return reply

    def close(self) -> None:
        self._socket.close()

    def _connect(self) -> socket.socket:
        connected = socket.create_connection((self.address.hostname, self.address.port), SECONDS)
        connected.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return connected

    def _read(self) -> tuple[bytes, bytes]:
        """Read one answer, whose length its headers say."""
        received = b""
        while b"\r\n\r\n" not in received:
            received += self._receive()
        head, _, body = received.partition(b"\r\n\r\n")
        length = next(int(line[15:]) for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:"))
        while len(body) < length:
            body += self._receive()
        return head, body

    def _receive(self) -> bytes:
        if not (received := self._socket.recv(65_536)):
            raise ConnectionResetError("The site has hung up.")
        return received


@contextmanager
def line_to(origin: str) -> Iterator[Line]:
    """Open a connection to the site, and close it in the end."""
    line = Line(origin)
    try:
        yield line
    finally:
        line.close()
