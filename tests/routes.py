"""The routes of the site, as its URLconf has them."""

from collections.abc import Iterator

from django.urls import URLPattern, URLResolver, get_resolver


def every_pattern() -> Iterator[tuple[str, URLPattern]]:
    """Yield each route, such as `private-links/<int:pk>/`, with its pattern."""
    return _patterns_below(get_resolver(), "")


def _patterns_below(resolver: URLResolver, prefix: str) -> Iterator[tuple[str, URLPattern]]:
    for each in resolver.url_patterns:
        route = f"{prefix}{each.pattern}"
        if isinstance(each, URLResolver):
            yield from _patterns_below(each, route)
        else:
            yield route, each
