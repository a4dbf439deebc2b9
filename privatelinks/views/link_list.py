"""All private links of a host, across event types."""

from dataclasses import dataclass
from datetime import datetime

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from eventtypes.views.access import HostRequest
from privatelinks.forms.link_filter import LinkFilterForm, is_narrowed, links_asked_for, page_of
from privatelinks.models import PrivateLink
from privatelinks.presentation import LinkLine, link_line

PER_PAGE = 50


@dataclass(frozen=True, slots=True)
class ListedLink:
    """A link in the list."""

    link: PrivateLink
    line: LinkLine


@never_cache
@require_safe
def private_links(request: HostRequest) -> HttpResponse:
    """Show the host's links, or those that the query asks for."""
    now = timezone.now()
    asked = LinkFilterForm(request.GET, host=request.user).asked
    page = Paginator(links_asked_for(asked, request.user, now), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "form": LinkFilterForm(host=request.user, initial=asked),
        "query": asked.get("q", ""),
        "is_filtered": is_narrowed(asked),
        "page_obj": page,
        "links": [_listed(link, now) for link in page_of(page.object_list, asked, now)],
    }
    return render(request, "privatelinks/private_links.html", context)


def _listed(link: PrivateLink, now: datetime) -> ListedLink:
    return ListedLink(link, link_line(link, now))
