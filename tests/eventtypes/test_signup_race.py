"""Two people sign up with one username at the same moment."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from eventtypes.accounts import AccountAdapter
from eventtypes.models import Host

FIELDS = {"username": "grace", "password1": "a nanosecond of wire"}


@pytest.mark.django_db(transaction=True)
def test_signup_at_the_same_moment_makes_one_host_and_tells_the_other(
    monkeypatch: pytest.MonkeyPatch, empty_queue: None
) -> None:
    both_have_been_found_valid = Barrier(2, timeout=20)
    save_user = AccountAdapter.save_user

    def save_user_together(*args: Any, **kwargs: Any) -> Any:
        both_have_been_found_valid.wait()
        return save_user(*args, **kwargs)

    def sign_up(email: str, address: str) -> tuple[int, Any]:
        # From one address they would come one after the other: its tries are counted under a lock.
        response = Client(REMOTE_ADDR=address).post("/accounts/signup/", FIELDS | {"email": email})
        connection.close()
        return response.status_code, response.context["form"].errors if response.status_code == 200 else {}

    monkeypatch.setattr(AccountAdapter, "save_user", save_user_together)
    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(sign_up, ["grace@example.com", "hopper@example.com"], ["192.0.2.1", "192.0.2.2"]))

    assert sorted(answers, key=str) == [(200, {"username": ["This username is taken."]}), (302, {})]
    assert Host.objects.count() == 1
