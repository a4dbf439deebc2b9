"""django-allauth's forms in our words: labels instead of placeholders, and what a password must be in one line."""

from typing import Any

from allauth.account import forms as account
from allauth.mfa.base import forms as mfa
from allauth.mfa.totp import forms as totp
from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from eventtypes.models import Host

NEW_PASSWORD_HELP = _("At least 8 characters, not only digits, and nothing that is easy to guess.")
CODE_HELP = _("From your authenticator app, or one of your recovery codes.")


class InOurWords(forms.Form):
    """Mixed into a form of allauth's: its labels and help texts become those of the class."""

    labels: dict[str, Any] = {}
    help_texts: dict[str, Any] = {}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.widget.attrs.pop("placeholder", None)
            field.label = self.labels.get(name, field.label)
            field.help_text = self.help_texts.get(name, "")


class LoginForm(InOurWords, account.LoginForm):  # type: ignore[misc]  # here and below: allauth has no types
    """Logging in, with the e-mail address or the username."""

    labels = {"login": _("E-mail address or username"), "password": _("Password"), "remember": _("Stay logged in")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].widget.attrs |= {
            "autocapitalize": "none",
            "autocomplete": "username",
            "spellcheck": "false",
        }

    @property
    def is_signup_open(self) -> bool:
        """Whether the page says where to sign up."""
        return bool(settings.SIGNUP_OPEN)


class SignupForm(InOurWords, account.SignupForm):  # type: ignore[misc]
    """Signing up; the class before it adds the name and the time zone (see forms/signup.py)."""

    labels = {"email": _("E-mail address"), "username": _("Username"), "password1": _("Password")}
    help_texts = {
        "name": _("What invitees see."),
        "username": _("Your public page has this in its address: small letters, digits and hyphens."),
        "password1": NEW_PASSWORD_HELP,
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["username"].widget.attrs |= {"autocapitalize": "none", "spellcheck": "false"}


class AddEmailForm(InOurWords, account.AddEmailForm):  # type: ignore[misc]
    """One more e-mail address of an account."""

    labels = {"email": _("Another e-mail address")}

    def clean_email(self) -> str:
        """Refuse an address that another account is known by, also if its host has not confirmed it yet."""
        email: str = super().clean_email()
        if Host.objects.filter(email__iexact=email).exclude(pk=self.user.pk).exists():
            raise ValidationError(_("Another account has this e-mail address."), code="email_taken")
        return email


class ChangePasswordForm(InOurWords, account.ChangePasswordForm):  # type: ignore[misc]
    """Another password, by who knows the current one."""

    labels = {
        "oldpassword": _("Current password"),
        "password1": _("New password"),
        "password2": _("New password again"),
    }
    help_texts = {"password1": NEW_PASSWORD_HELP}


class SetPasswordForm(InOurWords, account.SetPasswordForm):  # type: ignore[misc]
    """A first password, for an account that has none."""

    labels = {"password1": _("New password"), "password2": _("New password again")}
    help_texts = {"password1": NEW_PASSWORD_HELP}


class ResetPasswordForm(InOurWords, account.ResetPasswordForm):  # type: ignore[misc]
    """Asking for the mail with which a password is chosen anew."""

    labels = {"email": _("E-mail address")}


class ResetPasswordKeyForm(InOurWords, account.ResetPasswordKeyForm):  # type: ignore[misc]
    """Choosing a password anew, from that mail."""

    labels = {"password1": _("New password"), "password2": _("New password again")}
    help_texts = {"password1": NEW_PASSWORD_HELP}


class ReauthenticateForm(InOurWords, account.ReauthenticateForm):  # type: ignore[misc]
    """Typing the password again before something delicate."""

    labels = {"password": _("Password")}


class AuthenticateForm(InOurWords, mfa.AuthenticateForm):  # type: ignore[misc]
    """The second factor while logging in."""

    labels = {"code": _("Code")}
    help_texts = {"code": CODE_HELP}


class ReauthenticateWithCodeForm(InOurWords, mfa.ReauthenticateForm):  # type: ignore[misc]
    """The second factor again before something delicate."""

    labels = {"code": _("Code")}
    help_texts = {"code": CODE_HELP}


class ActivateTOTPForm(InOurWords, totp.ActivateTOTPForm):  # type: ignore[misc]
    """The first code of an authenticator app."""

    labels = {"code": _("Code")}
    help_texts = {"code": _("The six digits that your authenticator app shows.")}
