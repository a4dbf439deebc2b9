"""Creating several links of an event type at once, and the page of those that were created together."""

from dataclasses import dataclass
from http import HTTPStatus
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from eventtypes.models import EventType
from eventtypes.views.access import HostRequest, for_own_event_type
from privatelinks.forms.several_links import EventTypeChoiceForm, SeveralLinksForm
from privatelinks.models import PrivateLink
from privatelinks.presentation import LinkLine, link_line
from privatelinks.services.several_links import AlreadyCreatedError, create_links
from privatelinks.views.link_list import PER_PAGE


@dataclass(frozen=True, slots=True)
class LinkOfBatch:
    """One of the links that were created together."""

    link: PrivateLink
    line: LinkLine

    @property
    def url_id(self) -> str:
        """The id of the field that shows the URL."""
        return f"link-{self.link.pk}-url"


@never_cache
@require_safe
def choose_event_type(request: HostRequest) -> HttpResponse:
    """Ask which event type the new links are for, unless it is clear, and go there."""
    event_types = list(EventType.objects.owned_by(request.user)[:2])
    form = EventTypeChoiceForm(request.GET or None, host=request.user)
    if form.is_valid():
        return redirect("private_links_create", form.cleaned_data["event_type"].pk)
    if len(event_types) == 1:
        return redirect("private_links_create", event_types[0].pk)
    return render(request, "privatelinks/choose_event_type.html", {"form": form, "has_event_types": bool(event_types)})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@for_own_event_type
def create_several(request: HostRequest, event_type: EventType) -> HttpResponse:
    """Make several links with the same limits; the same form sent twice makes them once."""
    now = timezone.now()
    if request.method != "POST":
        return _ask(request, SeveralLinksForm(event_type=event_type, now=now), event_type)
    form = SeveralLinksForm(request.POST, event_type=event_type, now=now)
    try:
        if form.is_valid() and _create(request, form, event_type):
            return redirect("private_link_batch", form.batch)
    except AlreadyCreatedError:
        form.renew_key()
        return _ask(request, form, event_type, status=HTTPStatus.CONFLICT)
    return _ask(request, form, event_type, status=HTTPStatus.UNPROCESSABLE_ENTITY)


def _create(request: HostRequest, form: SeveralLinksForm, event_type: EventType) -> bool:
    """Make the links, and say so; return whether the rules let them be made.

    Raises:
        AlreadyCreatedError: The form has made other links before.
    """
    switches_on = form.cleaned_data.get("switches_on", False)
    try:
        is_made = create_links(
            event_type=event_type,
            batch=form.batch,
            count=form.count_of_links,
            changes=form.changes,
            switches_on=switches_on,
        )
    except ValidationError as error:
        form.refuse(error)
        return False
    if is_made:
        words = ngettext("One link is created.", "%(count)d links are created.", form.count_of_links)
        messages.success(request, words % {"count": form.count_of_links})
    return True


def _ask(
    request: HostRequest, form: SeveralLinksForm, event_type: EventType, status: HTTPStatus = HTTPStatus.OK
) -> HttpResponse:
    context = {
        "form": form,
        "event_type": event_type,
        "made_before": form.batch if status == HTTPStatus.CONFLICT else None,
    }
    return render(request, "privatelinks/create_several.html", context, status=status)


@never_cache
@require_safe
def private_link_batch(request: HostRequest, batch: UUID) -> HttpResponse:
    """Show the links that were created together, to be copied and sent."""
    now = timezone.now()
    links = PrivateLink.objects.owned_by(request.user).with_event_type().filter(batch=batch).order_by("pk")
    page = Paginator(links, PER_PAGE).get_page(request.GET.get("page"))
    if not page:
        raise Http404
    context = {
        "batch": batch,
        "event_type": page[0].event_type,
        "page_obj": page,
        "links": [LinkOfBatch(link, link_line(link, now)) for link in page],
    }
    return render(request, "privatelinks/private_link_batch.html", context)
