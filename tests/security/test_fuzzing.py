"""Every route and every form with hostile input: never a 500, and what is refused leaves nothing behind."""

import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from html.parser import HTMLParser
from typing import cast
from urllib.parse import quote_from_bytes, urlencode, urljoin

import pytest
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from pytest_django import Settings

from tests.clock import DatabaseClock
from tests.scale import FRACTION, scaled
from tests.security.one_of_everything import Everything, address, make_everything, routes
from tests.security.stored import digest_of_all

# Who sends the inputs, and in how many parts: each part is a test of its own, so that they can run at once.
PARTS = {"visitor": 6, "host": 3, "staff": 1}
INPUTS_OF_A_PART = 10_000
# The first inputs cost the most, when pages are read for their forms: `make test` tries fewer than of other rules.
SMALLER = 10

NOW = datetime(2026, 12, 1, 8, tzinfo=UTC)
START = "2026-12-03T09:00:00Z"

# As bytes: what arrives need not be text.
HOSTILE = [
    b"",
    b" ",
    b"\x00",
    b"a\x00b",
    b"\r\nSet-Cookie: a=b\r\n\r\n",
    b"a@example.com\r\nBcc: b@example.com",
    b"=1+1",
    b"+1",
    b"-1",
    b"@SUM(A1)",
    b"'\"><script>alert(1)</script>",
    b"{{7*7}}{% debug %}",
    b"%",
    b"%s%n%(x)s{0}{",
    b"\\",
    b"' OR 1=1 --",
    "🤷🏽‍♀️👩‍👩‍👧".encode(),
    "שלום \u202eevil\u2066".encode(),
    "\ufeff\u2028\u0085\u200b\U000e0001".encode(),
    "Ⅷ٣௧²".encode(),
    b"\xed\xa0\x80",
    b"\xff\xfe\xc3(",
    b"\xf4\x90\x80\x80",
    b"0",
    b"-0",
    b"1e999",
    b"NaN",
    b"9" * 30,
    b"9" * 5_000,
    b"2147483648",
    b"9223372036854775808",
    b"-32769",
    b"0x10",
    b"1,5",
    b"true",
    b"null",
    b"[]",
    b'{"a": [1]}',
    b"[" * 3_000,
    b"0001-01-01",
    b"9999-12-31",
    b"2026-02-30",
    b"2026-12-03T09:00:00+14:00",
    b"9999-12-31T23:59:59Z",
    b"24:00",
    b"23:59:60",
    b"Europe/../etc/passwd",
    b"Factory",
    b"posixrules",
    b"America",
    b"../../etc/passwd",
    b"//evil.example/x",
    b"javascript:alert(1)",
    b"https://[::1",
    b"http://\xe2\x80\xae.example:99999/",
    b"a@" + b"b" * 300 + b".example",
    b"\xc3\xbc@\xc3\xbc.example",
    b"x" * 300,
    b"a, b\n" * 500,
]
HEADERS = ["Host", "Accept-Language", "Cookie", "Referer", "Origin", "X-Forwarded-For", "X-Forwarded-Proto", "Accept"]
HEADERS += ["HX-Request", "HX-Current-URL", "HX-Target", "HX-Boosted", "If-None-Match", "If-Modified-Since", "Range"]
BOOKING_QUERY = ["month", "date", "tz", "start", "duration", "clock"]
QUERY = [*BOOKING_QUERY, "page", "q", "event_type", "status", "next", "link", "o"]
QUERY += ["e", "_popup", "_to_field", "_changelist_filters", "id__in", "host__password", "is_paused__exact", "all"]
# All of their state is in the query, and anybody can open them: they are tried much more often than other routes.
BOOKING_PAGES = ["/d/<link_hash>/<slug>", "/<username>/<slug>/", "/booking/<uid>/reschedule/"]
CONTENT_TYPES = [
    "application/x-www-form-urlencoded",
    "application/x-www-form-urlencoded; charset=utf-7",
    "application/x-www-form-urlencoded; charset=klingon",
    "multipart/form-data",
    "multipart/form-data; boundary=",
    "multipart/form-data; boundary=x",
    "application/json",
    "",
    ";",
]


@dataclass(frozen=True, slots=True)
class Form:
    """A form as a page shows it, with the values that it has there."""

    action: str
    method: str
    fields: list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Input:
    """One request; its representation is enough to send it again."""

    method: str
    path: str
    body: bytes
    content_type: str
    headers: dict[str, str]

    def send(self, client: Client) -> HttpResponse:
        """Send it, with its cookies in the place of the client's if it has some."""
        answer = client.generic(self.method, self.path, self.body, self.content_type, headers=self.headers)
        return cast(HttpResponse, answer)


class FormReader(HTMLParser):
    """Collects the forms of a page: fields of every kind, and each button that has a name."""

    def __init__(self, path: str) -> None:
        super().__init__()
        self.path = path
        self.forms: list[Form] = []
        self._select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        field = {name: value or "" for name, value in attrs}
        if tag == "form":
            action = urljoin(self.path, field.get("action", ""))
            self.forms.append(Form(action, field.get("method", "get").upper(), []))
        elif tag == "select":
            self._select = field.get("name", "")
        elif tag == "option" and self._select and self.forms and "selected" in field:
            self.forms[-1].fields.append((self._select, field.get("value", "")))
        elif tag in ("input", "textarea", "button") and self.forms and field.get("name"):
            self.forms[-1].fields.append((field["name"], field.get("value", "on")))


class Fuzzer:
    """Makes inputs out of routes, and of the forms that their pages show; always the same ones for a seed.

    A page is read when its turn comes: reading all of them takes longer than a few hundred inputs.
    """

    def __init__(self, seed: str, everything: Everything, client: Client) -> None:
        self.random = random.Random(seed)
        self.client = client
        self.paths = [(route, everything.values_of(route)) for route in routes()]
        self.booking_paths = [(route, everything.values_of(route)) for route in BOOKING_PAGES]
        self.forms: list[Form] = []
        self._unread = sorted({address(*path) for path in self.paths})
        self._unread += [f"{address(*path)}?start={START}" for path in self.booking_paths]
        self.random.shuffle(self._unread)
        self._known: set[tuple[object, ...]] = set()

    def inputs(self, number: int) -> Iterator[Input]:
        """Yield so many inputs: two forms for each bare route."""
        for _ in range(number):
            yield self._form() if self._rarely(0.67) else self._route()

    def _route(self) -> Input:
        is_booking = self._rarely(0.3)
        route, values = self.random.choice(self.booking_paths if is_booking else self.paths)
        if self._rarely(0.4):
            values = values | dict.fromkeys(values, quote_from_bytes(self._value(), safe=""))
        method = self.random.choices(["GET", "POST", "HEAD", "PUT", "OPTIONS"], [12, 4, 1, 1, 1])[0]
        names = BOOKING_QUERY if is_booking else QUERY
        pairs = [(self.random.choice(names), self._value()) for _ in range(self.random.randrange(4))]
        path = f"{address(route, values)}?{urlencode(pairs)}"
        return Input(method, path, *self._body(method, []), self._headers())

    def _form(self) -> Input:
        while self._unread and (not self.forms or self._rarely(0.3)):
            self.forms += self._forms_of(self._unread.pop())
        form = self.random.choice(self.forms)
        fields = [(name, value.encode()) for name, value in form.fields]
        for _ in range(self.random.choice([1, 1, 2, 4, len(fields)])):
            self._spoil(fields)
        if form.method == "GET":
            return Input("GET", f"{form.action.partition('?')[0]}?{urlencode(fields)}", b"", "", self._headers())
        return Input(form.method, form.action, *self._body(form.method, fields), self._headers())

    def _forms_of(self, path: str) -> Iterator[Form]:
        """Yield each form that the page shows and no page before it has shown; reading it leaves nothing behind."""
        reader = FormReader(path)
        with undone():
            answer = self.client.get(path)
        if not answer.streaming and answer["Content-Type"].startswith("text/html"):
            reader.feed(answer.text)
        for form in reader.forms:
            key = form.action, form.method, *sorted({name for name, _value in form.fields})
            if key not in self._known:
                self._known.add(key)
                yield form

    def _spoil(self, fields: list[tuple[str, bytes]]) -> None:
        """Change, double, drop, or swap one of the fields, or hand in one that the form does not have."""
        if not fields:
            return
        place = self.random.randrange(len(fields))
        name, value = fields[place]
        match self.random.randrange(8):
            case 0:
                del fields[place]
            case 1:
                fields.append((name, self._value()))
            case 2:
                fields[place] = (name + self.random.choice(["[]", "[0]", "\x00", "-0-x", "__in"]), value)
            case 3:
                fields[place] = (name, fields[self.random.randrange(len(fields))][1])
            case _:
                fields[place] = (name, self._value())

    def _value(self) -> bytes:
        if self._rarely(0.003):
            return self.random.choice(HOSTILE[1:]) * (1_000_000 // 30)
        return self.random.choice(HOSTILE)[:1_000_000]

    def _body(self, method: str, fields: list[tuple[str, bytes]]) -> tuple[bytes, str]:
        if method not in ("POST", "PUT"):
            return b"", ""
        if self._rarely(0.05):
            return self._value() or b"--x\r\n", self.random.choice(CONTENT_TYPES)
        if self._rarely(0.15):
            return self._multipart(fields), "multipart/form-data; boundary=x"
        return urlencode(fields).encode(), CONTENT_TYPES[0]

    def _multipart(self, fields: list[tuple[str, bytes]]) -> bytes:
        """Write the fields as browsers send files; some parts are files, and some bodies end too soon."""
        parts = []
        for name, value in fields:
            file = '; filename="a\x00.txt"' if self._rarely(0.05) else ""
            head = f'--x\r\nContent-Disposition: form-data; name="{name}"{file}\r\n\r\n'
            parts.append(head.encode() + value + b"\r\n")
        body = b"".join(parts) + b"--x--\r\n"
        return body[: self.random.randrange(1, len(body))] if self._rarely(0.1) else body

    def _headers(self) -> dict[str, str]:
        if not self._rarely(0.15):
            return {}
        # WSGI hands headers over as Latin-1, and no server lets a line break or a NUL through.
        text = self._value()[:4_000].decode("latin-1").translate({0: None, 10: None, 13: None})
        name = self.random.choice(HEADERS)
        return {name: f"sessionid={text}; csrftoken={text}; messages={text}" if name == "Cookie" else text}

    def _rarely(self, share: float) -> bool:
        return self.random.random() < share


@contextmanager
def undone() -> Iterator[None]:
    """Undo what is stored meanwhile."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.fixture
def everything(database_clock: DatabaseClock, settings: Settings) -> Everything:
    """Store one of everything on a site without limits and without noise in its log."""
    settings.BOOKINGS_PER_ADDRESS = settings.BOOKINGS_PER_EMAIL = settings.LINKS_SENT_PER_HOST = None
    settings.SIGN_UPS_PER_EMAIL = None
    settings.ACCOUNT_RATE_LIMITS = False
    database_clock.set(NOW)
    return make_everything()


def _judge(sent: Input, client: Client, before: str) -> tuple[int, bool]:
    """Return the status of the answer, and whether a refusal has stored something; afterwards all is as before."""
    with undone():
        status = sent.send(client).status_code
        left_something = 400 <= status < 500 and sent.method != "GET" and digest_of_all() != before
    return status, left_something


@pytest.mark.rule("S9")
@pytest.mark.usefixtures("_quiet")
@pytest.mark.parametrize(("person", "part"), [(name, part) for name, parts in PARTS.items() for part in range(parts)])
def test_hostile_input_is_never_a_500(
    everything: Everything, figure: Callable[[str], None], person: str, part: int
) -> None:
    everything.host.__class__.objects.update(is_staff=person == "staff", is_superuser=person == "staff")
    client = Client(raise_request_exception=False)
    if person != "visitor":
        client.force_login(everything.host)
    cookies = client.cookies.output()
    fuzzer, before = Fuzzer(f"{person} {part}", everything, client), digest_of_all()

    seen: dict[int, int] = {}
    wrong = []
    number = scaled(INPUTS_OF_A_PART)
    for sent in fuzzer.inputs(number if FRACTION == 1 else number // SMALLER):
        status, left_something = _judge(sent, client, before)
        client.cookies.load(cookies.replace("Set-Cookie: ", ""))
        seen[status] = seen.get(status, 0) + 1
        if status >= 500 or left_something:
            wrong.append((status, left_something, sent))

    statuses = ", ".join(f"{times:,} × {status}" for status, times in sorted(seen.items()))
    figure(
        f"{person}, part {part + 1}: {sum(seen.values()):,} hostile inputs to {len(fuzzer.paths)} routes and"
        f" {len(fuzzer.forms)} forms, answered by {statuses};"
        f" refused ones that left something: {sum(kept for _, kept, _ in wrong)}"
    )
    assert wrong[:5] == []
