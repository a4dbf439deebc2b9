"""The routes of the site, as its URLconf has them."""

import re
from collections.abc import Iterator

from django.urls import URLPattern, URLResolver, get_resolver

# The admin's page of an application names all of them, in the order in which their admins came to be imported.
ONE_OF_SEVERAL = re.compile(r"\^\(\?P<(\w+)>\w+(?:\|\w+)*\)/\$")


def every_pattern() -> Iterator[tuple[str, URLPattern]]:
    """Yield each route, such as `private-links/<int:pk>/`, with its pattern."""
    return _patterns_below(get_resolver(), "")


def _patterns_below(resolver: URLResolver, prefix: str) -> Iterator[tuple[str, URLPattern]]:
    for each in resolver.url_patterns:
        route = prefix + ONE_OF_SEVERAL.sub(r"<\1>/", str(each.pattern))
        if isinstance(each, URLResolver):
            yield from _patterns_below(each, route)
        else:
            yield route, each
