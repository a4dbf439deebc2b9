"""Mail about accounts: stored with the request, readable by nobody on its way, the same however often it is sent."""

import logging
from collections.abc import Callable

import pytest
from cryptography.fernet import InvalidToken
from django.core.mail import EmailMessage
from django.test import Client
from procrastinate.contrib.django.models import ProcrastinateJob
from pytest_django import Settings

from eventtypes.models import Host
from eventtypes.sealing import seal, unseal
from eventtypes.tasks import AccountMail, queue_account_mail, send_account_mail

MAIL = AccountMail(["ada@example.com"], "A subject", "Open https://example.com/secret", "<1.2.3@example.com>")


def last_job() -> ProcrastinateJob:
    job: ProcrastinateJob = ProcrastinateJob.objects.latest("pk")
    return job


def test_mail_sent_twice_has_the_same_message_id(db: None, mailoutbox: list[EmailMessage]) -> None:
    queue_account_mail(MAIL)

    send_account_mail(**last_job().args)
    send_account_mail(**last_job().args)

    assert [mail.extra_headers["Message-ID"] for mail in mailoutbox] == ["<1.2.3@example.com>"] * 2
    assert [(mail.to, mail.subject, mail.body) for mail in mailoutbox] == [(MAIL.to, MAIL.subject, MAIL.body)] * 2


def test_mails_of_two_requests_have_different_message_ids(
    client: Client, host: Host, queued_mails: Callable[[], list[EmailMessage]]
) -> None:
    client.post("/accounts/password/reset/", {"email": "ada@example.com"})
    client.post("/accounts/password/reset/", {"email": "ada@example.com"})

    first, second = [mail.extra_headers["Message-ID"] for mail in queued_mails()]
    assert first != second


def test_mail_is_text_that_is_not_html(
    client: Client, db: None, queued_mails: Callable[[], list[EmailMessage]]
) -> None:
    client.post("/accounts/password/reset/", {"email": "o'brien@example.com"})

    (mail,) = queued_mails()
    assert "with the address o'brien@example.com." in str(mail.body)
    assert mail.attachments == []


def test_mail_leads_to_the_sites_own_address(
    client: Client, host: Host, queued_mails: Callable[[], list[EmailMessage]], settings: Settings
) -> None:
    settings.SITE_URL = "https://meet.example.com"

    client.post("/accounts/password/reset/", {"email": "ada@example.com"})

    (mail,) = queued_mails()
    assert "https://meet.example.com/accounts/password/reset/key/" in str(mail.body)
    assert "testserver" not in str(mail.body)


def test_worker_sends_the_mail_and_logs_nothing_of_it(
    run_jobs: Callable[[], None], mailoutbox: list[EmailMessage], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, logger="procrastinate")
    queue_account_mail(MAIL)

    run_jobs()

    assert [mail.subject for mail in mailoutbox] == ["A subject"]
    assert last_job().status == "succeeded"
    assert "Starting job eventtypes.send_account_mail" in caplog.text
    assert "secret" not in caplog.text


def test_sealed_text_cannot_be_read_without_the_key(settings: Settings) -> None:
    sealed = seal({"body": "secret"})
    settings.SECRET_KEY = "another"

    with pytest.raises(InvalidToken):
        unseal(sealed)


def test_sealed_text_can_be_read_with_a_former_key(settings: Settings) -> None:
    sealed = seal({"body": "secret"})
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another"

    assert unseal(sealed) == {"body": "secret"}
