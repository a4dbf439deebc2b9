"""Text as people typed it, made fit for mail headers and calendar lines, where a line break would have a meaning."""

import re
import unicodedata

CONTROL_CHARACTERS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
# Hebrew and Arabic letters; and what keeps them to themselves: FIRST STRONG ISOLATE and POP DIRECTIONAL ISOLATE.
RIGHT_TO_LEFT = frozenset({"R", "AL"})
ISOLATE = "\u2068{}\u2069"


def one_line(text: str) -> str:
    """Return the text in one line: control characters, line breaks among them, become spaces."""
    return CONTROL_CHARACTERS.sub(" ", text).strip()


def plain_lines(text: str) -> str:
    """Return the text with plain line breaks and without any other control character."""
    return "\n".join(one_line(line) for line in text.splitlines()).strip("\n")


def isolated(text: str) -> str:
    """Return the text fit to stand in a sentence: written from right to left, it takes nothing that follows with it.

    Without that, a date or a phone number behind an Arabic name is read backwards (UAX 9, rule W2).
    """
    is_right_to_left = any(unicodedata.bidirectional(character) in RIGHT_TO_LEFT for character in text)
    return ISOLATE.format(text) if is_right_to_left else text
