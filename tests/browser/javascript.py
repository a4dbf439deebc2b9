"""Browsers with JavaScript and without."""

import pytest

IDS = ["javascript", "no javascript"]

WITH_AND_WITHOUT_JAVASCRIPT = pytest.mark.parametrize("javascript", [True, False], ids=IDS)
# What forms do by themselves the tests of the views have seen, so `make test` leaves some of these out.
WITH_AND_IN_FULL_WITHOUT_JAVASCRIPT = pytest.mark.parametrize(
    "javascript", [True, pytest.param(False, marks=pytest.mark.in_full)], ids=IDS
)
