"""Forms become HTML with our templates: words around a control, help and errors tied to it, a summary on top."""

import re
from typing import Any

from django import forms


class DurationForm(forms.Form):
    minutes = forms.IntegerField(
        label="Duration", help_text="Five or more.", widget=forms.NumberInput(attrs={"data-unit": "minutes"})
    )
    slug = forms.CharField(required=False, widget=forms.TextInput(attrs={"data-prefix": "example.org/ada/"}))
    is_public = forms.BooleanField(required=False)
    place = forms.CharField(required=False, widget=forms.TextInput(attrs={"data-needed-at-times": True}))


def field_html(name: str, **form_arguments: Any) -> str:
    """Return one field of the form as HTML, with its white space made plain."""
    field = DurationForm(**form_arguments)[name]
    return re.sub(r"\s+", " ", field.as_field_group())


def test_unit_stands_after_the_control() -> None:
    html = field_html("minutes")

    assert re.findall(r'<input [^>]*id="id_minutes"[^>]*> <span class="affix">(.*?)</span>', html) == ["minutes"]


def test_prefix_stands_before_the_control() -> None:
    html = field_html("slug")

    assert re.findall(r'<span class="affix">(.*?)</span> <input [^>]*id="id_slug"', html) == ["example.org/ada/"]


def test_optional_is_said_of_fields_that_may_always_stay_empty_but_not_of_checkboxes() -> None:
    optional = [name for name in DurationForm.base_fields if "(optional)" in field_html(name)]

    assert optional == ["slug"]


def test_help_and_error_have_the_ids_that_the_control_names() -> None:
    html = field_html("minutes", data={"minutes": "many"})

    described_by = re.findall(r'aria-describedby="(.*?)"', html)
    ids = set(re.findall(r' id="(.*?)"', html))
    assert described_by == ["id_minutes_helptext id_minutes_error"]
    assert ids == {"id_minutes", "id_minutes_helptext", "id_minutes_error"}


def test_summary_links_to_each_refused_field() -> None:
    html = str(DurationForm(data={"minutes": "many"}))

    assert re.findall(r'<a href="(.*?)">(.*?)</a>', html) == [("#id_minutes", "Duration: Enter a whole number.")]


def test_text_in_help_and_labels_stays_text() -> None:
    form = DurationForm()
    form.fields["slug"].help_text = "<script>"
    form.fields["slug"].label = "<b>"

    html = form["slug"].as_field_group()

    assert [word for word in ("<script>", "<b>") if word in html] == []
