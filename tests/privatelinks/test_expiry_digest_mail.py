"""The mail about links that expire soon: what it says, also when much has happened since it was queued."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.core.mail import EmailMessage, EmailMultiAlternatives
from django.db import connection
from django.test.utils import CaptureQueriesContext

from eventtypes.models import Host
from privatelinks.emails import MOST_LISTED, expiry_digest_mail
from privatelinks.models import PrivateLink
from privatelinks.services.links import change_link, delete_links, pause_link
from privatelinks.tasks import send_expiry_digest
from tests.factories import HostFactory, PrivateLinkFactory
from tests.mailing_site import _site
from tests.privatelinks.digest_scene import SECOND, _morning, host
from tests.privatelinks.expiring_links import DAY, NOW, expiring, queued_digests, tell

__all__ = ["_morning", "_site", "host"]


def send(mailoutbox: list[EmailMessage]) -> list[EmailMultiAlternatives]:
    """Do the jobs that are queued, and return what they have sent."""
    mailoutbox.clear()
    for job in queued_digests():
        send_expiry_digest(**job)
    return [mail for mail in mailoutbox if isinstance(mail, EmailMultiAlternatives)]


def html_of(mail: EmailMultiAlternatives) -> str:
    [html] = [str(content) for content, mimetype in mail.alternatives if mimetype == "text/html"]
    return html


class TestMail:
    def test_mail_lists_the_links_and_what_is_left_of_them(self, host: Host, mailoutbox: list[EmailMessage]) -> None:
        later = expiring(host, name="Beta", max_uses=5, usage_count=3, expires_at=datetime(2026, 12, 3, 23, tzinfo=UTC))
        sooner = expiring(host, name="", title="Lunch", expires_at=datetime(2026, 12, 2, 17, 30, tzinfo=UTC))
        scheduled = expiring(host, name="Soon", max_uses=None, opens_at=datetime(2026, 12, 2, 23, tzinfo=UTC))
        PrivateLink.objects.filter(pk=scheduled.pk).update(expires_at=datetime(2026, 12, 4, 8, tzinfo=UTC))
        tell(NOW)

        [mail] = send(mailoutbox)

        assert (mail.to, mail.subject) == (["ada@example.com"], "3 private links expire soon")
        assert mail.body == (
            "These private links expire within three days and are not used up:\n"
            "\n"
            "Private link (Lunch)\n"
            "1 of 1 use left, until 2 Dec 2026, 18:30 (Europe/Berlin)\n"
            f"https://book.example.com/private-links/{sooner.pk}/\n"
            "\n"
            "Beta (Discovery call)\n"
            "2 of 5 uses left, until the end of 3 Dec 2026 (Europe/Berlin)\n"
            f"https://book.example.com/private-links/{later.pk}/\n"
            "\n"
            "Soon (Discovery call)\n"
            "No limit of uses, from 3 Dec 2026 (Europe/Berlin), until 4 Dec 2026, 09:00 (Europe/Berlin)\n"
            f"https://book.example.com/private-links/{scheduled.pk}/\n"
            "\n"
            "To give a link more time, open its page and change the expiry date.\n"
            "\n"
            "See all private links:\n"
            "https://book.example.com/private-links/\n"
            "\n"
            "You get this mail at most once a day, and it tells of each expiry date once. Switch it off:\n"
            "https://book.example.com/settings/notifications/\n"
        )

    def test_html_says_the_same(self, host: Host, mailoutbox: list[EmailMessage]) -> None:
        link = expiring(host, name="Beta", max_uses=5, usage_count=3, expires_at=datetime(2026, 12, 3, 23, tzinfo=UTC))
        tell(NOW)

        html = html_of(send(mailoutbox)[0])

        expected = [
            "1 private link expires soon</h1>",
            "This private link expires within three days and is not used up:",
            f'href="https://book.example.com/private-links/{link.pk}/"',
            ">Beta</a>",
            "Discovery call",
            "2 of 5 uses left, until the end of 3 Dec 2026 (Europe/Berlin)",
            'href="https://book.example.com/private-links/"',
            'href="https://book.example.com/settings/notifications/"',
        ]
        assert [words for words in expected if words not in html] == []

    def test_no_mail_holds_a_hash(self, host: Host, mailoutbox: list[EmailMessage]) -> None:
        link = expiring(host)
        tell(NOW)

        [mail] = send(mailoutbox)

        assert link.hash not in mail.message().as_string()
        assert [address for address in (str(mail.body), html_of(mail)) if "/d/" in address] == []
        assert link.hash not in str(queued_digests())

    def test_names_are_text(self, host: Host, mailoutbox: list[EmailMessage]) -> None:
        expiring(host, name="<script>\r\nBcc: eve@example.com", title="<i>\nCall")
        tell(NOW)

        [mail] = send(mailoutbox)

        assert "<script> Bcc: eve@example.com (<i> Call)\n" in str(mail.body)
        assert "&lt;script&gt; Bcc: eve@example.com</a>" in html_of(mail)
        assert "<script>" not in html_of(mail)

    def test_mail_sent_again_has_the_same_name_and_that_of_another_day_another(self, host: Host) -> None:
        link = PrivateLink.objects.with_event_type().get(pk=expiring(host).pk)
        days = [date(2026, 12, 1), date(2026, 12, 1), date(2026, 12, 2)]
        of_other = expiry_digest_mail(HostFactory.create(), [link], days[0], NOW).message()["Message-ID"]

        names = [expiry_digest_mail(host, [link], day, NOW).message()["Message-ID"] for day in days]

        assert names[0] == names[1]
        assert len({*names, of_other}) == 3
        assert names[0].endswith("@example.com>")

    def test_nothing_answers_by_itself(self, host: Host, mailoutbox: list[EmailMessage]) -> None:
        expiring(host)
        tell(NOW)

        assert send(mailoutbox)[0].message()["Auto-Submitted"] == "auto-generated"

    def test_long_list_says_how_many_more_there_are(self, host: Host, mailoutbox: list[EmailMessage]) -> None:
        first = expiring(host)
        PrivateLinkFactory.create_batch(MOST_LISTED, event_type=first.event_type, expires_at=NOW + 2 * DAY)
        tell(NOW)

        [mail] = send(mailoutbox)

        assert mail.subject == "51 private links expire soon"
        assert str(mail.body).count("/private-links/") == MOST_LISTED + 1
        assert "\nAnd 1 more.\n" in str(mail.body)
        assert "And 1 more.</p>" in html_of(mail)

    @pytest.mark.parametrize("number", [1, 3])
    def test_sending_takes_three_queries(self, host: Host, mailoutbox: list[EmailMessage], number: int) -> None:
        for _number in range(number):
            expiring(host)
        tell(NOW)
        [job] = queued_digests()

        with CaptureQueriesContext(connection) as queries:
            send_expiry_digest(**job)

        # Host, clock, links.
        assert len(queries) == 3


class TestMeanwhile:
    """What changes after the mail was queued: it says what is true when it is sent."""

    @pytest.mark.parametrize(
        "change",
        [
            pytest.param(lambda link: pause_link(link=link), id="paused"),
            pytest.param(lambda link: delete_links(links=[link]), id="deleted"),
            pytest.param(
                lambda link: change_link(link=link, changes={"expires_at": NOW + 2 * DAY + SECOND}), id="another date"
            ),
            pytest.param(lambda link: change_link(link=link, changes={"expires_at": None}), id="no date"),
            pytest.param(lambda link: PrivateLink.objects.filter(pk=link.pk).update(usage_count=1), id="used up"),
        ],
    )
    def test_link_that_is_no_news_any_more_is_left_out(
        self, host: Host, mailoutbox: list[EmailMessage], change: Callable[[PrivateLink], object]
    ) -> None:
        changed, other = expiring(host, name="Changed"), expiring(host, name="Other")
        tell(NOW)

        change(changed)

        [mail] = send(mailoutbox)
        assert mail.subject == "1 private link expires soon"
        assert ("Changed" in str(mail.body), other.name in str(mail.body)) == (False, True)

    def test_mail_with_nothing_left_to_tell_is_not_sent(self, host: Host, mailoutbox: list[EmailMessage]) -> None:
        link = expiring(host)
        tell(NOW)

        pause_link(link=link)

        assert send(mailoutbox) == []

    @pytest.mark.parametrize("changes", [{"wants_expiry_digest": False}, {"is_active": False}, {"email": ""}])
    def test_host_who_cannot_or_will_not_be_told_any_more_gets_no_mail(
        self, host: Host, mailoutbox: list[EmailMessage], changes: dict[str, Any]
    ) -> None:
        expiring(host)
        tell(NOW)

        Host.objects.update(**changes)

        assert send(mailoutbox) == []

    def test_link_that_has_gone_to_another_host_is_told_to_nobody_here(
        self, host: Host, mailoutbox: list[EmailMessage]
    ) -> None:
        link = expiring(host)
        tell(NOW)
        [job] = queued_digests()

        send_expiry_digest(**job | {"host_id": HostFactory.create().pk, "link_ids": [link.pk]})

        assert mailoutbox == []

    def test_mail_says_what_is_left_when_it_is_sent(self, host: Host, mailoutbox: list[EmailMessage]) -> None:
        link = expiring(host, name="Beta", max_uses=5)
        tell(NOW)

        change_link(link=link, changes={"name": "Gamma", "max_uses": 7})

        assert "Gamma (Discovery call)\n7 of 7 uses left" in str(send(mailoutbox)[0].body)


def test_mail_to_a_host_who_is_deleted_meanwhile_is_not_sent(host: Host, mailoutbox: list[EmailMessage]) -> None:
    link = expiring(host)
    Host.objects.all().delete()

    send_expiry_digest(host_id=host.pk, link_ids=[link.pk], day="2026-12-01")

    assert mailoutbox == []
