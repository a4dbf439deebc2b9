"""Settings: the host's profile, and which mails to send. E-mail, password and two-factor are django-allauth's pages."""

from http import HTTPStatus

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from eventtypes.forms.settings import NotificationsForm, ProfileForm
from eventtypes.models import Host
from eventtypes.services.profiles import change_notifications, change_profile
from eventtypes.views.access import HostRequest
from eventtypes.views.transactions import in_one_transaction


@require_http_methods(["GET", "HEAD", "POST"])
@in_one_transaction
def settings_profile(request: HostRequest) -> HttpResponse:
    """Edit what others see of the host."""
    # The form writes what was typed onto its instance; the page goes on showing what is stored.
    stored = Host.objects.get(pk=request.user.pk)
    form = ProfileForm(request.POST if request.method == "POST" else None, instance=stored)
    if form.is_valid():
        change_profile(host=request.user, profile=form.profile)
        messages.success(request, _("Saved."))
        return redirect("settings_profile")
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, "eventtypes/settings_profile.html", {"form": form}, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@in_one_transaction
def settings_notifications(request: HostRequest) -> HttpResponse:
    """Choose which mails to get beside those about bookings; a box that is ticked or not is never refused."""
    form = NotificationsForm(request.POST if request.method == "POST" else None, instance=request.user)
    if form.is_valid():
        change_notifications(host=request.user, **form.cleaned_data)
        messages.success(request, _("Saved."))
        return redirect("settings_notifications")
    return render(request, "eventtypes/settings_notifications.html", {"form": form})
