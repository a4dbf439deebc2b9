"""What an invitee is asked on the booking page: it must be the same when the booking is decided."""

import hashlib
import json
from dataclasses import asdict, dataclass

from bookings.answers import Answer
from eventtypes.locations import LocationKind
from eventtypes.models import EventType, Question


@dataclass(frozen=True, slots=True)
class AskedQuestion:
    """A question as it is worded now."""

    id: int
    kind: str
    label: str
    help_text: str
    is_required: bool
    choices: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """All that is asked beyond name, address and notes."""

    questions: tuple[AskedQuestion, ...] = ()
    allows_guests: bool = False
    asks_phone: bool = False

    @property
    def token(self) -> str:
        """A short text that tells it from anything else that could be asked."""
        return hashlib.sha256(json.dumps(asdict(self)).encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class Details:
    """What the invitee has said to it.

    `asked` is what the details have been judged by, or None if the invitee has been shown anything else.
    """

    asked: Asked | None = Asked()
    answers: tuple[Answer, ...] = ()
    guests: tuple[str, ...] = ()
    phone: str = ""


NO_DETAILS = Details()


def what_is_asked(event_type: EventType) -> Asked:
    """Return what the event type asks (one query)."""
    questions = tuple(_asked(question) for question in event_type.questions.all())
    asks_phone = event_type.location_kind == LocationKind.HOST_CALLS
    return Asked(questions, allows_guests=event_type.allows_guests, asks_phone=asks_phone)


def _asked(question: Question) -> AskedQuestion:
    return AskedQuestion(
        id=question.pk,
        kind=question.kind,
        label=question.label,
        help_text=question.help_text,
        is_required=question.is_required,
        choices=tuple(question.choices),
    )
