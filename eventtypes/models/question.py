"""Questions: what an event type asks its invitees beyond their name and address."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Deferrable, Q
from django.utils.translation import gettext_lazy as _

from eventtypes.models.event_type import EventType

MAX_QUESTIONS = 20
MAX_CHOICES = 50
MAX_LABEL_LENGTH = 200
MAX_HELP_LENGTH = 300
MAX_CHOICE_LENGTH = 100


class QuestionKind(models.TextChoices):
    """What an answer to a question is."""

    LINE = "line", _("One line of text")
    TEXT = "text", _("Several lines of text")
    CHOICE = "choice", _("One of several choices")
    CHOICES = "choices", _("Several choices")
    YES_NO = "yes_no", _("Yes or no")
    PHONE = "phone", _("Phone number")
    NUMBER = "number", _("Number")


# Of these, the host names what can be chosen.
CHOICE_KINDS = [QuestionKind.CHOICE, QuestionKind.CHOICES]


class Question(models.Model):
    """One question of an event type, in the host's order."""

    event_type = models.ForeignKey(
        EventType, on_delete=models.CASCADE, related_name="questions", verbose_name=_("event type")
    )
    kind = models.CharField(_("kind of answer"), max_length=10, choices=QuestionKind, default=QuestionKind.LINE)
    label = models.CharField(_("question"), max_length=MAX_LABEL_LENGTH)
    help_text = models.CharField(_("help text"), max_length=MAX_HELP_LENGTH, blank=True)
    is_required = models.BooleanField(_("required"), default=False)
    choices = ArrayField(
        models.CharField(max_length=MAX_CHOICE_LENGTH), verbose_name=_("choices"), default=list, blank=True
    )
    position = models.PositiveSmallIntegerField(default=0, editable=False)

    class Meta:
        verbose_name = _("question")
        verbose_name_plural = _("questions")
        ordering = ["position"]
        constraints = [
            # Together they allow as many questions as there are positions.
            models.UniqueConstraint(
                fields=["event_type", "position"],
                name="question_position_unique_per_event_type",
                # Judged after each statement, so that one can let questions change places.
                deferrable=Deferrable.IMMEDIATE,
                violation_error_message=_("Another question has this place."),
            ),
            models.CheckConstraint(
                condition=Q(position__lt=MAX_QUESTIONS),
                name="question_one_of_few",
                violation_error_message=_("An event type can have at most 20 questions."),
            ),
            models.CheckConstraint(
                condition=Q(kind__in=QuestionKind.values),
                name="question_kind_known",
                violation_error_message=_("Choose one of the kinds of answers."),
            ),
            models.CheckConstraint(
                condition=~Q(label=""),
                name="question_asks_something",
                violation_error_message=_("Enter the question."),
            ),
            models.CheckConstraint(
                condition=Q(kind__in=CHOICE_KINDS, choices__len__gte=1)
                | (~Q(kind__in=CHOICE_KINDS) & Q(choices__len=0)),
                name="question_choices_where_needed",
                violation_error_message=_("A question with choices needs at least one, and no other can have any."),
            ),
            models.CheckConstraint(
                condition=Q(choices__len__lte=MAX_CHOICES),
                name="question_choices_few",
                violation_error_message=_("At most 50 choices are possible."),
            ),
            models.CheckConstraint(
                condition=~Q(choices__contains=[""]),
                name="question_choices_visible",
                violation_error_message=_("A choice cannot be blank."),
            ),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def has_choices(self) -> bool:
        return self.kind in CHOICE_KINDS
