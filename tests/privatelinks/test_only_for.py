"""Whom a link is only for: how addresses and domains are written, and who is admitted by them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from privatelinks.only_for import admits, is_same, unique, written


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("Iris@Example.COM", "iris@example.com"),
        ("example.org", "@example.org"),
        ("@Example.org", "@example.org"),
        ("*@example.org", "@example.org"),
        ("MÜLLER.example", "@müller.example"),
        ('"a@b"@example.com', '"a@b"@example.com'),
    ],
)
def test_entry_is_written_in_small_letters_and_domains_with_an_at(typed: str, stored: str) -> None:
    assert written(typed) == stored


@pytest.mark.parametrize(
    ("entry", "email", "is_admitted"),
    [
        ("iris@example.com", "iris@example.com", True),
        ("iris@example.com", "IRIS@Example.Com", True),
        ("iris@example.com", "iris2@example.com", False),
        ("iris@example.com", "iris@example.com.example.net", False),
        ("@example.org", "anybody@example.org", True),
        ("@example.org", "anybody@EXAMPLE.ORG", True),
        ("@example.org", "anybody@sub.example.org", False),
        ("@example.org", "anybody@myexample.org", False),
        ("@example.org", "anybody@example.org.example.net", False),
        # What follows the last "@" is the domain, and mail goes there.
        ("@example.org", '"x@example.org"@example.net', False),
        ("@example.org", '"x@example.net"@example.org', True),
        ("@müller.example", "iris@xn--mller-kva.example", True),
        ("@xn--mller-kva.example", "iris@MÜLLER.example", True),
        ("iris@müller.example", "Iris@xn--mller-kva.EXAMPLE", True),
        ("@muller.example", "iris@müller.example", False),
        # No domain, but no reason to fail either: two dots, a label that is too long, an odd Punycode.
        ("@example.org", "iris@example..org", False),
        ("@example.org", f"iris@{'ü' * 80}.org", False),
        ("@example.org", "iris@xn--.org", False),
        ("@example.org", "iris@", False),
        ("@example.org", "", False),
    ],
)
def test_entry_admits_its_address_or_those_of_its_domain(entry: str, email: str, is_admitted: bool) -> None:
    assert admits(["@example.info", entry], email) is is_admitted


def test_no_entry_admits_everybody() -> None:
    assert admits([], "eve@example.net")


@pytest.mark.parametrize(
    ("entries", "left"),
    [
        (["iris@example.com", "@example.org", "iris@example.com"], ["iris@example.com", "@example.org"]),
        (["@müller.example", "@xn--mller-kva.example", "@example.org"], ["@müller.example", "@example.org"]),
        (["iris@example.org", "@example.org"], ["iris@example.org", "@example.org"]),
    ],
)
def test_entries_that_mean_the_same_are_one(entries: list[str], left: list[str]) -> None:
    assert unique(entries) == left


@given(st.lists(st.emails(), min_size=1, max_size=5))
def test_everybody_is_admitted_by_their_own_address_and_domain(emails: list[str]) -> None:
    addresses = unique(written(email) for email in emails)
    domains = [written(email.rpartition("@")[2]) for email in emails]

    assert all(admits(addresses, email.upper()) and admits(domains, email) for email in emails)


@given(st.text(), st.text())
def test_nonsense_does_no_harm(entry: str, email: str) -> None:
    assert admits(unique([written(entry)]), email) in {True, False}


@pytest.mark.parametrize(
    ("other", "expected"),
    [
        ("IRIS@Müller.example", True),
        ("iris@xn--mller-kva.EXAMPLE", True),
        ("bo@müller.example", False),
        ("@müller.example", False),
        ("iris@mail.müller.example", False),
        ("", False),
    ],
)
def test_addresses_are_the_same_however_they_are_written(other: str, expected: bool) -> None:
    assert is_same("iris@müller.example", other) is expected
