"""The Questions tab: a form for each question, and all of them together."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from eventtypes.forms.fields import LinesField, SingleLineField
from eventtypes.forms.question_draft import QuestionsDraft, prefix
from eventtypes.models import EventType, QuestionKind
from eventtypes.models.question import (
    CHOICE_KINDS,
    MAX_CHOICE_LENGTH,
    MAX_CHOICES,
    MAX_HELP_LENGTH,
    MAX_LABEL_LENGTH,
    MAX_QUESTIONS,
)
from eventtypes.services.questions import QuestionEdit


class ChoicesField(LinesField):
    """What can be chosen, one in each line; its value is a list, in order."""

    default_error_messages = {
        "repeated": _("Name each choice once."),
        "too_many": _("At most %(limit)d choices are possible."),
        "too_long": _("Use at most %(limit)d characters for each choice."),
    }

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value

    def to_python(self, value: Any) -> Any:
        lines = [" ".join(line.split()) for line in super().to_python(self.prepare_value(value)).splitlines()]
        return [line for line in lines if line]

    def run_validators(self, value: Any) -> None:
        """Judge the lines one by one: a NUL is refused, as in every text."""
        for choice in value:
            super().run_validators(choice)

    def validate(self, value: Any) -> None:
        super().validate(value)
        if len(value) > MAX_CHOICES:
            raise self._refusal("too_many", MAX_CHOICES)
        if any(len(choice) > MAX_CHOICE_LENGTH for choice in value):
            raise self._refusal("too_long", MAX_CHOICE_LENGTH)
        if len(set(value)) < len(value):
            raise self._refusal("repeated")

    def _refusal(self, code: str, limit: int | None = None) -> ValidationError:
        return ValidationError(self.error_messages[code], code=code, params={"limit": limit})


class QuestionForm(forms.Form):
    """One question. Choices count only where the kind has any."""

    id = forms.CharField(required=False, widget=forms.HiddenInput)
    label = SingleLineField(
        label=_("Question"),
        max_length=MAX_LABEL_LENGTH,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": _("Enter the question, or remove it.")},
    )
    kind = forms.TypedChoiceField(
        label=_("Answer"),
        choices=QuestionKind,
        coerce=QuestionKind,
        error_messages=dict.fromkeys(["required", "invalid_choice"], _("Choose one of the kinds of answers.")),
    )
    choices = ChoicesField(
        label=_("Choices"),
        widget=forms.Textarea(attrs={"rows": 4, "autocomplete": "off"}),
        help_text=_("One in each line."),
        error_messages={"required": _("Enter at least one choice.")},
    )
    help_text = SingleLineField(
        label=_("Help text"),
        required=False,
        max_length=MAX_HELP_LENGTH,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text=_("It stands below the question."),
    )
    is_required = forms.BooleanField(label=_("An answer is required"), required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("kind") not in CHOICE_KINDS:
            # Left over from another kind, they are not shown.
            self.errors.pop("choices", None)
            cleaned["choices"] = []
        return cleaned

    @property
    def up_id(self) -> str:
        """The id of the button that moves the question up."""
        return f"up-{self.prefix}"

    @property
    def down_id(self) -> str:
        """The id of the button that moves the question down."""
        return f"down-{self.prefix}"

    @property
    def edit(self) -> QuestionEdit:
        """The question as it is to be, once it is valid."""
        of_form = dict(self.cleaned_data)
        typed_id = of_form.pop("id")
        is_id = typed_id.isascii() and typed_id.isdigit() and len(typed_id) < len(str(2**63))
        return QuestionEdit(**of_form, question_id=int(typed_id) if is_id else None)


class GuestsForm(forms.ModelForm):  # type: ignore[type-arg]  # generic for mypy only
    """Whether invitees may add guests."""

    class Meta:
        model = EventType
        fields = ["allows_guests"]


class QuestionsEditor:
    """All forms of the tab."""

    def __init__(self, draft: QuestionsDraft, *, is_submitted: bool) -> None:
        """Take what was typed; only if it is submitted, it is judged."""
        self.draft = draft
        self.is_submitted = is_submitted
        self.errors: list[str | Promise] = []
        self.guests = GuestsForm(initial={"allows_guests": draft.allows_guests})
        self.questions = list(self._forms())

    def is_valid(self) -> bool:
        """Judge every form, so that each mistake stands beside its field."""
        if len(self.questions) > MAX_QUESTIONS:
            self.errors.append(_("An event type can have at most 20 questions. Remove some."))
        are_valid = [form.is_valid() for form in self.questions]
        return all(are_valid) and not self.errors

    @property
    def edits(self) -> list[QuestionEdit]:
        """The questions as they are to be, once all is valid."""
        return [form.edit for form in self.questions]

    @property
    def may_add(self) -> bool:
        """Whether there may be one more question."""
        return len(self.questions) < MAX_QUESTIONS

    def _forms(self) -> Iterator[QuestionForm]:
        fields = self.draft.fields()
        for place, row in enumerate(self.draft.rows):
            if self.is_submitted:
                form = QuestionForm(fields, prefix=prefix(place))
            else:
                form = QuestionForm(prefix=prefix(place), initial=row)
            if self.draft.focus == form["label"].auto_id:
                form.fields["label"].widget.attrs["autofocus"] = True
            yield form
