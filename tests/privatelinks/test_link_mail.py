"""The mail with a private link: what it says, whom it can be answered to, and that a repeated one is the same."""

import uuid
from datetime import UTC, date, datetime, timedelta
from email.message import EmailMessage
from typing import Any

import pytest
from django.core.mail import EmailMultiAlternatives

from privatelinks.invitations import Invitation, conditions, link_mail
from privatelinks.models import PrivateLink
from tests.mailing_site import _site
from tests.privatelinks.link_to_send import KEY, link

__all__ = ["_site", "link"]

NOW = datetime(2026, 8, 20, 12, tzinfo=UTC)
INVITATION = Invitation(KEY, "iris@example.com", "Hello Iris,\r\n\r\nshall we talk?\x07")


def test_mail_says_what_is_to_be_booked_and_until_when(link: PrivateLink) -> None:
    link.expires_at = datetime(2026, 8, 31, 22, tzinfo=UTC)

    mail = link_mail(link, INVITATION, NOW)

    assert mail.subject == "Ada Host invites you: Discovery call"
    assert (mail.to, mail.reply_to) == (["iris@example.com"], ["ada@example.com"])
    assert str(mail.body).rstrip("\n") == (
        "Hello Iris,\n"
        "\n"
        "shall we talk?\n"
        "\n"
        "What: Discovery call\n"
        "Duration: 30 minutes\n"
        "Host: Ada Host\n"
        "\n"
        "Choose a time:\n"
        f"https://book.example.com/d/{link.hash}/discovery-call\n"
        "\n"
        "You can book until the end of 31 Aug 2026 (Europe/Berlin).\n"
        "The link is good for one booking."
    )


def test_mail_without_a_text_begins_with_the_facts(link: PrivateLink) -> None:
    mail = link_mail(link, Invitation(KEY, "iris@example.com", ""), NOW)

    assert str(mail.body).startswith("What: Discovery call\n")


def test_mail_keeps_its_name_and_says_that_a_machine_sent_it(link: PrivateLink) -> None:
    first, second = link_mail(link, INVITATION, NOW), link_mail(link, INVITATION, NOW + timedelta(hours=1))
    other = link_mail(link, Invitation(str(uuid.uuid4()), "iris@example.com", ""), NOW)

    assert first.extra_headers == second.extra_headers
    assert first.extra_headers["Auto-Submitted"] == "auto-generated"
    assert first.extra_headers["Message-ID"] != other.extra_headers["Message-ID"]
    assert KEY.replace("-", "") not in first.extra_headers["Message-ID"]


def test_html_shows_text_as_text(link: PrivateLink) -> None:
    link.event_type.title = "<b>Call</b>"

    html = html_of(link_mail(link, Invitation(KEY, "iris@example.com", "<script>alert(1)</script>\n\nBye"), NOW))

    assert "&lt;script&gt;alert(1)&lt;/script&gt;\n\nBye" in html
    assert "&lt;b&gt;Call&lt;/b&gt;" in html
    assert f'href="https://book.example.com/d/{link.hash}/discovery-call"' in html
    assert "The link is good for one booking." in html


def test_title_with_line_breaks_stays_in_the_subject(link: PrivateLink) -> None:
    link.event_type.title = "Call\r\nBcc: eve@example.net"

    message = link_mail(link, INVITATION, NOW).message()

    assert message["Subject"] == "Ada Host invites you: Call Bcc: eve@example.net"
    assert message["Bcc"] is None


def test_mail_of_a_host_without_an_address_is_answered_to_nobody(link: PrivateLink) -> None:
    link.event_type.host.email = ""

    assert link_mail(link, INVITATION, NOW).reply_to == []


def test_mail_tells_nothing_that_only_the_host_sees(link: PrivateLink) -> None:
    link.allowed_invitees = ["@example.com", "rival@example.net"]

    mail = link_mail(link, INVITATION, NOW)

    said = f"{mail.subject} {mail.body} {html_of(mail)}"
    assert [word in said for word in ("Secret name", "rival", "@example.net")] == [False] * 3


@pytest.mark.parametrize(
    ("values", "sentences"),
    [
        ({"max_uses": None}, []),
        ({"max_uses": 3, "usage_count": 1}, ["The link is good for 2 bookings."]),
        # Ended between sending and delivery.
        ({"max_uses": 3, "usage_count": 3}, []),
        ({"max_uses": None, "expires_at": NOW}, []),
        (
            {"max_uses": None, "expires_at": datetime(2026, 8, 31, 12, tzinfo=UTC)},
            ["You can book until 31 Aug 2026, 14:00 (Europe/Berlin)."],
        ),
        (
            {"max_uses": None, "opens_at": datetime(2026, 8, 24, 22, tzinfo=UTC)},
            ["You can book from 25 Aug 2026 (Europe/Berlin)."],
        ),
        ({"max_uses": None, "opens_at": NOW}, []),
        (
            {
                "max_uses": None,
                "opens_at": datetime(2026, 8, 24, 22, tzinfo=UTC),
                "expires_at": datetime(2026, 8, 31, 22, tzinfo=UTC),
            },
            ["You can book from 25 Aug 2026 (Europe/Berlin) until the end of 31 Aug 2026 (Europe/Berlin)."],
        ),
        (
            {"max_uses": None, "offer_starts_on": date(2026, 9, 1), "offer_ends_on": date(2026, 9, 4)},
            ["The link offers times from 1 Sep 2026 to 4 Sep 2026."],
        ),
        ({"max_uses": None, "offer_starts_on": date(2026, 9, 1)}, ["The link offers times from 1 Sep 2026 on."]),
        ({"max_uses": None, "offer_ends_on": date(2026, 9, 4)}, ["The link offers times up to 4 Sep 2026."]),
        (
            {"max_uses": None, "allowed_invitees": ["@example.com"]},
            ["Please book with the e-mail address that this mail was sent to."],
        ),
    ],
)
def test_conditions_are_sentences_for_the_invitee(
    link: PrivateLink, values: dict[str, Any], sentences: list[str]
) -> None:
    for field, value in values.items():
        setattr(link, field, value)

    assert conditions(link, NOW) == sentences


def test_mail_names_the_only_duration_of_the_link(link: PrivateLink) -> None:
    link.event_type.duration_options = [60]
    both = str(link_mail(link, INVITATION, NOW).body)
    link.offer_duration_minutes = 60
    only = str(link_mail(link, INVITATION, NOW).body)

    assert "Duration: 30 or 60 minutes\n" in both
    assert "Duration: 1 hour\n" in only


def html_of(mail: EmailMultiAlternatives) -> str:
    message = mail.message()
    assert isinstance(message, EmailMessage)
    body = message.get_body(["html"])
    assert body is not None
    return str(body.get_content()).replace("\r\n", "\n")
