"""E-mail addresses of an account: confirmed, added, put to use, removed, and always in step with the host's."""

from collections.abc import Callable

import pytest
from allauth.account.models import EmailAddress
from django.core.mail import EmailMessage
from django.test import Client

from eventtypes.models import Host
from tests.factories import HostFactory

NEW = "new@example.com"


@pytest.fixture(autouse=True)
def address(host: Host) -> EmailAddress:
    """The host's address, confirmed."""
    return EmailAddress.objects.create(user=host, email="ada@example.com", primary=True, verified=True)


def addresses_of(host: Host) -> list[tuple[str, bool, bool]]:
    """Return address, primary and verified, by address."""
    rows = EmailAddress.objects.filter(user=host).order_by("email")
    return [(row.email, row.primary, row.verified) for row in rows]


def test_added_address_is_confirmed_and_put_to_use(
    host_client: Client, host: Host, queued_mails: Callable[[], list[EmailMessage]]
) -> None:
    host_client.post("/accounts/email/", {"email": "NEW@example.com", "action_add": ""})
    (mail,) = queued_mails()
    (link,) = [line for line in str(mail.body).splitlines() if "/accounts/confirm-email/" in line]
    host_client.post(link)
    host_client.post("/accounts/email/", {"email": NEW, "action_primary": ""})

    host.refresh_from_db()
    assert mail.to == [NEW]
    assert host.email == NEW
    assert addresses_of(host) == [("ada@example.com", False, True), (NEW, True, True)]
    assert [(mail.to, mail.subject) for mail in queued_mails()[1:]] == [
        (["ada@example.com"], "Your e-mail address was changed")
    ]


def test_confirmation_page_asks_and_get_confirms_nothing(
    host_client: Client, host: Host, queued_mails: Callable[[], list[EmailMessage]]
) -> None:
    host_client.post("/accounts/email/", {"email": NEW, "action_add": ""})
    (link,) = [line for line in str(queued_mails()[0].body).splitlines() if "/accounts/confirm-email/" in line]

    page = host_client.get(link).content.decode()

    assert f"Is <strong>{NEW}</strong> the address of ada?" in " ".join(page.split())
    assert addresses_of(host) == [("ada@example.com", True, True), (NEW, False, False)]


def test_confirmation_link_that_is_none_says_so(client: Client) -> None:
    page = client.get("/accounts/confirm-email/no-such-key/")

    assert "This link does not work any more" in page.content.decode()


@pytest.mark.parametrize("taken", ["grace@example.com", "Grace@Example.com"])
def test_address_of_another_account_is_refused(host_client: Client, taken: str) -> None:
    HostFactory(username="grace", email=taken)

    response = host_client.post("/accounts/email/", {"email": "GRACE@example.com", "action_add": ""})

    assert response.context["form"].errors == {"email": ["Another account has this e-mail address."]}


def test_address_that_is_there_already_is_refused(host_client: Client) -> None:
    response = host_client.post("/accounts/email/", {"email": "ADA@example.com", "action_add": ""})

    assert response.context["form"].errors == {"email": ["This e-mail address is yours already."]}


def test_unconfirmed_address_is_not_put_to_use(host_client: Client, host: Host) -> None:
    EmailAddress.objects.create(user=host, email=NEW)

    response = host_client.post("/accounts/email/", {"email": NEW, "action_primary": ""}, follow=True)

    host.refresh_from_db()
    assert [str(message) for message in response.context["messages"]] == ["Confirm the address first."]
    assert host.email == "ada@example.com"


def test_address_in_use_cannot_be_removed_while_there_is_another(host_client: Client, host: Host) -> None:
    EmailAddress.objects.create(user=host, email=NEW, verified=True)

    host_client.post("/accounts/email/", {"email": "ada@example.com", "action_remove": ""})
    host_client.post("/accounts/email/", {"email": NEW, "action_remove": ""})

    assert addresses_of(host) == [("ada@example.com", True, True)]


def test_address_of_another_host_cannot_be_touched(host_client: Client) -> None:
    other = HostFactory(email=NEW)
    EmailAddress.objects.create(user=other, email=NEW, primary=True)

    for action in ("action_remove", "action_primary", "action_send"):
        host_client.post("/accounts/email/", {"email": NEW, action: ""})

    assert addresses_of(other) == [(NEW, True, False)]
