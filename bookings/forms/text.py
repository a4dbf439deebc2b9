"""What invitees type, kept to what can be read: no control characters that could change the lines it stands in."""

import unicodedata

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

# Characters that turn the direction of what follows them: a name with one could rewrite the line that it stands in.
DIRECTION_CHARACTERS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
# Sharp s, final sigma, and the joiners without a width.
DEVIATIONS = frozenset("\u00df\u03c2\u200c\u200d")
CONTROL_CATEGORIES = frozenset({"Cc", "Zl", "Zp"})


def validate_one_line(text: str) -> None:
    """Refuse line breaks and other control characters."""
    if any(_is_control(character) or character in DIRECTION_CHARACTERS for character in text):
        raise ValidationError(_("Please leave out line breaks and other control characters."), code="control")


def validate_address(email: str) -> None:
    """Refuse an e-mail address that could break a line, or reach somebody else.

    In quotation marks it may have control characters. Where IDNA 2003 and 2008 read a domain differently (UTS #46 calls
    these characters deviations), some mail servers send to one domain and others to another.
    """
    validate_one_line(email)
    if not DEVIATIONS.isdisjoint(email.rpartition("@")[2]):
        raise ValidationError(_("Please write what follows the @ in its form that begins with “xn--”."), code="domain")


def validate_visible(text: str) -> None:
    """Refuse a text that nobody can see: of spaces that have no width, say."""
    if not any(unicodedata.category(character)[0] in "LNPS" for character in text):
        raise ValidationError(_("Please enter your name."), code="required")


def validate_lines(text: str) -> None:
    """Refuse control characters other than line breaks and tabs."""
    if any(_is_control(character) for character in text if character not in "\n\t"):
        raise ValidationError(_("Please leave out control characters."), code="control")


def _is_control(character: str) -> bool:
    # Of the NUL, the field itself says so.
    return character != "\0" and unicodedata.category(character) in CONTROL_CATEGORIES
