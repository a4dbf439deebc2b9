"""Why a mail was not taken: whether the mail server refused it for good, and what to tell people about it."""

import re
from collections.abc import Iterator
from smtplib import (
    SMTPAuthenticationError,
    SMTPDataError,
    SMTPException,
    SMTPRecipientsRefused,
    SMTPResponseException,
    SMTPServerDisconnected,
)

from django.utils.translation import gettext as _

MAX_REASON_LENGTH = 200

# What a server may repeat of the mail: addresses of pages, which may be secret, whole or not, and those of people.
REPEATED = re.compile(r"\w+://\S+|(?<!\S)/\S+|[^\s<>()\[\],;:]+@[^\s<>()\[\],;:]+")


def is_refused_for_good(error: BaseException) -> bool:
    """Whether the server refuses this mail, or its only recipient, and would refuse it again (RFC 5321, 4.2.1: 5yz).

    A server that lets nobody in, or not this site, may have been set up wrongly; that is worth another try.
    """
    match error:
        case SMTPRecipientsRefused():
            return all(_is_final(code) for code, _text in _answers(error))
        case SMTPDataError():
            return _is_final(error.smtp_code)
        case _:
            return False


def why_not_sent(error: BaseException) -> str:
    """Return the reason in short: the server's answer without addresses, or what it did instead of answering."""
    match error:
        case SMTPAuthenticationError():
            return _("The mail server does not let this site log in.")
        case SMTPRecipientsRefused():
            return next((_in_short(code, text) for code, text in _answers(error)), "")
        case SMTPResponseException():
            return _in_short(error.smtp_code, error.smtp_error)
        case _:
            return _what_happened_instead(error)


def _what_happened_instead(error: BaseException) -> str:
    """Say what came in the place of an answer. What smtplib raises is an OSError, too."""
    match error:
        case TimeoutError() | SMTPServerDisconnected():
            return _("The mail server did not answer.")
        case SMTPException():
            return _("The mail server cannot take the mail.")
        case OSError():
            return _("The mail server could not be reached.")
        case _:
            return _("The mail could not be written.")


def _is_final(code: int) -> bool:
    return 500 <= code <= 599


def _answers(error: SMTPRecipientsRefused) -> Iterator[tuple[int, bytes | str]]:
    yield from error.recipients.values()


def _in_short(code: int, text: bytes | str) -> str:
    words = text.decode(errors="replace") if isinstance(text, bytes) else text
    line = " ".join(f"{code} {REPEATED.sub('…', words)}".split())
    printable = "".join(character for character in line if character.isprintable())
    return printable if len(printable) <= MAX_REASON_LENGTH else f"{printable[: MAX_REASON_LENGTH - 1]}…"
