"""The QR code of a private link: a phone reads its URL from it, and nobody but its host gets it."""

from http import HTTPStatus

import pytest
import segno
from django.conf import settings
from django.test import Client

from eventtypes.models import Host
from privatelinks.models import PrivateLink
from privatelinks.qr_code import qr_png, qr_svg
from tests.factories import PrivateLinkFactory
from tests.qr_codes import pixels_of_png, read_qr_code

LONGEST = f"https://{'a' * 60}.example.org/d/{'2' * 22}/{'s' * 80}"
PICTURES = ["qr.svg", "qr.png"]


@pytest.fixture
def link(host: Host) -> PrivateLink:
    link: PrivateLink = PrivateLinkFactory.create(event_type__host=host, event_type__slug="discovery-call", name="Beta")
    return link


@pytest.mark.parametrize("url", ["http://127.0.0.1:8000/d/2222222222222222222222/a", LONGEST])
def test_png_is_read_as_the_url(url: str) -> None:
    pixels, width = pixels_of_png(qr_png(url))

    assert read_qr_code(pixels, width=width) == [url]


def test_png_is_read_with_a_stain_on_it() -> None:
    pixels, width = pixels_of_png(qr_png(LONGEST))
    stained = bytearray(pixels)
    for row in range(width // 2, width // 2 + width // 6):
        stained[row * width + width // 2 : row * width + width // 2 + width // 6] = bytes(width // 6)

    assert read_qr_code(bytes(stained), width=width) == [LONGEST]


def test_svg_draws_the_same_modules_on_white_with_a_quiet_zone() -> None:
    code = segno.make_qr(LONGEST, error="m")
    size = code.symbol_size()[0]

    svg = qr_svg(LONGEST).decode()

    assert f'viewBox="0 0 {size} {size}"' in svg
    assert f'<path fill="#fff" d="M0 0h{size}v{size}h-{size}z"/>' in svg
    # The first dark line begins behind the four modules of the quiet zone.
    assert 'stroke="#000" d="M4 4.5h7' in svg
    assert all(word not in svg for word in ("style", "script", "http://127", LONGEST))


@pytest.mark.parametrize("name", ["Beta", "", "日本", 'a"; x="\r\n'])
def test_host_gets_the_picture_of_the_links_url(host_client: Client, link: PrivateLink, name: str) -> None:
    PrivateLink.objects.update(name=name)

    response = host_client.get(f"/private-links/{link.pk}/qr.png")

    pixels, width = pixels_of_png(response.content)
    assert read_qr_code(pixels, width=width) == [f"{settings.SITE_URL}/d/{link.hash}/discovery-call"]
    assert response.headers["Content-Type"] == "image/png"


@pytest.mark.parametrize(
    ("name", "saved_as"), [("For Zoë", "qr-for-zoe.svg"), ("", "qr-private-link.svg"), ('"\r\n', "qr-private-link.svg")]
)
def test_picture_is_saved_under_the_links_name(
    host_client: Client, link: PrivateLink, name: str, saved_as: str
) -> None:
    PrivateLink.objects.update(name=name)

    response = host_client.get(f"/private-links/{link.pk}/qr.svg")

    assert response.headers["Content-Type"] == "image/svg+xml"
    assert response.headers["Content-Disposition"] == f'inline; filename="{saved_as}"'
    assert response.content == qr_svg(f"{settings.SITE_URL}/d/{link.hash}/discovery-call")


@pytest.mark.parametrize("picture", PICTURES)
def test_picture_is_kept_by_nobody(host_client: Client, link: PrivateLink, picture: str) -> None:
    response = host_client.get(f"/private-links/{link.pk}/{picture}")

    assert response.headers["Cache-Control"] == "private, no-store"


def test_new_url_has_another_picture(host_client: Client, link: PrivateLink) -> None:
    before = host_client.get(f"/private-links/{link.pk}/qr.svg").content

    host_client.post(f"/private-links/{link.pk}/new-url/")

    assert host_client.get(f"/private-links/{link.pk}/qr.svg").content != before


@pytest.mark.parametrize("picture", PICTURES)
def test_picture_of_another_hosts_link_is_not_found(host_client: Client, picture: str) -> None:
    foreign = PrivateLinkFactory.create()

    assert host_client.get(f"/private-links/{foreign.pk}/{picture}").status_code == HTTPStatus.NOT_FOUND


@pytest.mark.parametrize("picture", PICTURES)
def test_visitor_is_led_to_the_log_in(client: Client, link: PrivateLink, picture: str) -> None:
    address = f"/private-links/{link.pk}/{picture}"

    assert client.get(address).headers["Location"] == f"/accounts/login/?next={address}"


def test_page_of_the_link_shows_and_offers_the_pictures(host_client: Client, link: PrivateLink) -> None:
    page = host_client.get(f"/private-links/{link.pk}/").text

    assert 'alt="QR code of the URL of Beta"' in page
    assert f'src="/private-links/{link.pk}/qr.svg"' in page
    assert [f'href="/private-links/{link.pk}/{picture}" download' in page for picture in PICTURES] == [True, True]
