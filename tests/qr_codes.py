"""Reads QR codes as a phone does, from pictures that are made of plain pixels."""

import struct
import zlib

import zxingcpp

GREY, BITS_PER_BYTE = 0, 8
# The first byte of a row says whether its bytes are themselves, or what is to be added to those of the row above.
THEMSELVES, ADDED_TO_THOSE_ABOVE = 0, 2


def read_qr_code(pixels: bytes, *, width: int) -> list[str]:
    """Return what the QR codes in a picture say; a byte for each pixel, 0 is black."""
    height = len(pixels) // width
    picture = memoryview(pixels).cast("B", shape=[height, width])
    found = zxingcpp.read_barcodes(picture, formats=zxingcpp.BarcodeFormat.QRCode)  # type: ignore[arg-type]  # a buffer does
    return [code.text for code in found]


def pixels_of_png(content: bytes) -> tuple[bytes, int]:
    """Return the pixels and the width of a PNG in black and white, of one bit each (RFC 2083)."""
    assert content.startswith(b"\x89PNG\r\n\x1a\n")
    chunks = dict(_chunks(content[8:]))
    width, _height, depth, colour = struct.unpack(">IIBB", chunks[b"IHDR"][:10])
    assert (depth, colour) == (1, GREY)
    size = 1 + (width + BITS_PER_BYTE - 1) // BITS_PER_BYTE
    lines = zlib.decompress(chunks[b"IDAT"])
    rows = [bytes(size - 1)]
    for start in range(0, len(lines), size):
        rows.append(_row(lines[start : start + size], rows[-1]))
    return b"".join(_pixels(row, width) for row in rows[1:]), width


def _chunks(content: bytes) -> list[tuple[bytes, bytes]]:
    found = []
    while content:
        length = int.from_bytes(content[:4])
        found.append((content[4:8], content[8 : 8 + length]))
        content = content[12 + length :]
    return found


def _row(line: bytes, above: bytes) -> bytes:
    assert line[0] in (THEMSELVES, ADDED_TO_THOSE_ABOVE)
    if line[0] == THEMSELVES:
        return line[1:]
    return bytes((byte + upper) % 256 for byte, upper in zip(line[1:], above, strict=True))


def _pixels(row: bytes, width: int) -> bytes:
    bits = f"{int.from_bytes(row):0{len(row) * BITS_PER_BYTE}b}"[:width]
    return bytes(255 * int(bit) for bit in bits)
