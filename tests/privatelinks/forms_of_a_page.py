"""Reads a page as a browser does that sends its form back: what is in which field, and which of them are ticked."""

from html.parser import HTMLParser


class FieldReader(HTMLParser):
    """Collects the fields of each form: inputs, what is ticked, what is selected, and longer texts."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[dict[str, str]] = []
        self._is_in_template = False
        self._select = self._text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        field = {name: value or "" for name, value in attrs}
        if tag == "template":
            self._is_in_template = True
        elif tag == "form":
            self.forms.append({})
        elif tag == "input" and field.get("name") and not self._is_in_template:
            self._take(field)
        elif tag == "select":
            self._select = field.get("name", "")
        elif tag == "textarea":
            self._text = field["name"]
            self.forms[-1][self._text] = ""
        elif tag == "option" and "selected" in field and self._select:
            self.forms[-1][self._select] = field["value"]

    def handle_endtag(self, tag: str) -> None:
        if tag == "template":
            self._is_in_template = False
        elif tag == "textarea":
            self._text = ""

    def handle_data(self, data: str) -> None:
        if self._text:
            # A browser leaves out the line break that the text begins with.
            self.forms[-1][self._text] += data if self.forms[-1][self._text] else data.removeprefix("\n")

    def _take(self, field: dict[str, str]) -> None:
        is_box = field.get("type") in ("checkbox", "radio")
        if not is_box or "checked" in field:
            self.forms[-1][field["name"]] = field.get("value", "on" if is_box else "")


def fields_of(page: str, *, having: str) -> dict[str, str]:
    """Return what the form with that field sends if nobody touches it."""
    reader = FieldReader()
    reader.feed(page)
    return next(form for form in reader.forms if having in form)
