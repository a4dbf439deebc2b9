"""Availability: the host's schedules, the editor of one, and what is done with one as a whole."""

from collections.abc import Callable
from datetime import date
from functools import wraps
from http import HTTPStatus

from django.contrib import messages
from django.db.models import Count
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from eventtypes.availability import opening_hours
from eventtypes.forms.schedule_draft import ScheduleDraft
from eventtypes.forms.schedules import ScheduleEditor, ScheduleForm
from eventtypes.models import Schedule
from eventtypes.opening_hours import OpeningHours
from eventtypes.services import schedules as services
from eventtypes.views.access import HostRequest
from eventtypes.views.week_in_words import week_in_words


def for_own_schedule(
    view: Callable[[HostRequest, Schedule], HttpResponse],
) -> Callable[[HostRequest, int], HttpResponse]:
    """Hand the view the host's schedule with that id.

    Another host's schedule is a 404, and so is one that is deleted while the view is at work.
    """

    @wraps(view)
    def find_and_view(request: HostRequest, pk: int) -> HttpResponse:
        try:
            return view(request, Schedule.objects.owned_by(request.user).get(pk=pk))
        except Schedule.DoesNotExist as error:
            raise Http404 from error

    return find_and_view


@require_safe
def schedules(request: HostRequest) -> HttpResponse:
    """List the host's schedules, each with its week in words."""
    own = Schedule.objects.owned_by(request.user).prefetch_related("rules").annotate(used_by=Count("event_types"))
    listed = [(schedule, week_in_words(schedule)) for schedule in own]
    return render(request, "eventtypes/schedules.html", {"schedules": listed})


@require_http_methods(["GET", "HEAD", "POST"])
def schedule_create(request: HostRequest) -> HttpResponse:
    """Make a schedule; it starts with Mon–Fri 9–17, to be changed in the editor."""
    form = ScheduleForm(
        request.POST if request.method == "POST" else None, initial={"time_zone": request.user.time_zone}
    )
    if form.is_valid():
        hours = OpeningHours(form.cleaned_data["time_zone"], services.OFFICE_HOURS)
        schedule = services.create(host=request.user, name=form.cleaned_data["name"], hours=hours)
        messages.success(request, _("The schedule is made. Set its hours here."))
        return redirect("schedule", schedule.pk)
    return render(request, "eventtypes/schedule_create.html", {"form": form}, status=_status(is_refused=form.is_bound))


@require_http_methods(["GET", "HEAD", "POST"])
@for_own_schedule
def schedule(request: HostRequest, schedule: Schedule) -> HttpResponse:
    """Edit a schedule. A button for a row shows the page again with the row changed; only Save stores anything."""
    editor = _editor(request, schedule)
    if editor.is_submitted and editor.is_valid():
        services.save(schedule=schedule, name=editor.name, hours=editor.hours)
        messages.success(request, _("Saved."))
        return redirect("schedule", schedule.pk)
    context = {
        "schedule": schedule,
        "editor": editor,
        "path": request.path,
        "is_changed": request.method == "POST",
        "is_refused": editor.is_submitted,
    }
    return render(request, "eventtypes/schedule.html", context, status=_status(is_refused=editor.is_submitted))


@require_http_methods(["GET", "HEAD", "POST"])
@for_own_schedule
def schedule_delete(request: HostRequest, schedule: Schedule) -> HttpResponse:
    """Ask before the schedule is deleted, or say why it cannot be."""
    if request.method == "POST":
        try:
            services.delete(schedule=schedule)
        except (services.ScheduleInUseError, services.OnlyScheduleError):
            return _ask_to_delete(request, schedule, HTTPStatus.CONFLICT)
        messages.success(request, _("“%(name)s” is deleted.") % {"name": schedule.name})
        return redirect("schedules")
    return _ask_to_delete(request, schedule, HTTPStatus.OK)


@require_POST
@for_own_schedule
def schedule_make_default(request: HostRequest, schedule: Schedule) -> HttpResponse:
    """Let new event types start with this schedule."""
    services.make_default(schedule=schedule)
    messages.success(request, _("New event types now start with “%(name)s”.") % {"name": schedule.name})
    return redirect("schedules")


@require_POST
@for_own_schedule
def schedule_duplicate(request: HostRequest, schedule: Schedule) -> HttpResponse:
    """Copy the schedule, and open the copy."""
    copy = services.duplicate(schedule=schedule)
    messages.success(request, _("This is the copy."))
    return redirect("schedule", copy.pk)


def _editor(request: HostRequest, schedule: Schedule) -> ScheduleEditor:
    """Return the editor with what is stored, with what was typed and is to change, or with what is to be saved."""
    today = _today(schedule)
    if request.method != "POST":
        draft = ScheduleDraft.of(name=schedule.name, hours=opening_hours(schedule), first=today)
        return ScheduleEditor(draft, is_submitted=False, today=today)
    draft = ScheduleDraft(request.POST)
    draft.change(request.POST.get("action", ""))
    return ScheduleEditor(draft, is_submitted="action" not in request.POST, today=today)


def _today(schedule: Schedule) -> date:
    return timezone.localdate(timezone=schedule.time_zone)


def _ask_to_delete(request: HostRequest, schedule: Schedule, status: HTTPStatus) -> HttpResponse:
    others = Schedule.objects.owned_by(request.user).exclude(pk=schedule.pk)
    context = {
        "schedule": schedule,
        "event_types": schedule.event_types.all(),
        "is_only_one": not others.exists(),
    }
    return render(request, "eventtypes/schedule_delete.html", context, status=status)


def _status(*, is_refused: bool) -> HTTPStatus:
    return HTTPStatus.UNPROCESSABLE_ENTITY if is_refused else HTTPStatus.OK
