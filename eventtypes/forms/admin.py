"""The questions of an event type in the admin: the same rules as on the host's page."""

from typing import Any

from django import forms

from eventtypes.forms.questions import ChoicesField
from eventtypes.models import EventType, Question
from eventtypes.models.question import MAX_QUESTIONS
from eventtypes.services.questions import FIELDS, QuestionEdit, questions_version, save_questions


class QuestionAdminForm(forms.ModelForm):  # type: ignore[type-arg]  # generic for mypy only
    """One question, with its choices in lines."""

    choices = ChoicesField(required=False, widget=forms.Textarea(attrs={"rows": 3, "cols": 30}))

    class Meta:
        model = Question
        fields = FIELDS

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk is not None:
            # A page left open takes nothing back: only what differs from what it showed is a change.
            for field in self.fields.values():
                field.show_hidden_initial = True


class QuestionFormSet(forms.BaseInlineFormSet):  # type: ignore[type-arg]
    """The questions of an event type: at most as many as it can have."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.max_num = self.absolute_max = MAX_QUESTIONS
        self.validate_max = True

    def add_fields(self, form: Any, index: int | None) -> None:
        """Name each field itself: the heads of a table's columns are not read out as labels."""
        super().add_fields(form, index)
        for field in form.fields.values():
            field.widget.attrs.setdefault("aria-label", field.label)

    def save_under_lock(self, event_type: EventType) -> None:
        """Write of each question what was changed; new ones come last, and those that the page did not show stay."""
        self.save(commit=False)
        stored = list(event_type.questions.all())
        seen = questions_version(stored, allows_guests=event_type.allows_guests)
        forms_of = {form.instance.pk: form for form in self.initial_forms}
        for question in stored:
            for name in self._changed_fields(forms_of.get(question.pk)):
                setattr(question, name, forms_of[question.pk].cleaned_data[name])
        deleted = {question.pk for question in self.deleted_objects}
        kept = [question for question in stored if question.pk not in deleted]
        save_questions(event_type=event_type, edits=[_edit(each) for each in [*kept, *self.new_objects]], seen=seen)

    @staticmethod
    def _changed_fields(form: Any) -> list[str]:
        return [] if form is None else [name for name in FIELDS if name in form.changed_data]


def _edit(question: Question) -> QuestionEdit:
    return QuestionEdit(question_id=question.pk, **{name: getattr(question, name) for name in FIELDS})
