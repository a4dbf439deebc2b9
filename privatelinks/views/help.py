"""The user's page about private links: docs/private-links.md, so that there is one text to keep true."""

from functools import cache

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.http import require_safe
from markdown_it import MarkdownIt

from eventtypes.views.access import HostRequest


@require_safe
def private_links_help(request: HostRequest) -> HttpResponse:
    """Say what private links are, how one is made, and what to expect."""
    title, text = _page()
    return render(request, "privatelinks/help.html", {"title": title, "text": text})


@cache
def _page() -> tuple[str, SafeString]:
    """Return the page's heading, which is its first line, and the rest of it as HTML."""
    heading, _newline, text = (settings.BASE_DIR / "docs" / "private-links.md").read_text().partition("\n")
    return heading.removeprefix("# "), mark_safe(MarkdownIt("js-default").render(text))  # noqa: S308 - a file of ours
