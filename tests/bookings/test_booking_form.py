"""The booking form: what it takes, and what it says about the rest, beside the field."""

from zoneinfo import ZoneInfo

import pytest

from bookings.forms.booking import BookingForm
from tests.bookings.booking_forms import START, booking_fields

CONTROL = ["Please leave out line breaks and other control characters."]
NULL = "Null characters are not allowed."


def errors_of(**changes: str) -> dict[str, list[str]]:
    errors = BookingForm(booking_fields(**changes)).errors.get_json_data()
    return {name: [error["message"] for error in of_field] for name, of_field in errors.items()}


def test_form_in_order_is_taken() -> None:
    form = BookingForm(booking_fields())

    assert form.is_valid()
    assert form.cleaned_data["start"] == START
    assert (form.invitee.name, form.invitee.email, str(form.invitee.time_zone), form.invitee.notes) == (
        "Grace Invitee",
        "grace@example.com",
        "Europe/Berlin",
        "See you there.",
    )


@pytest.mark.parametrize("name", ["王小明", "مريم", "O'Brien-Žižek", "=HYPERLINK(1)", "<script>", "🦊", "می‌خواهم"])
def test_name_may_be_in_any_script(name: str) -> None:
    form = BookingForm(booking_fields(name=name))

    assert form.is_valid()
    assert form.invitee.name == name


@pytest.mark.parametrize(
    ("name", "errors"),
    [
        ("", ["Please enter your name."]),
        ("   ", ["Please enter your name."]),
        ("\u200b", ["Please enter your name."]),
        ("Grace\r\nBcc: x@example.com", CONTROL),
        ("Grace\u2028Invitee", CONTROL),
        ("bell\x07", CONTROL),
        ("evil\u202egnp.exe", CONTROL),
        ("x\x00", [NULL]),
        ("n" * 101, ["Use at most 100 characters; this has 101."]),
    ],
)
def test_name_is_one_line(name: str, errors: list[str]) -> None:
    assert errors_of(name=name) == {"name": errors}


@pytest.mark.parametrize(
    "email", ["x", "a@b", "a@example.com\r\nBcc: b@example.com", "a b@example.com", "a@example.com, b@example.com"]
)
def test_email_is_one_address(email: str) -> None:
    assert errors_of(email=email) == {"email": ["Please enter a valid e-mail address, such as name@example.com."]}


def test_email_without_control_characters() -> None:
    assert errors_of(email='"\x01a"@example.com') == {"email": CONTROL}


@pytest.mark.parametrize("domain", ["straße.example", "βόλος.example", "a\u200db.example", "sub.a\u200cb.example"])
def test_email_whose_domain_is_read_in_two_ways_is_refused(domain: str) -> None:
    errors = errors_of(email=f"iris@{domain}")

    assert errors == {"email": ["Please write what follows the @ in its form that begins with “xn--”."]}


def test_email_with_nul_is_refused() -> None:
    assert "email" in errors_of(email="a\x00@example.com")


def test_email_is_no_longer_than_the_database_takes() -> None:
    assert errors_of(email=f"{'a' * 60}@{'b' * 60}.{'c' * 60}.{'d' * 60}.{'e' * 60}.com") == {
        "email": ["Use at most 254 characters; this has 308."]
    }


def test_notes_count_a_line_break_once() -> None:
    form = BookingForm(booking_fields(notes="a\r\n" * 1000))

    assert form.is_valid()


@pytest.mark.parametrize("notes", ["n" * 2001, "n" * 1_000_000, "bell\x07", "nul\x00"])
def test_notes_are_text_of_some_length(notes: str) -> None:
    assert list(errors_of(notes=notes)) == ["notes"]


@pytest.mark.parametrize(
    "start",
    [
        "",
        "x",
        "2026-12-03",
        "2026-12-03T09:00:00",
        "2026-12-03T09:00:00+01:00",
        "2026-12-03T09:00:00 01:00",
        "0001-01-01T00:00:00Z",
        "9999-12-31T24:00:00Z",
        "9999-12-31T23:59:59Z",
        "٢٠٢٦-12-03T09:00:00Z",
        "2026-12-03T09:00:00Z\x00",
        "2026-12-03T09:00:00Z" * 10_000,
    ],
)
def test_start_is_an_instant_in_utc(start: str) -> None:
    assert errors_of(start=start) == {"start": ["Please choose a time."]}


@pytest.mark.parametrize("tz", ["", "Mars/Olympus", "Factory", "posixrules", "localtime", "../../etc/passwd", "a\x00"])
def test_time_zone_is_a_real_one(tz: str) -> None:
    assert errors_of(tz=tz) == {"tz": ["Please choose a time zone."]}


def test_old_name_of_a_time_zone_is_taken() -> None:
    form = BookingForm(booking_fields(tz="Asia/Calcutta"))

    assert form.is_valid()
    assert form.cleaned_data["tz"] == ZoneInfo("Asia/Kolkata")


@pytest.mark.parametrize("request_key", ["", "x", "\x00", "1" * 1000])
def test_request_key_is_a_uuid(request_key: str) -> None:
    assert list(errors_of(request_key=request_key)) == ["request_key"]
