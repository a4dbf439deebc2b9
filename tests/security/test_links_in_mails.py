"""Every address that stands in a mail, asked for as mail scanners, previews and prefetching browsers do."""

import re
from collections.abc import Callable, Iterator
from email.message import Message
from html.parser import HTMLParser

import pytest
from django.conf import settings
from django.core.mail import EmailMessage
from django.test import Client
from pytest_django import Settings

from privatelinks.models import PrivateLink
from tests.bookings.booking_forms import NOW
from tests.clock import DatabaseClock
from tests.scale import FRACTION, scaled
from tests.security.every_mail import every_mail
from tests.security.one_of_everything import Everything, make_everything
from tests.security.stored import digest_of_all

METHODS = ("get", "head", "options")
# Each method by each reader, at least.
FEWEST = 6
# That somebody came by is kept for visitors in their session.
SESSIONS = ("django_session",)
ADDRESS_IN_TEXT = re.compile(r"https?://[^\s<>\"]+")

pytestmark = pytest.mark.usefixtures("_quiet")


class LinkReader(HTMLParser):
    """Collects what a page leads to, or loads."""

    def __init__(self) -> None:
        super().__init__()
        self.addresses: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.addresses |= {value for name, value in attrs if name in ("href", "src", "action") and value}


def addresses_in(mail: EmailMessage) -> set[str]:
    """Return every address in the mail: in its text, its HTML, and its calendar files."""
    return {address for part in mail.message().walk() if not part.is_multipart() for address in _in_part(part)}


def _in_part(part: Message) -> Iterator[str]:
    content = part.get_payload(decode=True)
    assert isinstance(content, bytes)
    if part.get_content_type() == "text/html":
        reader = LinkReader()
        reader.feed(content.decode())
        yield from reader.addresses
    else:
        # Calendar files fold long lines; other texts have none that begin with a space.
        yield from ADDRESS_IN_TEXT.findall(re.sub(r"\r?\n[ \t]", "", content.decode()))


@pytest.fixture
def everything(database_clock: DatabaseClock, settings: Settings) -> Everything:
    settings.SITE_URL = "http://testserver"
    # What is counted for them would be a change, and after twenty in a minute there would be nothing to see.
    settings.ACCOUNT_RATE_LIMITS = False
    database_clock.set(NOW)
    return make_everything()


@pytest.mark.rule("S12")
@pytest.mark.trust
def test_what_mails_link_to_changes_nothing_when_it_is_read(
    everything: Everything, figure: Callable[[str], None]
) -> None:
    mails = every_mail(everything)
    addresses = sorted({address for mail in mails for address in addresses_in(mail)})
    visitor, host = Client(), Client()
    host.force_login(everything.host)
    before = digest_of_all(leaving_out=SESSIONS)
    seen: dict[int, int] = {}

    for address in addresses:
        for number in range(scaled(1_000) if FRACTION == 1 else FEWEST):
            client, method = (visitor, host)[number // len(METHODS) % 2], METHODS[number % len(METHODS)]
            answer = getattr(client, method)(address, follow=True, headers={"sec-purpose": "prefetch"})
            seen[answer.status_code] = seen.get(answer.status_code, 0) + 1

    assert digest_of_all(leaving_out=SESSIONS) == before
    assert PrivateLink.objects.get(pk=everything.link.pk).usage_count == everything.link.usage_count
    assert {address for address in addresses if not address.startswith(settings.SITE_URL)} == set()
    assert seen.keys() == {200, 405}
    figure(
        f"{len(addresses)} addresses in {len(mails)} mails, {sum(seen.values()):,} times read with "
        f"{', '.join(METHODS).upper()}: 0 changes, 0 uses."
    )


@pytest.mark.rule("S12")
def test_the_buttons_behind_the_links_do_change_something(everything: Everything) -> None:
    """The control: what is compared above sees a change."""
    every_mail(everything)
    before = digest_of_all(leaving_out=SESSIONS)

    Client().post(f"/booking/{everything.booking.uid}/cancel/")

    assert digest_of_all(leaving_out=SESSIONS) != before


@pytest.mark.rule("S12")
def test_mails_link_to_every_page_that_takes_a_secret(everything: Everything) -> None:
    found = {address for mail in every_mail(everything) for address in addresses_in(mail)}

    pages = {"/".join(address.removeprefix("http://testserver").split("/")[:4]) for address in found}
    assert {page.rpartition("/")[0] for page in pages} >= {
        "/accounts/confirm-email",
        "/accounts/password",
        f"/booking/{everything.booking.uid}",
        f"/bookings/{everything.booking.uid}",
        f"/d/{everything.link.hash}",
        f"/private-links/{everything.link.pk}",
    }
