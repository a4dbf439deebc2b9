"""Logging in and signing up: django-allauth's pages, which answer who tries too often as every other page does."""

from http import HTTPStatus
from typing import Any

from allauth.account import views
from django.conf import settings
from django.http import HttpResponse

from eventtypes.mailboxes import mailbox_of
from eventtypes.services.rate_limits import TooOftenError, count_request
from eventtypes.views.too_often import too_often

# For so long django-allauth counts failed tries.
LOG_IN_RETRY_AFTER_SECONDS = 5 * 60


class LogIn(views.LoginView):  # type: ignore[misc]  # here and below: allauth has no types
    """Logging in. Too many failed tries are told beside the form, which stays as it was filled in."""

    def form_invalid(self, form: Any) -> HttpResponse:
        response: HttpResponse = super().form_invalid(form)
        if form.has_error("__all__", "too_many_login_attempts"):
            response.status_code = HTTPStatus.TOO_MANY_REQUESTS
            response["Retry-After"] = str(LOG_IN_RETRY_AFTER_SECONDS)
        return response


class SignUp(views.SignupView):  # type: ignore[misc]
    """Signing up, so often for one mailbox: each time brings it a mail that it may not have asked for."""

    def form_valid(self, form: Any) -> HttpResponse:
        mailbox, rate = mailbox_of(form.cleaned_data["email"]), settings.SIGN_UPS_PER_EMAIL
        try:
            count_request(action="sign up with", subject=mailbox, rate=rate)
        except TooOftenError as error:
            return too_often(error.retry_after)
        response: HttpResponse = super().form_valid(form)
        return response
