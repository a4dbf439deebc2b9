"""Logging in and out, and the password: changed, forgotten, reset."""

from collections.abc import Callable

import pytest
from allauth.account.models import EmailAddress
from django.core.mail import EmailMessage
from django.test import Client

from eventtypes.models import Host
from tests.factories import PASSWORD, HostFactory

NEW_PASSWORD = "quite another battery"
Mails = Callable[[], list[EmailMessage]]


def is_logged_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def link_in(mail: EmailMessage, beginning: str) -> str:
    (link,) = [line for line in str(mail.body).splitlines() if beginning in line]
    return link


@pytest.mark.parametrize("login", ["ada", "ADA", "ada@example.com", "Ada@Example.COM"])
def test_login_takes_username_or_email_in_any_case(client: Client, host: Host, login: str) -> None:
    response = client.post("/accounts/login/", {"login": login, "password": PASSWORD})

    assert (response.status_code, response.headers["Location"]) == (302, "/event-types/")
    assert is_logged_in(client)


@pytest.mark.parametrize("login", ["ada", "nobody", "ada@example.com", "nobody@example.com"])
def test_login_refused_says_the_same_whether_or_not_there_is_an_account(client: Client, host: Host, login: str) -> None:
    response = client.post("/accounts/login/", {"login": login, "password": "wrong"})

    assert response.context["form"].non_field_errors() == ["The e-mail address, username or password is wrong."]
    assert not is_logged_in(client)


def test_login_leads_to_where_the_host_wanted_to_go(client: Client, host: Host) -> None:
    wanted = client.get("/availability/")
    page = client.get(wanted.headers["Location"])
    response = client.post("/accounts/login/", {"login": "ada", "password": PASSWORD, "next": "/availability/"})

    assert wanted.headers["Location"] == "/accounts/login/?next=/availability/"
    assert '<input type="hidden" name="next" value="/availability/">' in page.content.decode()
    assert response.headers["Location"] == "/availability/"


def test_login_never_leads_to_another_site(client: Client, host: Host) -> None:
    response = client.post("/accounts/login/", {"login": "ada", "password": PASSWORD, "next": "https://evil.example/"})

    assert response.headers["Location"] == "/event-types/"


@pytest.mark.parametrize("path", ["/accounts/login/", "/accounts/logout/", "/accounts/signup/", "/admin/login/"])
def test_what_is_no_url_leads_nowhere(client: Client, db: None, path: str) -> None:
    response = client.get(path, {"next": "https://[::1"})

    assert response.status_code in (200, 302)
    assert response.headers.get("Location", "/").startswith("/")


def test_login_of_an_inactive_host_is_refused(client: Client, db: None) -> None:
    HostFactory(username="ada", is_active=False)

    response = client.post("/accounts/login/", {"login": "ada", "password": PASSWORD}, follow=True)

    assert response.redirect_chain == [("/accounts/inactive/", 302)]
    assert not is_logged_in(client)


def test_logout_asks_first_and_needs_a_post(host_client: Client) -> None:
    page = host_client.get("/accounts/logout/")
    was_logged_in = is_logged_in(host_client)
    response = host_client.post("/accounts/logout/")

    assert "Log out?" in page.content.decode()
    assert was_logged_in
    assert response.headers["Location"] == "/accounts/login/"
    assert not is_logged_in(host_client)


def test_reset_by_mail_gives_a_new_password(client: Client, host: Host, queued_mails: Mails) -> None:
    client.post("/accounts/password/reset/", {"email": "ADA@example.com"})
    (mail,) = queued_mails()
    form_page = client.get(link_in(mail, "/accounts/password/reset/key/"), follow=True)
    done = client.post(
        form_page.redirect_chain[-1][0], {"password1": NEW_PASSWORD, "password2": NEW_PASSWORD}, follow=True
    )

    host.refresh_from_db()
    assert (mail.to, mail.subject) == (["ada@example.com"], "Choose a new password")
    assert done.redirect_chain == [("/accounts/password/reset/key/done/", 302)]
    assert host.check_password(NEW_PASSWORD)
    assert queued_mails()[-1].subject == "Your password was reset"


def test_reset_link_works_once(client: Client, host: Host, queued_mails: Mails) -> None:
    client.post("/accounts/password/reset/", {"email": "ada@example.com"})
    (mail,) = queued_mails()
    link = link_in(mail, "/accounts/password/reset/key/")
    form_page = client.get(link, follow=True)
    client.post(form_page.redirect_chain[-1][0], {"password1": NEW_PASSWORD, "password2": NEW_PASSWORD})

    again = Client().get(link)

    assert "This link does not work any more" in again.content.decode()


def test_reset_for_an_unknown_address_looks_the_same(client: Client, host: Host, queued_mails: Mails) -> None:
    known = client.post("/accounts/password/reset/", {"email": "ada@example.com"}, follow=True)
    unknown = client.post("/accounts/password/reset/", {"email": "nobody@example.com"}, follow=True)

    assert known.redirect_chain == unknown.redirect_chain == [("/accounts/password/reset/done/", 302)]
    assert known.content == unknown.content
    assert [mail.to for mail in queued_mails()] == [["ada@example.com"], ["nobody@example.com"]]
    assert "/password/reset/key/" not in str(queued_mails()[1].body)


def test_password_change_keeps_the_host_logged_in_and_tells_by_mail(
    host_client: Client, host: Host, queued_mails: Mails
) -> None:
    EmailAddress.objects.create(user=host, email="ada@example.com", primary=True, verified=True)

    response = host_client.post(
        "/accounts/password/change/",
        {"oldpassword": PASSWORD, "password1": NEW_PASSWORD, "password2": NEW_PASSWORD},
        follow=True,
    )

    host.refresh_from_db()
    assert response.status_code == 200
    assert host.check_password(NEW_PASSWORD)
    assert [mail.subject for mail in queued_mails()] == ["Your password was changed"]


def test_password_change_needs_the_current_one(host_client: Client, host: Host) -> None:
    response = host_client.post(
        "/accounts/password/change/",
        {"oldpassword": "wrong", "password1": NEW_PASSWORD, "password2": NEW_PASSWORD},
    )

    assert response.context["form"].errors == {"oldpassword": ["This is not your current password."]}


@pytest.mark.rule("S14")
def test_login_tried_too_often_has_to_wait(client: Client, host: Host) -> None:
    for _attempt in range(5):
        client.post("/accounts/login/", {"login": "ada", "password": "wrong"})

    response = client.post("/accounts/login/", {"login": "ada", "password": PASSWORD})

    assert (response.status_code, response.headers["Retry-After"]) == (429, "300")
    assert response.context["form"].non_field_errors() == [
        "Too many failed tries. Please wait a few minutes, then try again."
    ]
    assert not is_logged_in(client)


@pytest.mark.rule("S14")
def test_tries_count_for_the_account_however_it_and_the_site_are_named(client: Client, host: Host) -> None:
    EmailAddress.objects.create(user=host, email="second@example.com", verified=True)
    names = ["ada", " ADA ", "ada@example.com", "Ada@EXAMPLE.com", "second@example.com"]
    sites = ["localhost", "localhost:1", "127.0.0.1", "127.0.0.1:65535", "[::1]:8000"]

    for login, site in zip(names, sites, strict=True):
        client.post("/accounts/login/", {"login": login, "password": "wrong"}, headers={"host": site})
    response = client.post("/accounts/login/", {"login": "ada", "password": PASSWORD}, headers={"host": "localhost:2"})

    assert response.status_code == 429


@pytest.mark.rule("S14")
def test_tries_of_a_name_that_nobody_has_count_the_same(client: Client, db: None) -> None:
    names = [
        "nobody@example.com",
        "NOBODY@example.com",
        "nobody+1@example.com",
        "nobody@example.com ",
        "nobody+2@example.com",
    ]

    statuses = [
        client.post("/accounts/login/", {"login": name, "password": "wrong"}).status_code for name in [*names, names[0]]
    ]

    assert statuses == [200, 200, 200, 200, 200, 429]
