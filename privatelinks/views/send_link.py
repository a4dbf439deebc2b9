"""Sending a link by mail: to whom, and with which words of its host."""

import uuid
from datetime import datetime
from http import HTTPStatus

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from eventtypes.services.rate_limits import TooOftenError
from eventtypes.views.access import HostRequest
from privatelinks.forms.send_link import SendLinkForm, first_draft
from privatelinks.invitations import conditions
from privatelinks.models import PrivateLink
from privatelinks.presentation import link_line
from privatelinks.services.sending import problem_of_sending, send_link
from privatelinks.views.access import for_own_link

SECONDS_PER_HOUR = 3600


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@for_own_link
def private_link_send(request: HostRequest, link: PrivateLink) -> HttpResponse:
    """Ask for recipient and text, and queue the mail."""
    now = timezone.now()
    if request.method != "POST":
        return _show(request, link, SendLinkForm(initial=first_draft(link)), now)
    form = SendLinkForm(request.POST)
    status = HTTPStatus.UNPROCESSABLE_ENTITY
    if form.is_valid():
        try:
            send_link(link=link, **form.cleaned_data)
        except ValidationError as error:
            form.refuse(error)
        except TooOftenError as error:
            form.add_error(None, _too_often(error.retry_after))
            status = HTTPStatus.TOO_MANY_REQUESTS
        else:
            messages.success(request, _("The link is on its way to %(to)s.") % {"to": form.cleaned_data["recipient"]})
            return redirect("private_link", link.pk)
    return _show(request, link, form, now, status)


def _show(
    request: HostRequest, link: PrivateLink, form: SendLinkForm, now: datetime, status: HTTPStatus = HTTPStatus.OK
) -> HttpResponse:
    context = {
        "link": link,
        "line": link_line(link, now),
        "form": form,
        # Sent once more, the form is the same request; one whose key is missing becomes a new one.
        "request_key": getattr(form, "cleaned_data", {}).get("request_key") or uuid.uuid4(),
        "problem": problem_of_sending(link, now),
        "conditions": conditions(link, now),
    }
    return render(request, "privatelinks/send_link.html", context, status=status)


def _too_often(retry_after: int) -> str:
    hours = -(-retry_after // SECONDS_PER_HOUR)
    return ngettext(
        "You have sent as many links as you may for now. Please try again in an hour.",
        "You have sent as many links as you may for now. Please try again in %(hours)d hours.",
        hours,
    ) % {"hours": hours}
