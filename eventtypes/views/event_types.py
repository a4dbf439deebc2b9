"""Making an event type, and the tabs that edit it: setup, availability, limits."""

from copy import copy
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.forms import BaseForm
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from eventtypes.forms.event_types import NO_SUCH_SCHEDULE, SLUG_TAKEN, LimitsForm, ScheduleChoiceForm, SetupForm
from eventtypes.models import EventType, Host, Schedule
from eventtypes.services.event_types import (
    SlugTakenError,
    change_limits,
    change_schedule,
    change_setup,
    create_event_type,
)
from eventtypes.views.access import HostRequest, for_own_event_type
from eventtypes.views.obstacles import find_obstacle
from eventtypes.views.week import upcoming_overrides, week_of

page_with_form = require_http_methods(["GET", "HEAD", "POST"])


@page_with_form
def event_type_create(request: HostRequest) -> HttpResponse:
    """Make an event type from its setup; it starts with the host's default schedule."""
    form = SetupForm(_posted(request), instance=EventType(host=request.user))
    if form.is_valid():
        try:
            event_type = create_event_type(host=request.user, setup=form.setup)
        except SlugTakenError:
            form.add_error("slug", SLUG_TAKEN)
        else:
            messages.success(request, _("“%(title)s” is made.") % {"title": event_type.title})
            return redirect("event_type_setup", event_type.pk)
    context = {"form": form, "url_base": _url_base(request.user), "slug": ""}
    return render(request, "eventtypes/event_type_create.html", context, status=_status(form))


@page_with_form
@for_own_event_type
def event_type_setup(request: HostRequest, event_type: EventType) -> HttpResponse:
    """Edit what the event type is."""
    # The form writes what was typed onto its instance; the page goes on showing what is stored.
    form = SetupForm(_posted(request), instance=copy(event_type))
    if form.is_valid():
        try:
            change_setup(event_type=event_type, setup=form.setup)
        except SlugTakenError:
            form.add_error("slug", SLUG_TAKEN)
        else:
            has_moved = form.setup.slug != event_type.slug
            messages.success(request, _("Saved. The former URL leads to the new one.") if has_moved else _("Saved."))
            return redirect("event_type_setup", event_type.pk)
    context = {"form": form, "url_base": _url_base(request.user), "slug": event_type.slug}
    return _render_tab(request, event_type, "setup", form, context)


@page_with_form
@for_own_event_type
def event_type_availability(request: HostRequest, event_type: EventType) -> HttpResponse:
    """Choose the event type's schedule, and look at its week; `?schedule=` shows another one before it is chosen."""
    asked = ScheduleChoiceForm(request.GET, host=request.user)
    shown = asked.cleaned_data["schedule"] if asked.is_valid() else event_type.schedule
    form = ScheduleChoiceForm(_posted(request), host=request.user, initial={"schedule": shown})
    if form.is_valid():
        try:
            change_schedule(event_type=event_type, schedule=form.cleaned_data["schedule"])
        except Schedule.DoesNotExist:
            form.add_error("schedule", NO_SUCH_SCHEDULE)
        else:
            messages.success(request, _("Saved."))
            return redirect("event_type_availability", event_type.pk)
    context = {
        "form": form,
        "schedule": shown,
        "week": week_of(shown),
        "overrides": upcoming_overrides(shown, timezone.now()),
    }
    return _render_tab(request, event_type, "availability", form, context)


@page_with_form
@for_own_event_type
def event_type_limits(request: HostRequest, event_type: EventType) -> HttpResponse:
    """Edit when and how often the event type can be booked."""
    form = LimitsForm(_posted(request), instance=copy(event_type))
    if form.is_valid():
        change_limits(event_type=event_type, limits=form.limits)
        messages.success(request, _("Saved."))
        return redirect("event_type_limits", event_type.pk)
    return _render_tab(request, event_type, "limits", form, {})


def _posted(request: HostRequest) -> QueryDict | None:
    return request.POST if request.method == "POST" else None


def _status(form: BaseForm) -> HTTPStatus:
    """Return the status of a page that shows the form, refused or fresh."""
    return HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK


def _url_base(host: Host) -> str:
    """Return what the addresses of the host's event types begin with."""
    return f"{settings.SITE_URL}{host.get_absolute_url()}"


def _render_tab(
    request: HostRequest, event_type: EventType, tab: str, form: BaseForm, context: dict[str, Any]
) -> HttpResponse:
    context |= {"event_type": event_type, "form": form, "obstacle": find_obstacle(event_type, timezone.now())}
    return render(request, f"eventtypes/event_type_{tab}.html", context, status=_status(form))
