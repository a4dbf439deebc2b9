"""Every route of the site, with the address at which host A's object, or a page of A's own, is asked for.

A route that is not named here fails `test_every_route_has_its_row_and_its_address`.
"""

from tests.routes import every_pattern

# A route by its pattern; what stands in braces is in the scene (tests/security/conftest.py).
ADDRESSES = {
    "healthz": "/healthz",
    "readyz": "/readyz",
    "": "/",
    "help/private-links/": "/help/private-links/",
    # Libraries' pages about accounts.
    "accounts/login/": "/accounts/login/",
    "accounts/logout/": "/accounts/logout/",
    "accounts/inactive/": "/accounts/inactive/",
    "accounts/signup/": "/accounts/signup/",
    "accounts/reauthenticate/": "/accounts/reauthenticate/",
    "accounts/email/": "/accounts/email/",
    "accounts/confirm-email/": "/accounts/confirm-email/",
    r"accounts/^confirm-email/(?P<key>[-:\w]+)/$": "/accounts/confirm-email/nothing/",
    "accounts/password/change/": "/accounts/password/change/",
    "accounts/password/set/": "/accounts/password/set/",
    "accounts/password/reset/": "/accounts/password/reset/",
    "accounts/password/reset/done/": "/accounts/password/reset/done/",
    "accounts/password/reset/key/done/": "/accounts/password/reset/key/done/",
    r"accounts/^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$": "/accounts/password/reset/key/1-nothing/",
    "accounts/login/code/confirm/": "/accounts/login/code/confirm/",
    "accounts/2fa/": "/accounts/2fa/",
    "accounts/2fa/authenticate/": "/accounts/2fa/authenticate/",
    "accounts/2fa/reauthenticate/": "/accounts/2fa/reauthenticate/",
    "accounts/2fa/totp/activate/": "/accounts/2fa/totp/activate/",
    "accounts/2fa/totp/deactivate/": "/accounts/2fa/totp/deactivate/",
    "accounts/2fa/recovery-codes/": "/accounts/2fa/recovery-codes/",
    "accounts/2fa/recovery-codes/generate/": "/accounts/2fa/recovery-codes/generate/",
    "accounts/2fa/recovery-codes/download/": "/accounts/2fa/recovery-codes/download/",
    # Event types.
    "event-types/": "/event-types/",
    "event-types/new/": "/event-types/new/",
    "event-types/<int:pk>/setup/": "/event-types/{event_type}/setup/",
    "event-types/<int:pk>/availability/": "/event-types/{event_type}/availability/",
    "event-types/<int:pk>/limits/": "/event-types/{event_type}/limits/",
    "event-types/<int:pk>/questions/": "/event-types/{event_type}/questions/",
    "event-types/<int:pk>/advanced/": "/event-types/{event_type}/advanced/",
    "event-types/<int:pk>/advanced/preview/": "/event-types/{event_type}/advanced/preview/",
    "event-types/<int:pk>/advanced/several/": "/event-types/{event_type}/advanced/several/",
    "event-types/<int:pk>/preview/": "/event-types/{event_type}/preview/",
    "event-types/<int:pk>/duplicate/": "/event-types/{event_type}/duplicate/",
    "event-types/<int:pk>/move/": "/event-types/{event_type}/move/",
    "event-types/<int:pk>/visibility/": "/event-types/{event_type}/visibility/",
    "event-types/<int:pk>/delete/": "/event-types/{event_type}/delete/",
    # Schedules.
    "availability/": "/availability/",
    "availability/new/": "/availability/new/",
    "availability/<int:pk>/": "/availability/{schedule}/",
    "availability/<int:pk>/delete/": "/availability/{schedule}/delete/",
    "availability/<int:pk>/default/": "/availability/{schedule}/default/",
    "availability/<int:pk>/duplicate/": "/availability/{schedule}/duplicate/",
    # Settings.
    "settings/profile/": "/settings/profile/",
    "settings/notifications/": "/settings/notifications/",
    "settings/calendar-feed/": "/settings/calendar-feed/",
    "settings/calendar-feed/on/": "/settings/calendar-feed/on/",
    "settings/privacy/": "/settings/privacy/",
    "settings/privacy/data.json": "/settings/privacy/data.json",
    "settings/privacy/invitee.json": "/settings/privacy/invitee.json",
    "settings/privacy/erase/": "/settings/privacy/erase/",
    "settings/calendar-feed/new-url/": "/settings/calendar-feed/new-url/",
    "settings/calendar-feed/off/": "/settings/calendar-feed/off/",
    # Private links, for their hosts.
    "private-links/": "/private-links/",
    "private-links/links.csv": "/private-links/links.csv",
    "private-links/new/": "/private-links/new/",
    "private-links/bulk/": "/private-links/bulk/",
    "private-links/together/<uuid:batch>/": "/private-links/together/{batch}/",
    "private-links/together/<uuid:batch>/links.csv": "/private-links/together/{batch}/links.csv",
    "private-links/<int:pk>/": "/private-links/{link}/",
    "private-links/<int:pk>/pause/": "/private-links/{link}/pause/",
    "private-links/<int:pk>/resume/": "/private-links/{link}/resume/",
    "private-links/<int:pk>/duplicate/": "/private-links/{link}/duplicate/",
    "private-links/<int:pk>/new-url/": "/private-links/{link}/new-url/",
    "private-links/<int:pk>/end/": "/private-links/{link}/end/",
    "private-links/<int:pk>/extend/": "/private-links/{link}/extend/",
    "private-links/<int:pk>/one-more-use/": "/private-links/{link}/one-more-use/",
    "private-links/<int:pk>/remove-expiry/": "/private-links/{link}/remove-expiry/",
    "private-links/<int:pk>/remove-limit-of-uses/": "/private-links/{link}/remove-limit-of-uses/",
    "private-links/<int:pk>/send/": "/private-links/{link}/send/",
    "private-links/<int:pk>/delete/": "/private-links/{link}/delete/",
    "private-links/<int:pk>/qr.svg": "/private-links/{link}/qr.svg",
    "private-links/<int:pk>/qr.png": "/private-links/{link}/qr.png",
    # Bookings, for their hosts.
    "bookings/": "/bookings/",
    "bookings/<str:which>/": "/bookings/upcoming/",
    "bookings/<str:which>/bookings.csv": "/bookings/upcoming/bookings.csv",
    "bookings/<uuid:uid>/": "/bookings/{uid}/",
    "bookings/<uuid:uid>/accept/": "/bookings/{uid}/accept/",
    "bookings/<uuid:uid>/decline/": "/bookings/{uid}/decline/",
    "bookings/<uuid:uid>/reschedule/": "/bookings/{uid}/reschedule/",
    "bookings/<uuid:uid>/cancel/": "/bookings/{uid}/cancel/",
    "bookings/<uuid:uid>/mails/<int:failure_id>/dismiss/": "/bookings/{uid}/mails/{failure}/dismiss/",
    "bookings/<uuid:uid>/mails/<int:failure_id>/send-again/": "/bookings/{uid}/mails/{failure}/send-again/",
    "bookings/<uuid:uid>/no-show/": "/bookings/{uid}/no-show/",
    "bookings/<uuid:uid>/no-show/undo/": "/bookings/{uid}/no-show/undo/",
    # What secrets open: who does not know them asks for another one.
    "d/<str:link_hash>/<str:slug>": "/d/{hash}/discovery-call",
    r"^d(?:/|\Z)": "/d/{hash}",
    "booking/<uuid:uid>/": "/booking/{uid}/",
    "booking/<uuid:uid>/reschedule/": "/booking/{uid}/reschedule/",
    "booking/<uuid:uid>/cancel/": "/booking/{uid}/cancel/",
    "booking/<uuid:uid>/event.ics": "/booking/{uid}/event.ics",
    "calendar/<str:feed_hash>.ics": "/calendar/{feed}.ics",
    r"^calendar(?:/|\Z)": "/calendar/{feed}",
    # What everybody may see.
    "<slug:username>/": "/ada/",
    "<slug:username>/<slug:slug>/": "/ada/lunch/",
    # The admin's, beside its models'.
    "admin/": "/admin/",
    "admin/login/": "/admin/login/",
    "admin/logout/": "/admin/logout/",
    "admin/password_change/": "/admin/password_change/",
    "admin/password_change/done/": "/admin/password_change/done/",
    "admin/autocomplete/": "/admin/autocomplete/",
    "admin/jsi18n/": "/admin/jsi18n/",
    "admin/r/<path:content_type_id>/<path:object_id>/": "/admin/r/{content_type}/{event_type}/",
    "admin/eventtypes/host/<id>/password/": "/admin/eventtypes/host/{host}/password/",
    "admin/<app_label>/": "/admin/bookings/",
    "admin/(?P<url>.*)$": "/admin/nothing",
}

# Each model of the admin, with what it has in the scene.
ADMIN_MODELS = {
    "bookings/booking": "{booking}",
    "bookings/calendarfeed": "{feed_pk}",
    "eventtypes/host": "{host}",
    "eventtypes/schedule": "{schedule}",
    "eventtypes/eventtype": "{event_type}",
    "privatelinks/privatelink": "{link}",
    "account/emailaddress": "{email_address}",
    "mfa/authenticator": "{authenticator}",
    "procrastinate/procrastinatejob": "{job}",
}
ADMIN_PAGES = ("", "add/", "{pk}/", "{pk}/change/", "{pk}/history/", "{pk}/delete/")


def every_address() -> dict[str, str]:
    """Return the address of each route, those of the admin's models included."""
    models = {
        f"admin/{model}/{page}".replace("{pk}", "<path:object_id>"): f"/admin/{model}/{page}".replace("{pk}", pk)
        for model, pk in ADMIN_MODELS.items()
        for page in ADMIN_PAGES
    }
    return ADDRESSES | models


def every_route() -> list[str]:
    """Return the pattern of every route of the site."""
    return [route for route, _pattern in every_pattern()]
