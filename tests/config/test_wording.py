"""What Django says about what was typed is said in our words (locale/en_GB)."""

import pytest
from django import forms
from django.core.exceptions import ValidationError


@pytest.mark.parametrize(
    ("field", "typed", "message"),
    [
        (forms.EmailField(), "ada", "Enter an e-mail address such as name@example.com."),
        (forms.IntegerField(min_value=1), "0", "Enter 1 or more."),
        (forms.IntegerField(max_value=9), "10", "Enter 9 or less."),
        (forms.CharField(max_length=1), "ada", "Use at most 1 character; this has 3."),
        (forms.CharField(max_length=2), "ada", "Use at most 2 characters; this has 3."),
        (forms.ChoiceField(choices=[("a", "A")]), "b", "Choose one of the options."),
    ],
)
def test_message_of_a_field_is_in_our_words(field: forms.Field, typed: str, message: str) -> None:
    with pytest.raises(ValidationError) as refused:
        field.clean(typed)

    assert refused.value.messages == [message]
