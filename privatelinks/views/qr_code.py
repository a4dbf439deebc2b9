"""The QR code of a private link, for its host: to be shown, downloaded and printed."""

from django.http import HttpResponse
from django.utils.text import slugify
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from eventtypes.views.access import HostRequest
from privatelinks.models import PrivateLink
from privatelinks.presentation import link_url
from privatelinks.qr_code import qr_png, qr_svg
from privatelinks.views.access import for_own_link

FALLBACK_NAME = "private-link"

picture_of_a_secret = cache_control(private=True, no_store=True)


@require_safe
@picture_of_a_secret
@for_own_link
def private_link_qr_svg(request: HostRequest, link: PrivateLink) -> HttpResponse:
    """Answer with the QR code as SVG."""
    return _picture(qr_svg(link_url(link)), link, "svg", "image/svg+xml")


@require_safe
@picture_of_a_secret
@for_own_link
def private_link_qr_png(request: HostRequest, link: PrivateLink) -> HttpResponse:
    """Answer with the QR code as PNG."""
    return _picture(qr_png(link_url(link)), link, "png", "image/png")


def _picture(content: bytes, link: PrivateLink, ending: str, content_type: str) -> HttpResponse:
    """Answer with the picture, which browsers show, and save under the name of the link."""
    response = HttpResponse(content, content_type=content_type)
    response["Content-Disposition"] = f'inline; filename="qr-{slugify(link.name) or FALLBACK_NAME}.{ending}"'
    return response
