"""What a host does at once with a link that is over, or nearly: give it more time or uses, or take a limit from it."""

from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from eventtypes.views.access import HostRequest
from privatelinks.forms.what_was_shown import ShownExpiryForm, ShownLimitForm
from privatelinks.link_acts import what_still_stops
from privatelinks.models import PrivateLink
from privatelinks.presentation import expiry_words, uses_words
from privatelinks.services.reviving import allow_one_more_use, extend_link, remove_expiry, remove_limit_of_uses
from privatelinks.views.access import for_own_link


@require_POST
@for_own_link
def private_link_extend(request: HostRequest, link: PrivateLink) -> HttpResponse:
    """Let the link end a week later."""
    shown = ShownExpiryForm(request.POST).expires_at
    return _answer(request, link, lambda: extend_link(link=link, shown=shown), _how_long_it_runs)


@require_POST
@for_own_link
def private_link_use_again(request: HostRequest, link: PrivateLink) -> HttpResponse:
    """Let a link that is used up be booked through once more."""
    shown = ShownLimitForm(request.POST).max_uses
    return _answer(request, link, lambda: allow_one_more_use(link=link, shown=shown), _how_many_uses_it_has)


@require_POST
@for_own_link
def private_link_remove_expiry(request: HostRequest, link: PrivateLink) -> HttpResponse:
    """Let the link have no expiry date."""
    return _answer(request, link, lambda: remove_expiry(link=link), _that_it_has_no_expiry)


@require_POST
@for_own_link
def private_link_remove_limit_of_uses(request: HostRequest, link: PrivateLink) -> HttpResponse:
    """Let the link be booked through any number of times."""
    return _answer(request, link, lambda: remove_limit_of_uses(link=link), _that_it_has_no_limit_of_uses)


def _answer(
    request: HostRequest, link: PrivateLink, revive: Callable[[], PrivateLink], words: Callable[[PrivateLink], str]
) -> HttpResponse:
    """Revive the link, and say on its page what has come of it, or why nothing has."""
    try:
        revived = revive()
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        outcome = [words(revived), what_still_stops(revived, timezone.now())]
        messages.success(request, " ".join(filter(None, outcome)))
    return redirect("private_link", link.pk)


def _how_long_it_runs(link: PrivateLink) -> str:
    until = expiry_words(link.expires_at, link.event_type.schedule.time_zone) if link.expires_at else ""
    return _("“%(name)s” runs %(until)s.") % {"name": link, "until": until}


def _how_many_uses_it_has(link: PrivateLink) -> str:
    return _("“%(name)s” allows more: %(uses)s.") % {"name": link, "uses": uses_words(link)}


def _that_it_has_no_expiry(link: PrivateLink) -> str:
    return _("“%(name)s” has no expiry date any more.") % {"name": link}


def _that_it_has_no_limit_of_uses(link: PrivateLink) -> str:
    return _("“%(name)s” has no limit of uses any more.") % {"name": link}
