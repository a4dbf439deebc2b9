"""Whom a link is for: what is refused of an invitee, and of the addresses and domains that it is only for."""

from collections.abc import Collection

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from privatelinks.models import PrivateLink
from privatelinks.models.private_link import MAX_ALLOWED_INVITEE_LENGTH, MAX_ALLOWED_INVITEES
from privatelinks.only_for import written

# A message quotes what was typed, not all of something endless.
QUOTED_LENGTH = 60


def problems_of_invitees(link: PrivateLink, changed: Collection[str]) -> dict[str, str]:
    """Return what is wrong with the changed ones of the two fields, by field."""
    if "allowed_invitees" in changed and (problem := _problem_of_allowed(link.allowed_invitees)):
        return {"allowed_invitees": problem}
    if not link.invitee_email or link.admits(link.invitee_email):
        return {}
    if "invitee_email" in changed:
        return {"invitee_email": _("“Only for” excludes this address. Add it there, too, or leave one of them blank.")}
    if "allowed_invitees" in changed:
        message = _("This excludes %(email)s, the invitee whom the link is for. Add the address, or leave this blank.")
        return {"allowed_invitees": message % {"email": link.invitee_email}}
    return {}


def too_many_invitees() -> str:
    """Return the words for more addresses and domains than a link can hold."""
    return _("At most %(number)d addresses and domains are possible.") % {"number": MAX_ALLOWED_INVITEES}


def _problem_of_allowed(entries: list[str]) -> str:
    if len(entries) > MAX_ALLOWED_INVITEES:
        return too_many_invitees()
    wrong = next((entry for entry in entries if not _is_possible(entry)), None)
    if wrong is None:
        return ""
    quoted = wrong.removeprefix("@")[:QUOTED_LENGTH]
    return _("“%(entry)s” is neither an e-mail address nor a domain such as @example.com.") % {"entry": quoted}


def _is_possible(entry: str) -> bool:
    """Whether the entry is an address or a domain, as it is to be stored: the database asks for the same."""
    name, _at, domain = entry.rpartition("@")
    try:
        validate_email(f"{name or 'name'}@{domain}")
    except ValidationError:
        return False
    return entry == written(entry) and "@" not in name and len(entry) <= MAX_ALLOWED_INVITEE_LENGTH
