"""Addresses of private links for their hosts. What invitees open, `/d/…`, is in bookings: it books."""

from django.urls import path

from privatelinks.views import advanced_tab, link_csv, link_page, link_reviving, qr_code, several_links
from privatelinks.views.event_type_delete import event_type_delete
from privatelinks.views.event_type_list import event_types
from privatelinks.views.help import private_links_help
from privatelinks.views.link_list import private_links
from privatelinks.views.link_list_actions import private_links_bulk
from privatelinks.views.send_link import private_link_send

urlpatterns = [
    path("event-types/", event_types, name="event_types"),
    path("event-types/<int:pk>/advanced/", advanced_tab.event_type_advanced, name="event_type_advanced"),
    path("event-types/<int:pk>/advanced/preview/", advanced_tab.private_link_preview, name="private_link_preview"),
    path("event-types/<int:pk>/advanced/several/", several_links.create_several, name="private_links_create"),
    path("event-types/<int:pk>/delete/", event_type_delete, name="event_type_delete"),
    path("private-links/", private_links, name="private_links"),
    path("private-links/links.csv", link_csv.links_csv, name="private_links_csv"),
    path("private-links/new/", several_links.choose_event_type, name="private_links_new"),
    path("private-links/together/<uuid:batch>/", several_links.private_link_batch, name="private_link_batch"),
    path("private-links/together/<uuid:batch>/links.csv", link_csv.batch_csv, name="private_link_batch_csv"),
    path("private-links/bulk/", private_links_bulk, name="private_links_bulk"),
    path("private-links/<int:pk>/", link_page.private_link, name="private_link"),
    path("private-links/<int:pk>/pause/", link_page.private_link_pause, name="private_link_pause"),
    path("private-links/<int:pk>/resume/", link_page.private_link_resume, name="private_link_resume"),
    path("private-links/<int:pk>/duplicate/", link_page.private_link_duplicate, name="private_link_duplicate"),
    path("private-links/<int:pk>/new-url/", link_page.private_link_replace_hash, name="private_link_replace_hash"),
    path("private-links/<int:pk>/end/", link_page.private_link_end, name="private_link_end"),
    path("private-links/<int:pk>/extend/", link_reviving.private_link_extend, name="private_link_extend"),
    path("private-links/<int:pk>/one-more-use/", link_reviving.private_link_use_again, name="private_link_use_again"),
    path(
        "private-links/<int:pk>/remove-expiry/",
        link_reviving.private_link_remove_expiry,
        name="private_link_remove_expiry",
    ),
    path(
        "private-links/<int:pk>/remove-limit-of-uses/",
        link_reviving.private_link_remove_limit_of_uses,
        name="private_link_remove_limit_of_uses",
    ),
    path("private-links/<int:pk>/send/", private_link_send, name="private_link_send"),
    path("private-links/<int:pk>/delete/", link_page.private_link_delete, name="private_link_delete"),
    path("private-links/<int:pk>/qr.svg", qr_code.private_link_qr_svg, name="private_link_qr_svg"),
    path("private-links/<int:pk>/qr.png", qr_code.private_link_qr_png, name="private_link_qr_png"),
    path("help/private-links/", private_links_help, name="private_links_help"),
]
