"""Why a mail was not taken: what is final, and what people are told of it."""

from smtplib import (
    SMTPAuthenticationError,
    SMTPConnectError,
    SMTPDataError,
    SMTPHeloError,
    SMTPNotSupportedError,
    SMTPRecipientsRefused,
    SMTPSenderRefused,
    SMTPServerDisconnected,
)

import pytest
from procrastinate.jobs import Job

from eventtypes.mail_refusals import MAX_REASON_LENGTH, is_refused_for_good, why_not_sent
from eventtypes.tasks import MailRetry


def recipient_refused(code: int, text: bytes = b"No") -> SMTPRecipientsRefused:
    return SMTPRecipientsRefused({"iris@example.com": (code, text)})


@pytest.mark.parametrize(
    ("error", "is_final"),
    [
        (recipient_refused(550), True),
        (recipient_refused(599), True),
        (recipient_refused(450), False),
        (SMTPDataError(554, b"Spam"), True),
        (SMTPDataError(500, b"No"), True),
        (SMTPDataError(499, b"Later"), False),
        # Who is let in is for whoever runs the server, and the site, to put right.
        (SMTPAuthenticationError(535, b"Wrong password"), False),
        (SMTPSenderRefused(530, b"Log in first", "sidedoor@example.com"), False),
        (SMTPConnectError(554, b"No service"), False),
        (SMTPHeloError(550, b"No"), False),
        (SMTPServerDisconnected("Connection unexpectedly closed"), False),
        (ConnectionRefusedError(), False),
        (TimeoutError(), False),
        (ValueError(), False),
    ],
)
def test_only_a_refusal_of_the_mail_itself_is_final(error: Exception, is_final: bool) -> None:
    job = Job(id=1, queue="mail", lock=None, queueing_lock=None, task_name="any", attempts=0)

    decision = MailRetry().get_retry_decision(exception=error, job=job)

    assert is_refused_for_good(error) is is_final
    assert (decision is None) is is_final


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (recipient_refused(550, b"5.1.1 <iris@example.com>: User unknown"), "550 5.1.1 <…>: User unknown"),
        (SMTPDataError(554, b"5.7.1 See\nhttps://x.example/d/abc?q=1 for why"), "554 5.7.1 See … for why"),
        (SMTPDataError(554, b"5.7.1 Not with /booking/abc/ in it"), "554 5.7.1 Not with … in it"),
        (SMTPDataError(552, b"\xff\x00Too\x1b[31m big"), "552 �Too[31m big"),
        (SMTPSenderRefused(530, b"Log in first", "sidedoor@example.com"), "530 Log in first"),
        (SMTPAuthenticationError(535, b"ada:secret"), "The mail server does not let this site log in."),
        (SMTPServerDisconnected("gone"), "The mail server did not answer."),
        (TimeoutError(), "The mail server did not answer."),
        (SMTPNotSupportedError("No STARTTLS"), "The mail server cannot take the mail."),
        (ConnectionRefusedError(), "The mail server could not be reached."),
        (KeyError("secret"), "The mail could not be written."),
    ],
)
def test_reason_is_short_and_tells_no_address(error: Exception, reason: str) -> None:
    assert why_not_sent(error) == reason


def test_long_answer_is_cut_off() -> None:
    reason = why_not_sent(SMTPDataError(554, b"word " * 100))

    assert (len(reason), reason[-1]) == (MAX_REASON_LENGTH, "…")
