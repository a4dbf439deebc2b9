"""QR codes of private links, to be shown and printed: made here, so that no other server learns of a secret URL."""

from io import BytesIO

import segno

# Read also with a stain on it: at least 15 % of it may be lost.
ERROR_CORRECTION = "m"
# Dots for each module: sharp in print on the width of a hand.
PNG_SCALE = 20
# Dark on light whatever the page is like: many readers know no other way round.
DARK, LIGHT = "#000", "#fff"


def qr_svg(url: str) -> bytes:
    """Return the picture as SVG of any size, with the quiet zone of four modules that readers need (ISO/IEC 18004)."""
    picture = BytesIO()
    _code(url).save(picture, kind="svg", omitsize=True, svgclass=None, lineclass=None, dark=DARK, light=LIGHT)
    return picture.getvalue()


def qr_png(url: str) -> bytes:
    """Return the same picture as PNG."""
    picture = BytesIO()
    _code(url).save(picture, kind="png", scale=PNG_SCALE, dark=DARK, light=LIGHT)
    return picture.getvalue()


def _code(url: str) -> segno.QRCode:
    return segno.make_qr(url, error=ERROR_CORRECTION)
