"""Text as people typed it, made fit for mail headers and calendar lines, where a line break would have a meaning."""

import re

CONTROL_CHARACTERS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")


def one_line(text: str) -> str:
    """Return the text in one line: control characters, line breaks among them, become spaces."""
    return CONTROL_CHARACTERS.sub(" ", text).strip()


def plain_lines(text: str) -> str:
    """Return the text with plain line breaks and without any other control character."""
    return "\n".join(one_line(line) for line in text.splitlines()).strip("\n")
