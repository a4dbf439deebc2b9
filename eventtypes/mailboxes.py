"""Which e-mail addresses reach the same mailbox, as far as an address tells."""

import re
from collections.abc import Iterable

# Here the dots in a name mean nothing, as its users are told.
DOTS_MEAN_NOTHING = ("gmail.com", "googlemail.com")


def mailbox_of(email: str) -> str:
    """Return one spelling for all the addresses that reach the mailbox of this one; for counting, not for sending.

    Capitals, quotes and what follows a plus sign make no other mailbox with the providers that most people have, nor do
    dots with Google's. Where they do, a few people are counted as one: that is what a limit has its room for.
    A domain in its own script and the same one in Punycode are one domain.
    """
    name, _, domain = email.strip().casefold().rpartition("@")
    name, domain = _unquoted(name), _in_ascii(domain)
    # An address that begins with a plus sign has nothing before it to be known by.
    name = name.partition("+")[0] or name
    if domain in DOTS_MEAN_NOTHING:
        return f"{name.replace('.', '')}@{DOTS_MEAN_NOTHING[0]}"
    return f"{name}@{domain}"


def mailboxes_of(emails: Iterable[str]) -> list[str]:
    """Return the mailboxes that the addresses reach, each once."""
    return sorted({mailbox_of(email) for email in emails})


def _unquoted(name: str) -> str:
    """Return the name without the quotes and backslashes that RFC 5322 allows around and in it."""
    is_quoted = len(name) > 1 and name.startswith('"') and name.endswith('"')
    return re.sub(r"\\(.)", r"\1", name[1:-1]) if is_quoted else name


def _in_ascii(domain: str) -> str:
    try:
        return domain.rstrip(".").encode("idna").decode("ascii")
    except UnicodeError:
        return domain
