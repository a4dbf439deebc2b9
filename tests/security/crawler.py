"""Somebody who opens every page that a page leads to, and sends every form."""

import copy
import html
import re
from collections import Counter, deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import parse_qsl, unquote, urlencode, urljoin, urlsplit

from django.conf import settings
from django.db import transaction
from django.test import Client

# Whatever looks like an address on the site: in an attribute of any name, in a script, in plain text.
IN_TEXT = re.compile(r"""(?:(?<=["'\s(>=;,])|^)/[\w\-.~%/@:+]*(?:\?[\w\-.~%/@:+=&;]*)?""")
OF_THE_SITE = re.compile(
    rf"(?:https?|webcal):(?://)(?:testserver|{re.escape(urlsplit(settings.SITE_URL).netloc)})(?=/)"
)
ADDRESS_ATTRIBUTES = {"href", "src", "action", "formaction"}
ADDRESS_BEGINNINGS = ("/", "?", "http:", "https:", "webcal:")
# A page with the same parameters has other days on it, and other pages of a list: so many of a kind are enough.
PAGES_OF_A_KIND = 8


@dataclass(frozen=True, slots=True)
class Step:
    """A page to open, or a form to send."""

    address: str
    fields: tuple[tuple[str, str], ...] | None = None

    @property
    def kind(self) -> tuple[str, bool, tuple[str, ...]]:
        """What it has in common with others of which one is like the other."""
        parts = urlsplit(self.address)
        names = {name for name, _value in parse_qsl(parts.query, keep_blank_values=True)}
        return parts.path, self.fields is None, tuple(sorted(names | {name for name, _value in self.fields or ()}))


@dataclass(slots=True)
class Crawl:
    """What somebody has come to see: the text of each answer, with its headers, as it is and with escapes undone."""

    seen: dict[Step, str] = field(default_factory=dict)

    def leaks(self, secrets: dict[str, str]) -> dict[str, str]:
        """Return which of the secrets are in some answer, each with the first address where it is."""
        return {
            name: step.address
            for step, text in reversed(self.seen.items())
            for name, secret in secrets.items()
            if secret in text
        }


class Reader(HTMLParser):
    """Collects the addresses in a page, whatever they are for, and its forms."""

    def __init__(self, address: str) -> None:
        super().__init__()
        self.address = address
        self.addresses: list[str] = []
        self.forms: list[tuple[str, str, list[tuple[str, str]]]] = []
        self._select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        self.addresses += [
            value
            for name, value in values.items()
            if name in ADDRESS_ATTRIBUTES or value.startswith(ADDRESS_BEGINNINGS)
        ]
        if tag == "form":
            self.forms.append((values.get("action", ""), values.get("method", "get").lower(), []))
        elif tag == "select":
            self._select = values.get("name", "")
        elif tag == "option" and "selected" in values:
            self._add_field(self._select, values.get("value", ""))
        elif tag in ("input", "textarea", "button"):
            self._add_field(values.get("name", ""), values.get("value", ""))

    def _add_field(self, name: str, value: str) -> None:
        if name and self.forms:
            self.forms[-1][2].append((name, value))

    def steps(self) -> Iterator[Step]:
        """Yield each way on; a form is sent as it stands."""
        yield from (Step(urljoin(self.address, address)) for address in self.addresses)
        for action, method, fields in self.forms:
            target = urljoin(self.address, action)
            if method == "post":
                yield Step(target, tuple(fields))
            else:
                yield Step(f"{target.partition('?')[0]}?{urlencode(fields)}")


def crawl(client: Client, starts: Iterable[str], limit: int) -> Crawl:
    """Follow everything from the addresses on, until so many answers are seen or nothing new is left.

    What a request changes is undone, for the next one to find things as they were.
    """
    found, kinds = Crawl(), Counter[object]()
    waiting = deque(Step(start) for start in starts)
    while waiting and len(found.seen) < limit:
        step = waiting.popleft()
        if step in found.seen or kinds[step.kind] >= PAGES_OF_A_KIND or not step.address.startswith("/"):
            continue
        kinds[step.kind] += 1
        found.seen[step], ways_on = _take(client, step)
        waiting.extend(ways_on)
    return found


def _take(client: Client, step: Step) -> tuple[str, list[Step]]:
    """Return the text of the answer, and of those that it leads to by itself, and the ways on from there."""
    cookies = copy.copy(client.cookies)
    with transaction.atomic():
        if step.fields is None:
            answer: Any = client.get(step.address, follow=True)
        else:
            answer = client.post(step.address, urlencode(step.fields), "application/x-www-form-urlencoded", follow=True)
        transaction.set_rollback(True)
    client.cookies = cookies
    content = b"".join(answer) if answer.streaming else answer.content
    chain = [address for address, _status in answer.redirect_chain]
    text = readable(f"{chain}\n{answer.headers}\n{content.decode(errors='replace')}")
    return text, list(_ways_on(text, content, chain[-1] if chain else step.address))


def readable(text: str) -> str:
    r"""Return the text as it is, and with the escapes of HTML, of URLs and of JSON (\u002D, \/) undone."""
    of_json = re.sub(r"\\u([0-9a-fA-F]{4})", lambda code: chr(int(code[1], 16)), text.replace("\\/", "/"))
    return "\n".join([text, html.unescape(of_json), unquote(unquote(html.unescape(of_json)))])


def _ways_on(text: str, content: bytes, address: str) -> Iterator[Step]:
    if address.startswith(settings.STATIC_URL):
        # Scripts and style sheets are the same for everybody, and full of what looks like an address.
        return
    reader = Reader(address)
    reader.feed(content.decode(errors="replace"))
    for step in reader.steps():
        yield Step(OF_THE_SITE.sub("", step.address).partition("#")[0], step.fields)
    yield from (Step(address) for address in addresses_in(text))


def addresses_in(text: str) -> list[str]:
    """Return what looks like an address on the site."""
    return [address.partition("#")[0] for address in IN_TEXT.findall(OF_THE_SITE.sub(" ", text))]
