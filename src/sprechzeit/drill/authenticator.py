"""A passkey in software: makes what a browser sends for a log-in, and whatever a relay would make of it.

Source: Web Authentication Level 3, sections 6.1 and 5.8.1. The curve is P-256.
"""

from __future__ import annotations

import hashlib
import json
import struct
from collections.abc import Mapping
from dataclasses import dataclass, field
from secrets import token_bytes
from typing import Any
from urllib.parse import urlsplit

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from webauthn.helpers import bytes_to_base64url, encode_cbor

PRESENT, VERIFIED = 0x01, 0x04


@dataclass(repr=False)
class Authenticator:
    """One passkey of ``origin``; ``prf`` is its PRF output, ``device`` the secret of a browser without PRF."""

    origin: str
    counter: int = 0
    credential_id: bytes = field(default_factory=lambda: token_bytes(32))
    prf: bytes = field(default_factory=lambda: token_bytes(32))
    device: bytes = field(default_factory=lambda: token_bytes(16))
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))

    @property
    def public_key(self) -> bytes:
        """As COSE has it (RFC 9053, section 7.1.1)."""
        numbers = self.key.public_key().public_numbers()
        found: bytes = encode_cbor({1: 2, 3: -7, -1: 1, -2: numbers.x.to_bytes(32), -3: numbers.y.to_bytes(32)})
        return found

    def prove(
        self,
        options: Mapping[str, Any],
        *,
        origin: str = "",
        party: str = "",
        flags: int = PRESENT | VERIFIED,
        counter: int | None = None,
        key: ec.EllipticCurvePrivateKey | None = None,
    ) -> dict[str, Any]:
        """Answer the options of a log-in; each argument makes one thing wrong.

        ``origin`` and ``party`` (host name) are where the browser was, ``counter`` is what the passkey says instead of
        counting on, ``key`` signs instead of its own.
        """
        if counter is None:
            self.counter += 1
            counter = self.counter
        where = origin or self.origin
        host = party or urlsplit(self.origin).hostname or ""
        data = hashlib.sha256(host.encode()).digest() + struct.pack(">BI", flags, counter)
        told = json.dumps(
            {"type": "webauthn.get", "challenge": options["publicKey"]["challenge"], "origin": where}
        ).encode()
        signature = (key or self.key).sign(data + hashlib.sha256(told).digest(), ec.ECDSA(hashes.SHA256()))
        number = bytes_to_base64url(self.credential_id)
        return {
            "challenge": options["challenge"],
            "credential": {
                "id": number,
                "rawId": number,
                "type": "public-key",
                "response": {
                    "clientDataJSON": bytes_to_base64url(told),
                    "authenticatorData": bytes_to_base64url(data),
                    "signature": bytes_to_base64url(signature),
                },
            },
            "prf": bytes_to_base64url(self.prf),
        }
