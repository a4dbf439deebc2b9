"""What a host does with the links that are ticked in the list: pause and resume at once, delete after a question."""

from enum import StrEnum

from django.contrib import messages
from django.db.models import Count
from django.http import HttpResponse, HttpResponseBadRequest
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from eventtypes.views.access import HostRequest
from eventtypes.views.coming_back import came_from, redirect_back
from privatelinks.forms.advanced_tab import real_ids
from privatelinks.models import PrivateLink
from privatelinks.questions import ask_to_delete_links
from privatelinks.services.bulk import MAX_LINKS_AT_ONCE, delete_own_links, pause_links, resume_links


class BulkAction(StrEnum):
    """What can be done with all links that are ticked."""

    PAUSE = "pause"
    RESUME = "resume"
    DELETE = "delete"


VERBS = {
    BulkAction.PAUSE: pause_links,
    BulkAction.RESUME: resume_links,
    BulkAction.DELETE: delete_own_links,
}


@never_cache
@require_POST
def private_links_bulk(request: HostRequest) -> HttpResponse:
    """Act on the host's links that are ticked and return to the list as it was; ask before links are deleted."""
    action = request.POST.get("action", "")
    if action not in BulkAction:
        return HttpResponseBadRequest()
    link_ids = set(real_ids(request.POST.getlist("link")))
    if not link_ids:
        messages.info(request, _("Tick the links first."))
    elif len(link_ids) > MAX_LINKS_AT_ONCE:
        messages.error(request, _("Nothing was done: tick at most %(count)d links.") % {"count": MAX_LINKS_AT_ONCE})
    elif action == BulkAction.DELETE and "confirmed" not in request.POST:
        return _ask_to_delete(request, link_ids)
    else:
        _act(request, BulkAction(action), link_ids)
    return redirect_back(request, otherwise="private_links")


def _ask_to_delete(request: HostRequest, link_ids: set[int]) -> HttpResponse:
    """Ask on a page of its own, which brings along what was ticked."""
    own = PrivateLink.objects.owned_by(request.user).filter(pk__in=link_ids).order_by("name", "pk")
    links = list(own.select_related("event_type").annotate(booking_count=Count("bookings")))
    if not links:
        messages.info(request, _nothing_done(BulkAction.DELETE))
        return redirect_back(request, otherwise="private_links")
    context = {
        "question": ask_to_delete_links(links, sum(vars(link)["booking_count"] for link in links)),
        "links": links,
        "back_url": came_from(request, otherwise="private_links"),
        "back_label": _("Private links"),
    }
    return render(request, "privatelinks/private_links_delete.html", context)


def _act(request: HostRequest, action: BulkAction, link_ids: set[int]) -> None:
    """Act, and say on how many links it had an effect."""
    count = VERBS[action](host=request.user, link_ids=link_ids)
    if count:
        messages.success(request, _done(action, count) % {"count": count})
    else:
        messages.info(request, _nothing_done(action))


def _done(action: BulkAction, count: int) -> str:
    match action:
        case BulkAction.PAUSE:
            return ngettext("One link is paused.", "%(count)d links are paused.", count)
        case BulkAction.RESUME:
            return ngettext("One link is resumed.", "%(count)d links are resumed.", count)
        case BulkAction.DELETE:
            return ngettext("One link is deleted.", "%(count)d links are deleted.", count)


def _nothing_done(action: BulkAction) -> str:
    match action:
        case BulkAction.PAUSE:
            return _("Nothing has changed: these links were paused or deleted before.")
        case BulkAction.RESUME:
            return _("Nothing has changed: none of these links is paused.")
        case BulkAction.DELETE:
            return _("These links have been deleted before.")
