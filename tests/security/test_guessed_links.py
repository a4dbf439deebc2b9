"""Guessing the address of a live link over real HTTP, at random and by altering it: no guess opens a page."""

import base64
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import quote

import pytest

from privatelinks.hashes import ALPHABET, new_hash
from privatelinks.models import PrivateLink
from tests.factories import EventTypeFactory, PrivateLinkFactory
from tests.live_site import running_site
from tests.scale import sampled, scaled
from tests.security.line import Line, line_to

SLUG = "discovery-call"
RANDOM_HASHES = 10_000
# Characters that look like some of the alphabet's, and those that mean something in an address or a pattern.
OTHERS = "0OIl-_.~+*%?=&;:@!$'(),|^`{}[]"
# What a lenient comparison might fold together, drop, or end at.
INVISIBLE = ["\u200b", "\u200d", "\u00ad", "\ufeff", "\u0301", "\u202e", "\0", " ", "\t", "\n", "\r\n", "\x7f"]
LOOK_ALIKES = dict(zip("ABCEHKMPTXYacepxy", "АВСЕНКМРТХУасерху", strict=True))

type Figure = Callable[[str], None]


@pytest.fixture
def link(transactional_db: None) -> PrivateLink:
    """A link that anybody who has its address can book through, for ever."""
    link: PrivateLink = PrivateLinkFactory.create(event_type=EventTypeFactory.create(slug=SLUG), max_uses=None)
    return link


@pytest.fixture(scope="module")
def site(django_db_setup: None, django_db_blocker: Any) -> Iterator[str]:
    """The site, which logs no refusal."""
    with django_db_blocker.unblock(), running_site(workers=1, environment={"LOG_LEVEL": "ERROR"}) as origin:
        yield origin


@pytest.fixture
def line(site: str, link: PrivateLink) -> Iterator[Line]:
    """A connection to the site."""
    with line_to(site) as line:
        yield line


# --- Ways of altering a hash; each yields what may stand in its place in an address ---------------------------------


def changed(text: str) -> Iterator[str]:
    """Yield the text with one character replaced, dropped, doubled, added or swapped with its neighbour."""
    for index, character in enumerate(text):
        before, after = text[:index], text[index + 1 :]
        yield from (before + quote(other, safe="") + after for other in ALPHABET + OTHERS if other != character)
        yield from (before + after, before + 2 * character + after)
        if after and after[0] != character:
            yield before + after[0] + character + after[1:]
    yield from (quote(other, safe="") + text for other in ALPHABET + OTHERS)
    yield from (text + quote(other, safe="") for other in ALPHABET + OTHERS)


def cut(text: str) -> Iterator[str]:
    """Yield what begins or ends like the text, and the text with something else around it."""
    for length in range(len(text)):
        yield from (text[:length], text[len(text) - length :])
        yield from (f"{text[:length]}*", f"{text[:length]}%25", f"{text[:length]}_{text[length + 1 :]}")
    yield from (
        f"{text}/",
        f"/{text}",
        f"{text}/..",
        f"./{text}",
        f"x/../{text}",
        f"{text};x",
        f"{text},{text}",
        2 * text,
    )


def in_other_cases(text: str) -> Iterator[str]:
    """Yield the text with the case of each of its letters, and of many of them, the other way round."""
    yield from (text.upper(), text.lower(), text.swapcase(), text.title())
    for index, character in enumerate(text):
        if character.isalpha():
            yield text[:index] + character.swapcase() + text[index + 1 :]
            yield text[:index] + text[index:].swapcase()


def otherwise_encoded(text: str) -> Iterator[str]:
    """Yield what a lenient reader might still take for the text; percent-encoded once, it is the same address."""
    for index, character in enumerate(text):
        before, after, code = text[:index], text[index + 1 :], ord(character)
        yield from (f"{before}{escape}{after}" for escape in _escapes(code))
        yield before + quote(LOOK_ALIKES.get(character, chr(code - 0x21 + 0xFF01))) + after
        yield from (before + quote(character + other) + after for other in INVISIBLE)
    twice = "".join(f"%25{ord(character):02x}" for character in text)
    yield from (twice, quote(twice), text[::-1], text.encode().hex(), text.encode("utf-16-le").hex())
    yield from (quote(base64.b64encode(text.encode()), safe=""), quote("\ufeff" + text), f"%22{text}%22", f"'{text}'")


def _escapes(code: int) -> list[str]:
    """Return a character as other escapes than those of a URL, as overlong UTF-8, and percent-encoded twice."""
    overlong = f"%{0xC0 | code >> 6:02X}%{0x80 | code & 0x3F:02X}"
    return [
        f"%25{code:02x}",
        overlong,
        f"%u00{code:02x}",
        f"&%23{code};",
        f"%5Cx{code:02x}",
        f"={code:02X}",
        f"%{code:x}%00",
    ]


WAYS = [changed, cut, in_other_cases, otherwise_encoded]


def statuses(line: Line, guesses: list[str]) -> dict[str, int]:
    """Return what the site answers to each guess."""
    return {guess: line.get(f"/d/{guess}/{SLUG}").status for guess in guesses}


@pytest.mark.rule("S1")
def test_no_guess_opens_a_live_link(line: Line, link: PrivateLink, figure: Figure) -> None:
    altered = {way.__name__: sampled(sorted(set(way(link.hash)) - {link.hash})) for way in WAYS}
    guesses = altered | {"random": [new_hash() for _ in range(scaled(RANDOM_HASHES))]}

    found = {way: statuses(line, those) for way, those in guesses.items()}

    number = sum(map(len, found.values()))
    figure(f"{number:,} guesses ({', '.join(f'{len(those):,} {way}' for way, those in found.items())}): none opens")
    assert [guess for those in found.values() for guess, status in those.items() if status != 404] == []


@pytest.mark.rule("S1")
def test_the_live_link_opens_however_its_address_is_spelled(line: Line, link: PrivateLink) -> None:
    """The control. Percent-encoding changes no address (RFC 3986, 6.2.2.2)."""
    encoded = "".join(f"%{ord(character):02X}" for character in link.hash)

    assert list(statuses(line, [link.hash, encoded]).values()) == [200, 200]
