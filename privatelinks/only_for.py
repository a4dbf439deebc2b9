"""Whom a link is only for: e-mail addresses and whole domains, how they are written, and how they are compared."""

from collections.abc import Iterable


def written(entry: str) -> str:
    """Return the address or domain as it is stored: "name@example.com" or "@example.com", in small letters.

    It is not judged here: what is no address and no domain comes out as neither.
    """
    name, _at, domain = entry.lower().rpartition("@")
    return f"{'' if name == '*' else name}@{domain}"


def unique(entries: Iterable[str]) -> list[str]:
    """Return the entries without those that mean the same as one before them."""
    kept: dict[tuple[str, str], str] = {}
    for entry in entries:
        kept.setdefault(_comparable(entry), entry)
    return list(kept.values())


def admits(entries: Iterable[str], email: str) -> bool:
    """Whether somebody with the e-mail address may book: it is one of the entries, or its domain is; none admit all.

    Capitals do not matter, nor does it whether a domain is written in Unicode or in Punycode. A domain admits its own
    addresses and none of its subdomains'. What follows the last "@" is the domain.
    """
    admitted = {_comparable(entry) for entry in entries}
    name, domain = _comparable(email)
    return not admitted or not admitted.isdisjoint({(name, domain), ("", domain)})


def is_same(entry: str, other: str) -> bool:
    """Whether the two addresses, or domains, mean the same: capitals and Punycode make no difference."""
    names = (text.rpartition("@")[0].casefold() for text in (entry, other))
    # Most differ in the name, and to write domains in Punycode takes long where many are compared.
    return next(names) == next(names) and _comparable(entry) == _comparable(other)


def _comparable(entry: str) -> tuple[str, str]:
    """Return the name and the domain such that two that mean the same are equal."""
    name, _at, domain = entry.rpartition("@")
    return name.casefold(), _punycode(domain).casefold()


def _punycode(domain: str) -> str:
    """Return the domain as mail is sent to it, by the codec that Django uses for that."""
    try:
        return domain.encode("idna").decode("ascii")
    except UnicodeError:
        return domain
