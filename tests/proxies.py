"""Reverse proxies for tests, which do what real ones do with X-Forwarded-For: add whom they have spoken to."""

import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

HOP_BY_HOP = ("connection", "transfer-encoding", "x-forwarded-for", "x-forwarded-proto")


class Proxy(ThreadingHTTPServer):
    """One proxy in front of the site, or of another proxy."""

    daemon_threads = True

    def __init__(self, target: str) -> None:
        super().__init__(("127.0.0.1", 0), ProxyHandler)
        self.target = urlsplit(target).netloc

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class ProxyHandler(BaseHTTPRequestHandler):
    """Passes one request on, with the visitor's own headers as they are."""

    server: Proxy

    def do_GET(self) -> None:
        self._pass_on()

    def do_POST(self) -> None:
        self._pass_on()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name for it
        """Say nothing."""

    def _pass_on(self) -> None:
        upstream = HTTPConnection(self.server.target, timeout=60)
        try:
            upstream.putrequest(self.command, self.path, skip_host=True, skip_accept_encoding=True)
            for name, value in self._headers():
                upstream.putheader(name, value.encode("latin-1"))
            upstream.endheaders(self.rfile.read(int(self.headers.get("Content-Length", 0))) or None)
            answer = upstream.getresponse()
            body = answer.read()
        finally:
            upstream.close()
        self.send_response_only(answer.status)
        for name, value in answer.getheaders():
            if name.lower() not in (*HOP_BY_HOP, "content-length"):
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _headers(self) -> Iterator[tuple[str, str]]:
        """Yield the visitor's headers, then what proxies add: all the hops in one, and the protocol."""
        yield from ((name, value) for name, value in self.headers.items() if name.lower() not in HOP_BY_HOP)
        yield "X-Forwarded-For", ", ".join([*self.headers.get_all("X-Forwarded-For", []), self.client_address[0]])
        yield "X-Forwarded-Proto", "http"


@contextmanager
def proxied(origin: str, number: int) -> Iterator[str]:
    """Put so many proxies in front of the site, one before the other, and yield where visitors reach the outermost."""
    with ExitStack() as proxies:
        for _ in range(number):
            proxy = proxies.enter_context(Proxy(origin))
            proxies.callback(proxy.shutdown)
            threading.Thread(target=proxy.serve_forever, daemon=True).start()
            origin = proxy.origin
        yield origin
