"""The start page."""

import pytest
from django.test import Client
from pytest_django import Settings


def test_home_leads_a_host_to_the_event_types(host_client: Client) -> None:
    answer = host_client.get("/")

    assert (answer.status_code, answer["Location"]) == (302, "/event-types/")


@pytest.mark.parametrize("is_open", [True, False])
def test_home_offers_a_visitor_to_sign_up_where_that_is_open(
    client: Client, db: None, settings: Settings, is_open: bool
) -> None:
    settings.SIGNUP_OPEN = is_open

    page = client.get("/").text

    assert 'href="/accounts/login/"' in page
    assert ('href="/accounts/signup/"' in page) == is_open


def test_home_takes_no_post(client: Client, db: None) -> None:
    assert client.post("/").status_code == 405
