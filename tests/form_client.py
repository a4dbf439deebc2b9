"""An HTTP client that reads a page's forms and sends one back, with cookies, and without a browser."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser
from http.client import HTTPConnection, HTTPResponse
from http.cookies import SimpleCookie
from urllib.parse import urlencode, urlsplit

type Headers = Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Answer:
    """What the server answered."""

    status: int
    location: str
    body: str
    retry_after: str = ""


@dataclass(slots=True)
class Form:
    """One form of a page: its fields' values as they are sent if nobody touches them."""

    action: str
    method: str
    fields: dict[str, str] = field(default_factory=dict)


class FormReader(HTMLParser):
    """Collects the forms of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.forms.append(Form(attributes.get("action", ""), attributes.get("method", "get").lower()))
        elif tag in ("input", "textarea") and self.forms and attributes.get("name"):
            self.forms[-1].fields[attributes["name"]] = attributes.get("value", "")


class FormClient:
    """One visitor: keeps cookies, follows no redirect.

    They may come from another address of this machine, and through a proxy; each request can have headers of its own.
    """

    def __init__(self, origin: str, *, source: str = "", proxy: str = "") -> None:
        self.origin = origin
        self._address = urlsplit(proxy or origin).netloc
        self._source = (source, 0) if source else None
        self._cookies: SimpleCookie = SimpleCookie()

    def take_cookie(self, name: str, value: str) -> None:
        """Keep a cookie that the server has not sent itself: of a session that a test has made."""
        self._cookies[name] = value

    def get(self, path: str) -> Answer:
        """Return the page."""
        return self._request("GET", path)

    def post(self, path: str, fields: dict[str, str], headers: Headers = ()) -> Answer:
        """Send a form."""
        return self._request("POST", path, urlencode(fields), headers)

    def form(self, path: str, *, having: str) -> Form:
        """Return the page's form for posting that has a field of that name."""
        reader = FormReader()
        reader.feed(self.get(path).body)
        return next(form for form in reader.forms if form.method == "post" and having in form.fields)

    def _request(self, method: str, path: str, body: str | None = None, more: Headers = ()) -> Answer:
        connection = HTTPConnection(self._address, timeout=60, source_address=self._source)
        headers = [
            ("Cookie", self._cookies.output(attrs=[], header="", sep=";").strip()),
            ("Origin", self.origin),
            *more,
        ]
        if body is not None:
            headers += [("Content-Type", "application/x-www-form-urlencoded"), ("Content-Length", str(len(body)))]
        try:
            connection.putrequest(method, path, skip_host=True)
            for name, value in [("Host", urlsplit(self.origin).netloc), *headers]:
                connection.putheader(name, value)
            connection.endheaders(body.encode() if body is not None else None)
            return self._read(connection.getresponse())
        finally:
            connection.close()

    def _read(self, response: HTTPResponse) -> Answer:
        for cookie in response.headers.get_all("Set-Cookie", []):
            self._cookies.load(cookie)
        return Answer(
            response.status,
            response.headers.get("Location", ""),
            response.read().decode(),
            response.headers.get("Retry-After", ""),
        )
