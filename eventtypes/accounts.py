"""How django-allauth does accounts here: who may sign up, what a username is, and that mail is queued."""

from email.utils import make_msgid
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.utils import filter_users_by_email, filter_users_by_username
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from eventtypes.client_address import client_address
from eventtypes.mailboxes import mailbox_of
from eventtypes.models import Host
from eventtypes.tasks import AccountMail, queue_account_mail


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """Accounts of hosts: sign-up can be closed, usernames are addresses, and every mail is a job."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "account_inactive": _("This account is not active."),
        "cannot_remove_primary_email": _("You cannot remove the address that is in use."),
        "duplicate_email": _("This e-mail address is yours already."),
        "email_password_mismatch": _("The e-mail address, username or password is wrong."),
        "email_taken": _("Another account has this e-mail address."),
        "enter_current_password": _("This is not your current password."),
        "incorrect_code": _("The code is wrong."),
        "incorrect_password": _("The password is wrong."),
        "max_email_addresses": _("You cannot have more than %d e-mail addresses."),
        "too_many_login_attempts": _("Too many failed tries. Please wait a few minutes, then try again."),
        "username_taken": _("This username is taken."),
        "username_password_mismatch": _("The e-mail address, username or password is wrong."),
    }

    def get_client_ip(self, request: HttpRequest) -> str:
        """Return the address that limits count by."""
        remote, forwarded_for = request.META.get("REMOTE_ADDR", ""), request.META.get("HTTP_X_FORWARDED_FOR", "")
        return client_address(remote, forwarded_for, settings.TRUSTED_PROXIES)

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """Return for whom failed tries are counted: the account, by whichever of its names and addresses it is tried.

        allauth would count for each name of the site (and its port, which is the visitor's to say) by itself.
        """
        email, username = credentials.get("email", ""), credentials.get("username", "")
        hosts = [*filter_users_by_email(email), *filter_users_by_username(username)]
        return f"host {min(host.pk for host in hosts)}" if hosts else mailbox_of(email or username)

    def is_safe_url(self, url: str | None) -> bool:
        """Return whether people may be sent on to the URL; what cannot even be read as one is not safe."""
        try:
            return bool(super().is_safe_url(url))
        except ValueError:
            return False

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return bool(settings.SIGNUP_OPEN)

    def clean_username(self, username: str, shallow: bool = False) -> str:  # noqa: FBT001, FBT002 - allauth's signature
        """Return the username in small letters; the model's validators say whether it can be an address."""
        cleaned: str = super().clean_username(username.lower(), shallow)
        return cleaned

    def validate_unique_email(self, email: str) -> str:
        """Refuse an address that a host has in capitals: allauth looks for small letters only."""
        if Host.objects.filter(email__iexact=email).exists():
            raise self.validation_error("email_taken")
        return email

    def get_email_confirmation_url(self, request: HttpRequest, emailconfirmation: Any) -> str:
        return _site_url("account_confirm_email", emailconfirmation.key)

    def get_reset_password_from_key_url(self, key: str) -> str:
        return _site_url("account_reset_password_from_key", *key.split("-", 1))

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Queue the mail in the transaction of the request (see account_urls)."""
        values = context | {"email": email, "site_url": settings.SITE_URL, "signup_is_open": settings.SIGNUP_OPEN}
        mail = self.render_mail(template_prefix, email, values)
        queue_account_mail(
            AccountMail(mail.to, mail.subject, str(mail.body), make_msgid(domain=settings.SITE_ORIGIN.hostname))
        )


class MFAAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # allauth has no types
    """Second factors: the QR code is drawn in the page, as the Content-Security-Policy allows no data: pictures."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "add_email_blocked": _("Switch two-factor off before you add an e-mail address."),
        "incorrect_code": _("The code is wrong."),
        "unverified_email": _("Confirm your e-mail addresses first, all of them."),
    }

    def build_totp_svg(self, url: str) -> str:
        """Return the picture as an element, without the XML declaration of a file."""
        file: str = super().build_totp_svg(url)
        return file.partition("?>")[2].strip()


def _site_url(name: str, *args: str) -> str:
    return f"{settings.SITE_URL}{reverse(name, args=args)}"
