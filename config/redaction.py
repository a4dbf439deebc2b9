"""Keeps secrets out of logs and error reports: hashes of private links and feeds, the uids in invitees' addresses.

Each secret becomes a short fingerprint, the same one every time, so that two lines about one link can still be told
to be about one link.
"""

import logging
import re
from contextlib import suppress
from hashlib import sha256
from urllib.parse import quote, unquote

from django.utils.log import AdminEmailHandler
from django.utils.safestring import SafeString
from django.views.debug import ExceptionReporter

from privatelinks.hashes import ALPHABET, LENGTH

# A secret stands alone, or after an escape (\n, \x1f, \u2028) in the text of a Python value.
ESCAPES = r"\\[abfnrtv0]", r"\\x[0-9a-f]{2}", r"\\u[0-9a-f]{4}"
START = "(?:" + "|".join(["(?<![0-9A-Za-z])", *(rf"(?<={escape})" for escape in ESCAPES)]) + ")"
HASH = rf"{START}[{ALPHABET}]{{{LENGTH}}}(?![0-9A-Za-z])"
# A hash with something stuck to it. The digit tells it from a long name like TransactionManagementError.
LONGER_WORD = rf"{START}(?!(?<=\\)[abfnrtv0xu])(?=[A-Za-z]*[0-9])(?=[0-9A-Za-z]*?[{ALPHABET}]{{{LENGTH}}})[0-9A-Za-z]+"
# Whatever stands where a secret belongs: one mistyped, cut off or with something added is not printed either.
SEGMENT = r"""[^/\s?#&;"'<>\\]+"""
LINK = re.compile(rf"{HASH}|{LONGER_WORD}|(?:(?<=/d/)|(?<=/calendar/)){SEGMENT}")

UUID = r"[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}"
UID = re.compile(rf"{START}{UUID}(?![0-9A-Za-z])|(?<=/booking/)(?=[^/]*[0-9]){SEGMENT}")

# PostgreSQL quotes the statement around an error and cuts it off anywhere, in the middle of a secret too.
QUOTED_STATEMENT = re.compile(r"(LINE [0-9]+: )(?:(?!\\n)[^\n<])+")

WORD = re.compile(r"""[^\s"'<>]+""")
# Each of the site's own layers decodes a URL once; beyond that nobody reads a hash in it.
MAX_DECODINGS = 8


def redact(text: str) -> str:
    """Return the text with a fingerprint in the place of each secret."""
    text = QUOTED_STATEMENT.sub(r"\1...", text)
    return WORD.sub(lambda word: _redact_word(word[0]), text)


def fingerprint(secret: str) -> str:
    """Return eight hexadecimal digits that stand for the secret and lead nobody back to it."""
    return sha256(secret.encode(errors="replace")).hexdigest()[:8]


def _redact_word(word: str) -> str:
    """Redact a text without spaces, which may be percent-encoded, more than once even."""
    decoded = word
    for _ in range(MAX_DECODINGS):
        decoded = unquote(decoded)
    redacted = LINK.sub(lambda link: f"link:{fingerprint(link[0])}", decoded)
    redacted = UID.sub(lambda uid: f"uid:{fingerprint(uid[0].lower())}", redacted)
    if redacted == decoded:
        return word
    return redacted if decoded == word else quote(redacted, safe="/:?&=,;()[]{}")


class RedactingFormatter(logging.Formatter):
    """Formats a record, its traceback included, without secrets."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the finished text: message, exception and stack are all in it."""
        return redact(super().format(record))


class RedactingExceptionReporter(ExceptionReporter):
    """Reports an error, with local variables, SQL and the request, without secrets."""

    def get_traceback_html(self) -> SafeString:
        return SafeString(redact(super().get_traceback_html()))

    def get_traceback_text(self) -> SafeString:
        return SafeString(redact(super().get_traceback_text()))


class RedactingAdminEmailHandler(AdminEmailHandler):
    """Mails errors to ADMINS without secrets in the subject, which no formatter sees."""

    def emit(self, record: logging.LogRecord) -> None:
        """Mail the record; that the mail server refuses it, or is away, makes no second error of the first."""
        with suppress(OSError):
            super().emit(record)

    def format_subject(self, subject: str) -> str:
        return redact(super().format_subject(subject))
