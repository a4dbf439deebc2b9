"""Addresses of private links for their hosts. What invitees open, `/d/…`, is in bookings: it books."""

from django.urls import path

from privatelinks.views import advanced_tab, link_page
from privatelinks.views.event_type_delete import event_type_delete
from privatelinks.views.event_type_list import event_types
from privatelinks.views.help import private_links_help
from privatelinks.views.link_list import private_links
from privatelinks.views.send_link import private_link_send

urlpatterns = [
    path("event-types/", event_types, name="event_types"),
    path("event-types/<int:pk>/advanced/", advanced_tab.event_type_advanced, name="event_type_advanced"),
    path("event-types/<int:pk>/advanced/preview/", advanced_tab.private_link_preview, name="private_link_preview"),
    path("event-types/<int:pk>/delete/", event_type_delete, name="event_type_delete"),
    path("private-links/", private_links, name="private_links"),
    path("private-links/<int:pk>/", link_page.private_link, name="private_link"),
    path("private-links/<int:pk>/pause/", link_page.private_link_pause, name="private_link_pause"),
    path("private-links/<int:pk>/resume/", link_page.private_link_resume, name="private_link_resume"),
    path("private-links/<int:pk>/duplicate/", link_page.private_link_duplicate, name="private_link_duplicate"),
    path("private-links/<int:pk>/new-url/", link_page.private_link_replace_hash, name="private_link_replace_hash"),
    path("private-links/<int:pk>/send/", private_link_send, name="private_link_send"),
    path("private-links/<int:pk>/delete/", link_page.private_link_delete, name="private_link_delete"),
    path("help/private-links/", private_links_help, name="private_links_help"),
]
