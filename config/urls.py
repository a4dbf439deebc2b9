"""The site's addresses. A host's public page takes the whole first segment, so it comes last."""

from django.contrib import admin
from django.urls import include, path

from config.health import healthz, readyz

handler400 = "config.errors.bad_request"
handler403 = "config.errors.permission_denied"
handler404 = "config.errors.page_not_found"
handler429 = "config.errors.too_many_requests"
handler500 = "config.errors.server_error"

urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("readyz", readyz, name="readyz"),
    path("admin/", admin.site.urls),
    path("accounts/", include("eventtypes.account_urls")),
    path("", include("eventtypes.urls")),
    path("", include("privatelinks.urls")),
    path("", include("bookings.urls")),
]
