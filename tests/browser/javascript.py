"""Browsers with JavaScript and without."""

import pytest

# What forms do by themselves, the tests of the views see, and in `make test` one of the Advanced tab in a browser.
WITH_AND_WITHOUT_JAVASCRIPT = pytest.mark.parametrize(
    "javascript", [True, pytest.param(False, marks=pytest.mark.in_full)], ids=["javascript", "no javascript"]
)
