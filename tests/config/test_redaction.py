"""Hashes of private links and uids of bookings stay out of logs and error reports."""

import logging
import sys
import time
from io import StringIO
from types import TracebackType
from urllib.parse import quote

import pytest
from django.conf import settings
from django.core import mail
from django.db import DataError, connection
from django.http import HttpRequest
from django.test import RequestFactory, override_settings
from django.test.utils import CaptureQueriesContext
from django.utils.module_loading import import_string

from config.redaction import (
    RedactingAdminEmailHandler,
    RedactingExceptionReporter,
    RedactingFormatter,
    fingerprint,
    redact,
)
from privatelinks.hashes import new_hash
from tests.live_site import free_port

pytestmark = pytest.mark.rule("S6")

HASH = "7kQp2RsTuVwXyZ9aBcDeFg"
LINK = f"link:{fingerprint(HASH)}"
UID = "3f0a6a52-7d0c-4a58-9e54-0f4f1a0b7c11"
BOOKING = f"uid:{fingerprint(UID)}"

type ExceptionInfo = tuple[type[BaseException], BaseException, TracebackType | None]


def logged(message: str, *args: object, exc_info: ExceptionInfo | None = None) -> str:
    """Return what the formatter makes of a record."""
    record = logging.LogRecord("sidedoor", logging.ERROR, __file__, 1, message, args, exc_info)
    return RedactingFormatter("{levelname} {message}", style="{").format(record)


def failure_with(text: str) -> ExceptionInfo:
    """Return an exception that was raised where a local variable held the text."""
    try:
        local_variable = text
        raise LookupError(f"no link {local_variable}")
    except LookupError as error:
        return type(error), error, error.__traceback__


def percent_encoded(text: str) -> str:
    """Return the text with each character as a percent escape."""
    return "".join(f"%{ord(character):02x}" for character in text)


@pytest.mark.parametrize(
    ("text", "redacted"),
    [
        (f"GET /d/{HASH}/intro?month=2026-12", f"GET /d/{LINK}/intro?month=2026-12"),
        (f"https://sidedoor.example/d/{HASH}/intro.", f"https://sidedoor.example/d/{LINK}/intro."),
        (f"Key (hash)=({HASH}) already exists.", f"Key (hash)=({LINK}) already exists."),
        (f"{{'link_hash': '{HASH}', 'slug': 'intro'}}", f"{{'link_hash': '{LINK}', 'slug': 'intro'}}"),
        (repr(f"first line\n{HASH}\x1f{HASH}\u2028{HASH}"), rf"'first line\n{LINK}\x1f{LINK}\u2028{LINK}'"),
        (rf"C:\{HASH}", rf"C:\{LINK}"),
        (f"GET /calendar/{HASH}.ics HTTP/1.1", f"GET /calendar/{LINK}.ics HTTP/1.1"),
        (f"webcal://sidedoor.example/calendar/{HASH}.ics", f"webcal://sidedoor.example/calendar/{LINK}.ics"),
        (f"<PrivateLink: {HASH}>", f"<PrivateLink: {LINK}>"),
        (f"/booking/{UID}/cancel/", f"/booking/{BOOKING}/cancel/"),
        (f"/booking/{UID.upper()}/", f"/booking/{BOOKING}/"),
        (f"""WHERE "uid" = '{UID}'::uuid""", f"""WHERE "uid" = '{BOOKING}'::uuid"""),
        (f"/accounts/login/?next=%2Fbooking%2F{UID}%2F", f"/accounts/login/?next=/booking/{BOOKING}/"),
    ],
)
def test_secret_becomes_a_fingerprint(text: str, redacted: str) -> None:
    assert redact(text) == redacted


@pytest.mark.parametrize(
    "text",
    [
        percent_encoded(HASH),
        percent_encoded(percent_encoded(HASH)),
        f"%{ord('7'):x}{HASH[1:]}",
        f"{HASH[:-1]}%67",
        f"%2Fd%2F{HASH}%2Fintro",
        quote(f"next=/d/{HASH}/intro%20x", safe=""),
    ],
)
def test_percent_encoded_hash_becomes_the_same_fingerprint(text: str) -> None:
    redacted = redact(f"Not Found: /d/{text}/intro")

    assert LINK in redacted
    assert text not in redacted


@pytest.mark.parametrize("variant", [HASH[:-1], HASH + "x", "x" + HASH, HASH.swapcase(), HASH + "%00", "l" + HASH[1:]])
def test_mistyped_hash_in_an_address_is_not_printed(variant: str) -> None:
    redacted = redact(f"Not Found: /d/{variant}/intro")

    assert redacted.startswith("Not Found: /d/link:")
    assert HASH[1:-1] not in redacted


@pytest.mark.parametrize("variant", [HASH[:-1], HASH + "x", HASH.swapcase(), "abcdefgh", "l" + HASH[1:]])
def test_mistyped_hash_of_a_feed_is_not_printed(variant: str) -> None:
    redacted = redact(f"Not Found: /calendar/{variant}.ics")

    assert redacted.startswith("Not Found: /calendar/link:")
    assert variant not in redacted


@pytest.mark.parametrize("line_break", ["\n", r"\n"])
def test_piece_of_a_hash_in_a_statement_that_is_cut_off_is_not_printed(line_break: str) -> None:
    """PostgreSQL shows the statement around an error; in the text of a Python value its line breaks are escaped."""
    said = ["operator does not exist", f"""LINE 1: ..."hash" = '{HASH[:9]}...""", "      ^", "HINT: Add casts."]

    redacted = redact(line_break.join(said))

    assert redacted.split(line_break) == [said[0], "LINE 1: ...", *said[2:]]


def test_hash_with_something_stuck_to_it_is_not_printed() -> None:
    assert HASH not in redact(f"hash{HASH} {HASH}0 0{HASH}0")


@pytest.mark.parametrize(
    "text",
    [
        "django.db.transaction.TransactionManagementError: An error occurred in the current transaction.",
        'File "/srv/sidedoor/bookings/services/booking.py", line 42, in book',
        'SELECT "privatelinks_privatelink"."id" FROM "privatelinks_privatelink" WHERE 100% of the %s',
        "templates/bookings/booking/cancelled.html",
        "path('d/<str:link_hash>/<str:slug>')",
        "2026-12-03T09:00:00+00:00 [4242] /bookings/upcoming/?page=2&q=M%C3%BCller",
    ],
)
def test_what_is_no_secret_stays(text: str) -> None:
    assert redact(text) == text


def test_every_hash_that_can_be_made_is_found() -> None:
    hashes = [new_hash() for _ in range(2_000)]

    redacted = [redact(f"link {hash_} was used") for hash_ in hashes]

    assert redacted == [f"link link:{fingerprint(hash_)} was used" for hash_ in hashes]


@pytest.mark.parametrize("text", ["a" * 1_000_000, "%25" * 300_000, "/d/" * 300_000, "7" * 1_000_000, "-" * 1_000_000])
def test_long_text_takes_no_time(text: str) -> None:
    started = time.process_time()

    redact(text)

    assert time.process_time() - started < 2


def test_formatter_redacts_message_arguments_and_traceback() -> None:
    text = logged("Failed: %s", f"/d/{HASH}/intro", exc_info=failure_with(HASH))

    assert text.startswith(f"ERROR Failed: /d/{LINK}/intro\nTraceback")
    assert text.endswith(f"LookupError: no link {LINK}")
    assert HASH not in text


@pytest.mark.django_db
@override_settings(DEBUG=True)
def test_formatter_redacts_sql() -> None:
    log = StringIO()
    handler = logging.StreamHandler(log)
    handler.setFormatter(RedactingFormatter())
    logger = logging.getLogger("django.db.backends")
    logger.addHandler(handler)
    level = logger.level
    logger.setLevel(logging.DEBUG)

    with CaptureQueriesContext(connection), connection.cursor() as cursor:
        cursor.execute("SELECT %s", [HASH])
    logger.removeHandler(handler)
    logger.setLevel(level)

    assert f"SELECT '{LINK}'" in log.getvalue()
    assert HASH not in log.getvalue()


@pytest.mark.django_db
def test_formatter_redacts_what_the_database_says() -> None:
    with pytest.raises(DataError) as caught, connection.cursor() as cursor:
        cursor.execute("SELECT %s::int", [HASH])

    text = logged("The query failed.", exc_info=(caught.type, caught.value, caught.tb))

    assert f'invalid input syntax for type integer: "{LINK}"' in text
    assert HASH not in text


def request_through_a_link() -> HttpRequest:
    """Return a request whose path, query, body and cookies hold a hash."""
    factory = RequestFactory()
    factory.cookies["last"] = HASH
    return factory.post(f"/d/{HASH}/intro?from={HASH}", {"hash": HASH, "uid": UID}, headers={"referer": f"/d/{HASH}/"})


def test_error_report_is_redacted() -> None:
    request = request_through_a_link()
    reporter = RedactingExceptionReporter(request, *failure_with(f"{HASH} {UID}"))

    html, text = reporter.get_traceback_html(), reporter.get_traceback_text()

    assert f"/d/{LINK}/intro" in html
    assert f"/d/{LINK}/intro" in text
    assert [secret for secret in (HASH, UID) if secret in html or secret in text] == []


def test_error_reports_are_the_redacted_ones() -> None:
    assert import_string(settings.DEFAULT_EXCEPTION_REPORTER) is RedactingExceptionReporter


@override_settings(ADMINS=["admin@sidedoor.example"])
def test_mail_to_the_admins_is_redacted() -> None:
    record = logging.LogRecord("django.request", logging.ERROR, __file__, 1, "Error: %s", (f"/d/{HASH}/intro",), None)
    record.request = request_through_a_link()
    record.exc_info = failure_with(HASH)
    handler = RedactingAdminEmailHandler()
    handler.setFormatter(RedactingFormatter())

    handler.emit(record)

    [message] = mail.outbox
    assert message.subject.endswith(f"Error: /d/{LINK}/intro")
    assert HASH not in message.subject + str(message.body)


@override_settings(
    ADMINS=["admin@sidedoor.example"],
    MAILERS={
        "default": {
            "BACKEND": "django.core.mail.backends.smtp.EmailBackend",
            "OPTIONS": {"host": "127.0.0.1", "port": free_port()},
        },
    },
)
def test_report_that_cannot_be_mailed_makes_no_second_error() -> None:
    record = logging.LogRecord("django.request", logging.ERROR, __file__, 1, "Error", (), None)

    RedactingAdminEmailHandler().emit(record)


def test_every_log_of_the_process_is_redacted() -> None:
    # The scan for secrets of `make check` shares the tests' process, and no other.
    names = logging.root.manager.loggerDict.keys() - {"detect-secrets"}
    loggers = [logging.getLogger(), *map(logging.getLogger, names)]
    console = [handler for logger in loggers for handler in logger.handlers if type(handler) is logging.StreamHandler]

    formatters = {type(handler.formatter) for handler in console if handler.stream in (sys.stderr, sys.__stderr__)}

    assert formatters == {RedactingFormatter}
