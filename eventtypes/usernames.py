"""What a username may be: it is the first segment of a host's public address.

Migrations import `validate_not_reserved`: this module never moves.
"""

import re
from functools import cache
from typing import Any

from django.core.exceptions import ValidationError
from django.urls import get_resolver
from django.utils.translation import gettext_lazy as _

PATTERN = r"^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$"
MAX_LENGTH = 40

# Words that a later page, a proxy or a mail reader could want as a first segment.
RESERVED_WORDS = frozenset(
    (  # noqa: SIM905 - a hundred quotation marks less
        "about account accounts admin api app apps assets auth availability blog book booking bookings browse "
        "calendar contact d dashboard dev docs download embed error event event-types events export faq favicon "
        "feed feedback files forgot healthz help home host hosts i images img import inbox index info invite join "
        "legal link links login logout mail me media metrics new news oauth official password ping policy "
        "postmaster press pricing privacy private private-links profile public readyz register reset robots root "
        "rss schedule schedules search security settings setup share shop signin signout signup sitemap staff "
        "static status store support system team teams terms test tokens upload uploads user users verify webhook "
        "webhooks webmaster well-known www"
    ).split()
)


@cache
def first_segments() -> frozenset[str]:
    """Return the literal first segments of the site's own addresses, from the URLconf."""
    routes = [str(pattern.pattern) for pattern in _flat_patterns()]
    return frozenset(match.group() for route in routes if (match := re.match(r"[a-z0-9-]+(?=/|$)", route.lstrip("^"))))


def _flat_patterns() -> list[Any]:
    """Return the top-level URL patterns, those of includes without a prefix laid flat."""
    flat: list[Any] = []
    for entry in get_resolver().url_patterns:
        nested = getattr(entry, "url_patterns", None)
        flat += nested if nested is not None and str(entry.pattern) == "" else [entry]
    return flat


def validate_not_reserved(username: str) -> None:
    """Refuse a username that is, or may become, an address of the site itself."""
    if username.lower() in RESERVED_WORDS | first_segments():
        raise ValidationError(_("This username is reserved. Please choose another one."), code="reserved")
