"""The addresses of accounts: django-allauth's, each view in one transaction with the mail that it queues.

(Only the mail that says that two-factor was switched on is queued right after it: allauth waits for the commit.)
"""

from collections.abc import Iterable

from allauth.urls import urlpatterns as allauth_patterns
from django.urls import URLPattern, URLResolver

from eventtypes.views.accounts import LogIn, SignUp
from eventtypes.views.transactions import in_one_transaction

# Pages of ours in the place of allauth's.
OURS = {"account_login": LogIn.as_view(), "account_signup": SignUp.as_view()}


def _in_transactions(patterns: Iterable[URLPattern | URLResolver]) -> list[URLPattern | URLResolver]:
    """Return the same addresses with their views wrapped, those of includes too."""
    return [_wrapped(pattern) for pattern in patterns]


def _wrapped(entry: URLPattern | URLResolver) -> URLPattern | URLResolver:
    if isinstance(entry, URLResolver):
        nested = _in_transactions(entry.url_patterns)
        return URLResolver(entry.pattern, nested, entry.default_kwargs, entry.app_name, entry.namespace)
    return URLPattern(
        entry.pattern, in_one_transaction(OURS.get(entry.name or "", entry.callback)), entry.default_args, entry.name
    )


urlpatterns = _in_transactions(allauth_patterns)
