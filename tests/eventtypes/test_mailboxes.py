"""Which addresses count as one mailbox, and which as two."""

import pytest

from eventtypes.mailboxes import mailbox_of


@pytest.mark.rule("S14")
@pytest.mark.parametrize(
    ("address", "mailbox"),
    [
        ("Grace@Example.COM", "grace@example.com"),
        (" grace@example.com\t", "grace@example.com"),
        # What follows a plus sign is for the owner to sort mail by.
        ("grace+1@example.com", "grace@example.com"),
        ("grace+a+b@example.com", "grace@example.com"),
        ("+grace@example.com", "+grace@example.com"),
        # Quotes and backslashes are spelling (RFC 5322, 3.2.4).
        ('"grace"@example.com', "grace@example.com"),
        ('"gr\\ace"@example.com', "grace@example.com"),
        ('"grace+1"@example.com', "grace@example.com"),
        # A domain in its own script, and as it is sent.
        ("grace@bücher.example", "grace@xn--bcher-kva.example"),
        ("grace@BÜCHER.example", "grace@xn--bcher-kva.example"),
        ("grace@XN--BCHER-KVA.example", "grace@xn--bcher-kva.example"),
        ("grace@bu\u0308cher.example", "grace@xn--bcher-kva.example"),
        ("grace@ｅｘａｍｐｌｅ.com", "grace@example.com"),
        ("grace@example.com.", "grace@example.com"),
        # Google's dots, and its other name.
        ("g.r.ace@gmail.com", "grace@gmail.com"),
        ("Grace+x@GoogleMail.com", "grace@gmail.com"),
        # What is no address is its own mailbox.
        ("grace", "@grace"),
        ("grace@" + "a" * 64 + ".example", "grace@" + "a" * 64 + ".example"),
    ],
)
def test_spellings_of_one_mailbox_count_as_one(address: str, mailbox: str) -> None:
    assert mailbox_of(address) == mailbox


@pytest.mark.parametrize(
    "other", ["g.race@example.com", "grace-1@example.com", "grace@mail.example.com", "gräce@example.com"]
)
def test_other_mailboxes_stay_others(other: str) -> None:
    assert mailbox_of(other) != mailbox_of("grace@example.com")
