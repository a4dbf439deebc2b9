"""How forms become HTML: our templates, and what a field's template may ask beyond Django's own."""

from django.forms import BoundField
from django.forms.renderers import TemplatesSetting


class LaidOutField(BoundField):
    """A field on a page, with the words around its control.

    A widget's `data-prefix` and `data-unit` are printed before and after it ("30 minutes").
    """

    @property
    def prefix(self) -> str:
        """The words before the control."""
        return str(self.field.widget.attrs.get("data-prefix", ""))

    @property
    def unit(self) -> str:
        """The words after the control."""
        return str(self.field.widget.attrs.get("data-unit", ""))

    @property
    def is_optional(self) -> bool:
        """Whether to say that the field may stay empty.

        It goes without saying for a checkbox, and where all fields of a form may (`is_all_optional`); it would be wrong
        for a field that what stands in another one makes necessary (`data-needed-at-times`).
        """
        goes_without_saying = self.widget_type == "checkbox" or getattr(self.form, "is_all_optional", False)
        if "data-needed-at-times" in self.field.widget.attrs:
            return False
        return not self.field.required and not self.field.disabled and not goes_without_saying


class FormRenderer(TemplatesSetting):
    """Renders each form, formset and field with the templates in `templates/forms/`."""

    form_template_name = "forms/form.html"
    formset_template_name = "forms/formset.html"
    field_template_name = "forms/field.html"
    bound_field_class = LaidOutField
