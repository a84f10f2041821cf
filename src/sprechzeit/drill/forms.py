"""The forms in which a text can lie in a dump or a log, so that it is found however it was written down."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from urllib.parse import quote


def forms_of(text: str) -> dict[str, bytes]:
    """Name and bytes of each form; nothing here depends on what stands before or after the text."""
    found: dict[str, bytes] = {}
    for case, written in (("as it is", text), ("small", text.lower()), ("capital", text.upper())):
        for name, form in _forms(written):
            found[f"{name}, {case}"] = form
    return found


def _forms(text: str) -> Iterator[tuple[str, bytes]]:
    plain = text.encode()
    for name, encoded in (
        ("UTF-8", plain),
        ("UTF-16-LE", text.encode("utf-16-le")),
        ("UTF-16-BE", text.encode("utf-16-be")),
    ):
        yield name, encoded
        yield f"hex of {name}", encoded.hex().encode()
        yield f"capital hex of {name}", encoded.hex().upper().encode()
        for shift in range(3):
            piece = _base64_of(encoded, shift)
            yield f"Base64 of {name}, shifted by {shift}", piece
            yield f"Base64url of {name}, shifted by {shift}", piece.translate(bytes.maketrans(b"+/", b"-_"))
    yield "Latin-1", text.encode("latin-1", "replace")
    yield "JSON", json.dumps(text)[1:-1].encode()
    yield "URL", quote(text).encode()
    yield "URL in small letters", quote(text).lower().encode()
    yield "URL, every byte", "".join(f"%{byte:02X}" for byte in plain).encode()
    yield "URL, every byte, in small letters", "".join(f"%{byte:02x}" for byte in plain).encode()


def _base64_of(data: bytes, shift: int) -> bytes:
    """The characters that these bytes alone decide, when ``shift`` (modulo 3) others stand before them."""
    first = -(-shift * 8 // 6)
    end = (shift + len(data)) * 8 // 6
    return base64.b64encode(bytes(shift) + data)[first:end]


def found_in(content: bytes, text: str) -> list[str]:
    """In which forms the text lies in the content."""
    return [name for name, form in forms_of(text).items() if form in content]
