"""Limits as operators write them, and whom they count."""

from datetime import timedelta

import pytest

from eventtypes.client_address import client_address
from eventtypes.rates import Rate


@pytest.mark.parametrize(
    ("text", "rate"),
    [
        ("60/10m", Rate(60, timedelta(minutes=10))),
        (" 1/1s ", Rate(1, timedelta(seconds=1))),
        ("20/2h", Rate(20, timedelta(hours=2))),
        ("100/1d", Rate(100, timedelta(days=1))),
    ],
)
def test_rate_is_so_many_times_in_a_period(text: str, rate: Rate) -> None:
    assert Rate.parse(text) == rate


@pytest.mark.parametrize("text", ["", "60", "60/10", "60/m", "0/10m", "60/0m", "-1/10m", "1.5/1h", "60/10w", "٦/1m"])
def test_what_is_no_rate_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="60/10m"):
        Rate.parse(text)


@pytest.mark.rule("S14")
@pytest.mark.parametrize(
    ("forwarded_for", "trusted_proxies", "address"),
    [
        # Without a proxy of ours the header is what the client likes to say.
        ("", 0, "198.51.100.7"),
        ("203.0.113.1", 0, "198.51.100.7"),
        # With one, its own entry is the last, whatever was there before.
        ("203.0.113.1", 1, "203.0.113.1"),
        ("10.9.9.9, 203.0.113.1", 1, "203.0.113.1"),
        ("10.9.9.9,10.8.8.8,203.0.113.1", 1, "203.0.113.1"),
        # With two, the outer one's entry is the last but one.
        ("10.9.9.9, 203.0.113.1, 192.0.2.2", 2, "203.0.113.1"),
        # Fewer entries than proxies: it has come past them, so it is who has connected.
        ("203.0.113.1", 2, "198.51.100.7"),
        ("", 1, "198.51.100.7"),
        (" , ,", 1, "198.51.100.7"),
        ("nonsense", 1, "nonsense"),
        # Some proxies add the port, which tells connections apart, not people.
        ("203.0.113.1:51234", 1, "203.0.113.1"),
        ("[2001:db8:1:2::9]:51234", 1, "2001:db8:1:2::"),
        ("10.9.9.9:80, 203.0.113.1:51234", 1, "203.0.113.1"),
        (" 203.0.113.1 ", 1, "203.0.113.1"),
        ("203.0.113.1:", 1, "203.0.113.1:"),
        ("1" * 5_000, 1, "1" * 100),
        # However long the list is that was put in front.
        (",".join(["10.9.9.9"] * 5_000 + ["203.0.113.1"]), 1, "203.0.113.1"),
    ],
)
def test_as_many_hops_are_believed_as_there_are_proxies(forwarded_for: str, trusted_proxies: int, address: str) -> None:
    assert client_address("198.51.100.7", forwarded_for, trusted_proxies) == address


@pytest.mark.rule("S14")
@pytest.mark.parametrize(
    ("spelling", "address"),
    [
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        ("2001:DB8:1:2:ffff::1", "2001:db8:1:2::"),
        ("[2001:db8:1:2::9]", "2001:db8:1:2::"),
        ("fe80::1%eth0", "fe80::"),
        ("::ffff:198.51.100.7", "198.51.100.7"),
    ],
)
def test_ipv6_addresses_of_one_network_count_as_one(spelling: str, address: str) -> None:
    assert client_address(spelling, "", 0) == address
