"""An event type's Questions tab: what its invitees are asked when they book, and whether they may add guests."""

from http import HTTPStatus

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from eventtypes.forms.question_draft import QuestionsDraft
from eventtypes.forms.questions import QuestionsEditor
from eventtypes.models import EventType
from eventtypes.services.questions import QuestionsChangedError, questions_version, save_questions
from eventtypes.views.access import HostRequest, for_own_event_type
from eventtypes.views.obstacles import find_obstacle


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@for_own_event_type
def event_type_questions(request: HostRequest, event_type: EventType) -> HttpResponse:
    """Edit the questions. A button for one shows the page again with it changed; only Save stores anything."""
    if request.method != "POST":
        stored = list(event_type.questions.all())
        draft = QuestionsDraft.of(stored, allows_guests=event_type.allows_guests)
        seen = questions_version(stored, allows_guests=event_type.allows_guests)
        return _show(request, event_type, QuestionsEditor(draft, is_submitted=False), seen)
    draft, seen = QuestionsDraft.typed(request.POST), request.POST.get("seen", "")
    if "action" in request.POST:
        draft.change(request.POST["action"])
        return _show(request, event_type, QuestionsEditor(draft, is_submitted=False), seen)
    editor = QuestionsEditor(draft, is_submitted=True)
    if not editor.is_valid():
        return _show(request, event_type, editor, seen, HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        save_questions(event_type=event_type, edits=editor.edits, seen=seen, allows_guests=draft.allows_guests)
    except QuestionsChangedError:
        return _show_both(request, event_type, draft)
    messages.success(request, _("Saved."))
    return redirect("event_type_questions", event_type.pk)


def _show_both(request: HostRequest, event_type: EventType, draft: QuestionsDraft) -> HttpResponse:
    """Show what was typed beside what somebody else has stored meanwhile; saved again, it counts."""
    event_type.refresh_from_db(fields=["allows_guests"])
    stored = list(event_type.questions.all())
    draft.add_missing(stored)
    editor = QuestionsEditor(draft, is_submitted=True)
    editor.errors.append(
        _("The questions were changed meanwhile, in another window perhaps. Nothing is saved yet: look through them.")
    )
    seen = questions_version(stored, allows_guests=event_type.allows_guests)
    return _show(request, event_type, editor, seen, HTTPStatus.CONFLICT)


def _show(
    request: HostRequest,
    event_type: EventType,
    editor: QuestionsEditor,
    seen: str,
    status: HTTPStatus = HTTPStatus.OK,
) -> HttpResponse:
    context = {
        "event_type": event_type,
        "editor": editor,
        "seen": seen,
        "path": request.path,
        "is_changed": request.method == "POST",
        "is_refused": status != HTTPStatus.OK,
        "obstacle": find_obstacle(event_type, timezone.now()),
    }
    return render(request, "eventtypes/event_type_questions.html", context, status=status)
