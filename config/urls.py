"""The site's addresses. A host's public page takes the whole first segment, so it comes last."""

from django.contrib import admin
from django.urls import include, path

handler403 = "config.errors.permission_denied"
handler404 = "config.errors.page_not_found"
handler500 = "config.errors.server_error"

urlpatterns = [
    path("admin/", admin.site.urls),
    path("accounts/", include("eventtypes.account_urls")),
    path("", include("eventtypes.urls")),
    path("", include("privatelinks.urls")),
    path("", include("bookings.urls")),
]
