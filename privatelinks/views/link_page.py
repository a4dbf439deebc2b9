"""The page of one private link: its settings, who booked through it, and what is done with it at once."""

import uuid
from datetime import datetime
from http import HTTPStatus

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from eventtypes.views.access import HostRequest
from privatelinks.forms.link import LinkForm
from privatelinks.forms.link_page import LinkPageForm
from privatelinks.forms.what_was_shown import RequestKeyForm
from privatelinks.link_acts import link_acts
from privatelinks.link_history import RECENT, link_history
from privatelinks.link_picture import link_picture
from privatelinks.models import PrivateLink
from privatelinks.presentation import link_line
from privatelinks.questions import Question, ask_for_new_url, ask_to_delete_link, ask_to_end_link
from privatelinks.services.links import (
    change_link,
    delete_links,
    duplicate_link,
    pause_link,
    replace_hash,
    resume_link,
)
from privatelinks.services.reviving import end_link
from privatelinks.views.access import for_own_link
from privatelinks.views.link_obstacle import find_link_obstacle

BOOKINGS_PER_PAGE = 25
WHOLE_HISTORY = "all"

page_with_form = require_http_methods(["GET", "HEAD", "POST"])


@never_cache
@page_with_form
@for_own_link
def private_link(request: HostRequest, link: PrivateLink) -> HttpResponse:
    """Show the link and who booked through it; its settings are saved at once."""
    now = timezone.now()
    form = LinkPageForm(request.POST if request.method == "POST" else None, link=link, now=now)
    if form.is_valid() and _change(link, form):
        messages.success(request, _("Saved."))
        return redirect("private_link", link.pk)
    page = Paginator(link.bookings.order_by("-starts_at", "-pk"), BOOKINGS_PER_PAGE).get_page(request.GET.get("page"))
    zone = link.event_type.schedule.time_zone
    context = {
        "link": link,
        "line": link_line(link, now),
        "form": form,
        "obstacle": find_link_obstacle(link, now),
        "page_obj": page,
        "zone": zone,
        "acts": link_acts(link, now),
        "request_key": uuid.uuid4(),
        "end_question": ask_to_end_link(link),
        "new_url_question": ask_for_new_url(link),
        "delete_question": ask_to_delete_link(link, page.paginator.count),
        "picture": link_picture(link, link.uses_by_day(zone), now),
    }
    context |= _history(link, now, is_whole=request.GET.get("history") == WHOLE_HISTORY)
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, "privatelinks/private_link.html", context, status=status)


@require_POST
@for_own_link
def private_link_pause(request: HostRequest, link: PrivateLink) -> HttpResponse:
    """Stop the link until it is resumed."""
    pause_link(link=link)
    messages.success(request, _("“%(name)s” is paused.") % {"name": link})
    return redirect("private_link", link.pk)


@require_POST
@for_own_link
def private_link_resume(request: HostRequest, link: PrivateLink) -> HttpResponse:
    """Let the link be booked through again."""
    resume_link(link=link)
    messages.success(request, _("“%(name)s” is resumed.") % {"name": link})
    return redirect("private_link", link.pk)


@require_POST
@for_own_link
def private_link_duplicate(request: HostRequest, link: PrivateLink) -> HttpResponse:
    """Add a link with the same limits, and open its page."""
    copy = duplicate_link(link=link, request_key=RequestKeyForm(request.POST).sent_key)
    messages.success(request, _("This is the copy. It has a URL of its own, and no use is spent yet."))
    return redirect("private_link", copy.pk)


@never_cache
@page_with_form
@for_own_link
def private_link_replace_hash(request: HostRequest, link: PrivateLink) -> HttpResponse:
    """Ask whether the link shall have a new URL, and make it."""
    if request.method == "POST":
        replace_hash(link=link, shown=request.POST.get("shown", ""))
        messages.success(request, _("“%(name)s” has a new URL. The old one is dead.") % {"name": link})
        return redirect("private_link", link.pk)
    return _ask(request, link, ask_for_new_url(link))


@never_cache
@page_with_form
@for_own_link
def private_link_end(request: HostRequest, link: PrivateLink) -> HttpResponse:
    """Ask whether the link shall be over now, and end it."""
    if request.method == "POST":
        end_link(link=link)
        messages.success(request, _("“%(name)s” has ended.") % {"name": link})
        return redirect("private_link", link.pk)
    return _ask(request, link, ask_to_end_link(link))


@never_cache
@page_with_form
@for_own_link
def private_link_delete(request: HostRequest, link: PrivateLink) -> HttpResponse:
    """Ask whether the link shall be deleted, and delete it."""
    if request.method == "POST":
        delete_links(links=[link])
        messages.success(request, _("“%(name)s” is deleted.") % {"name": link})
        return redirect("private_links")
    return _ask(request, link, ask_to_delete_link(link, link.bookings.count()))


def _history(link: PrivateLink, now: datetime, *, is_whole: bool) -> dict[str, object]:
    """Return what happened to the link lately, or all of it, and whether there is more."""
    newest = link.events.newest_first()
    entries = link_history(link, list(newest if is_whole else newest[:RECENT]), now)
    shown = entries if is_whole else entries[:RECENT]
    return {"history": shown, "whole_history": WHOLE_HISTORY if len(shown) < len(entries) else ""}


def _ask(request: HostRequest, link: PrivateLink, question: Question) -> HttpResponse:
    """Ask on a page of its own."""
    context = {"question": question, "back_url": resolve_url("private_link", link.pk), "back_label": str(link)}
    return render(request, "privatelinks/confirm.html", context)


def _change(link: PrivateLink, form: LinkForm) -> bool:
    """Store the settings; return whether the rules let them."""
    try:
        change_link(link=link, changes=form.changes)
    except ValidationError as error:
        form.refuse(error)
        return False
    return True
