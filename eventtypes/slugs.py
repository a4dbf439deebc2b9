"""Slugs: the last part of an event type's address, made from its title."""

from collections.abc import Container
from itertools import count

from django.utils.text import slugify

# Letters that do not come apart into a plain letter and an accent. (See also: static/js/slug-preview.js)
TRANSLITERATIONS = str.maketrans(
    {"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "ł": "l", "ħ": "h", "ı": "i", "_": "-"}
)
# For titles without a Latin letter or a digit.
FALLBACK = "meeting"


def slug_from(title: str, max_length: int) -> str:
    """Return the slug that a title proposes: never blank, and of small letters, digits and single hyphens."""
    return _shorten(slugify(title.lower().translate(TRANSLITERATIONS)), max_length) or FALLBACK


def first_free(slug: str, taken: Container[str], max_length: int) -> str:
    """Return the slug, with the first number from 2 on behind it that makes it free if it is taken."""
    if slug not in taken:
        return slug
    numbered = (_shorten(slug, max_length - len(suffix)) + suffix for suffix in (f"-{n}" for n in count(2)))
    return next(candidate for candidate in numbered if candidate not in taken)


def _shorten(slug: str, length: int) -> str:
    return slug[:length].strip("-")
