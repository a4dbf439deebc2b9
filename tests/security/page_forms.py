"""The forms of a page, filled in as people do: with what the page has in them, and something where it asks for it."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin

from tests.factories import PASSWORD

# What people put into fields that are empty, by name, or else by type.
BY_NAME = {
    "login": "ada",
    "username": "newcomer",
    "slug": "new-slug",
    "password": PASSWORD,
    "oldpassword": PASSWORD,
    "old_password": PASSWORD,
    "duration_minutes": "45",
}
BY_TYPE = {
    "email": "newcomer@example.com",
    "password": "quite another battery",
    "date": "2026-12-10",
    "time": "10:30",
    "datetime-local": "2026-12-10T10:30",
    "number": "1",
}

type Fields = list[tuple[str, str]]


@dataclass(slots=True)
class FilledForm:
    """A form for posting, as one of its buttons sends it."""

    action: str
    fields: Fields = field(default_factory=list)
    # All that the form has, also boxes that are not ticked and buttons that are not pressed.
    names: set[str] = field(default_factory=set)


@dataclass(slots=True)
class _Form:
    action: str
    is_post: bool
    fields: Fields = field(default_factory=list)
    names: set[str] = field(default_factory=set)
    # What each button adds, and where it sends the form.
    buttons: list[tuple[str, Fields]] = field(default_factory=list)


class _FormReader(HTMLParser):
    """Collects the forms of a page; what a script would add (`<template>`) is not in them."""

    def __init__(self, address: str) -> None:
        super().__init__()
        self.address = address
        self.forms: list[_Form] = []
        self._by_id: dict[str, _Form] = {}
        self._open: _Form | None = None
        self._templates = 0
        # The field that is being read: its name, and a select's or textarea's value so far.
        self._name, self._value, self._is_asked_for = "", "", False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        if tag == "template":
            self._templates += 1
        elif self._templates:
            return
        elif tag == "form":
            self._begin_form(found)
        elif tag == "input":
            self._take_input(found)
        elif tag == "button" and found.get("type", "submit") == "submit":
            self._take_button(found)
        elif tag in ("select", "textarea"):
            self._name, self._value, self._is_asked_for = found.get("name", ""), "", "required" in found
        elif tag == "option" and ("selected" in found or (self._is_asked_for and not self._value)):
            self._value = found.get("value", "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "template":
            self._templates -= 1
        elif tag == "form":
            self._open = None
        elif tag in ("select", "textarea") and self._name:
            is_empty = tag == "textarea" and self._is_asked_for and not self._value
            self._add({}, self._name, "Something" if is_empty else self._value)
            self._name = ""

    def handle_data(self, data: str) -> None:
        if self._name and self.lasttag == "textarea":
            self._value += data

    def _begin_form(self, found: dict[str, str]) -> None:
        action = urljoin(self.address, found.get("action", ""))
        self._open = _Form(action, found.get("method", "get").lower() == "post")
        self.forms.append(self._open)
        self._by_id[found.get("id", "")] = self._open

    def _take_input(self, found: dict[str, str]) -> None:
        kind, name = found.get("type", "text"), found.get("name", "")
        self._form_of(found).names.add(name)
        if kind == "submit":
            self._take_button(found)
        elif not name or (kind in ("checkbox", "radio") and "checked" not in found):
            # Of a choice that has to be made, the first is.
            if kind == "radio" and "required" in found and name not in dict(self._form_of(found).fields):
                self._add(found, name, found["value"])
        else:
            self._add(found, name, found.get("value") or _typed(kind, name, is_asked_for="required" in found))

    def _take_button(self, found: dict[str, str]) -> None:
        form = self._form_of(found)
        form.names.add(found.get("name", ""))
        action = urljoin(self.address, found["formaction"]) if "formaction" in found else form.action
        form.buttons.append((action, [(found["name"], found.get("value", ""))] if found.get("name") else []))

    def _add(self, found: dict[str, str], name: str, value: str) -> None:
        self._form_of(found).names.add(name)
        self._form_of(found).fields.append((name, value))

    def _form_of(self, found: dict[str, str]) -> _Form:
        """Return the form that the element belongs to; one of no form is in one that is never sent."""
        return self._by_id.get(found.get("form", "-")) or self._open or _Form("", is_post=False)


def _typed(kind: str, name: str, *, is_asked_for: bool) -> str:
    if not is_asked_for:
        return "on" if kind in ("checkbox", "radio") else ""
    return BY_NAME.get(name.rpartition("-")[2]) or BY_TYPE.get(kind, "Something")


def filled_forms(address: str, page: str) -> Iterator[FilledForm]:
    """Yield each of the page's forms for posting once for each of its buttons."""
    reader = _FormReader(address)
    reader.feed(page)
    for form in reader.forms:
        for action, added in form.buttons or [(form.action, [])]:
            if form.is_post:
                yield FilledForm(action, form.fields + added, form.names)
