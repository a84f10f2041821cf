"""Opens a day sheet's file as its description says, without the vault and with what a browser has: HKDF by ``hmac``,
PBKDF2 and AES-GCM. So the tests check the format and not the code against itself."""

from __future__ import annotations

import hashlib
import hmac
import json
import re
import unicodedata
from base64 import b64decode
from dataclasses import dataclass
from typing import Any

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

LABEL = b"sprechzeit/v1/day-sheet/"


def framed(*fields: bytes) -> bytes:
    return b"".join(len(field).to_bytes(4, "big") + field for field in fields)


def hkdf(secret: bytes, info: bytes) -> bytes:
    extracted = hmac.new(bytes(32), secret, hashlib.sha256).digest()
    return hmac.new(extracted, info + b"\x01", hashlib.sha256).digest()


def unboxed(key: bytes, box: bytes, purpose: bytes) -> bytes:
    assert box[:1] == b"\x01"
    return AESGCM(key).decrypt(box[1:13], box[13:], b"\x01" + purpose)


def encoded(practice: int, kind: str, salt: bytes, iterations: int) -> bytes:
    return framed(LABEL + b"way", practice.to_bytes(8, "big"), kind.encode(), salt, iterations.to_bytes(8, "big"))


@dataclass
class SheetFile:
    """What stands in a file, decoded from base64."""

    head: bytes
    content: bytes
    ways: dict[str, dict[str, Any]]

    @classmethod
    def read(cls, file: bytes) -> SheetFile:
        found = re.search(r'<script type="application/json" id="sheet">(.+?)</script>', file.decode())
        assert found is not None
        data = json.loads(found[1])
        ways = {
            way["kind"]: {
                name: value if name in {"kind", "iterations"} else b64decode(value) for name, value in way.items()
            }
            for way in data["ways"]
        }
        return cls(b64decode(data["head"]), b64decode(data["content"]), ways)

    @property
    def clear(self) -> dict[str, Any]:
        return dict(json.loads(self.head))

    def place(self, kind: str) -> bytes:
        way = self.ways[kind]
        return encoded(self.clear["practice"], kind, way["salt"], way["iterations"])

    def open_with_secret(self, kind: str, secret: bytes) -> list[dict[str, Any]]:
        kek = hkdf(secret, framed(LABEL + kind.encode(), self.place(kind)))
        return self.open_with_key(kind, unboxed(kek, self.ways[kind]["wrapped"], self.place(kind)))

    def open_with_key(self, kind: str, key: bytes) -> list[dict[str, Any]]:
        own = unboxed(key, self.ways[kind]["key"], framed(LABEL + b"content-key", self.place(kind), self.head))
        return list(json.loads(unboxed(own, self.content, framed(LABEL + b"content", self.head))))

    def open_with_passphrase(self, passphrase: str) -> list[dict[str, Any]]:
        way = self.ways["passphrase"]
        typed = " ".join(unicodedata.normalize("NFKC", passphrase).split())
        stretched = hashlib.pbkdf2_hmac("sha256", typed.encode(), way["salt"], way["iterations"])
        return self.open_with_secret("passphrase", stretched)
