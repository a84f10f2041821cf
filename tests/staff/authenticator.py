"""A small software authenticator: makes what a browser sends for a new passkey and for a log-in (WebAuthn level 3)."""

from __future__ import annotations

import hashlib
import json
import struct
from dataclasses import dataclass, field
from secrets import token_bytes
from typing import Any

import cbor2
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from webauthn.helpers import bytes_to_base64url

ORIGIN = "http://localhost:8000"
USER_PRESENT, USER_VERIFIED, ATTESTED = 0x01, 0x04, 0x40


@dataclass
class Authenticator:
    """One passkey. Its PRF output is fixed."""

    origin: str = ORIGIN
    rp_id: str = "localhost"
    flags: int = USER_PRESENT | USER_VERIFIED
    counter: int = 0
    credential_id: bytes = field(default_factory=lambda: token_bytes(32))
    prf: bytes = field(default_factory=lambda: token_bytes(32))
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))

    def register(self, options: dict[str, Any]) -> dict[str, Any]:
        """Answer ``registration_options``."""
        numbers = self.key.public_key().public_numbers()
        public = {1: 2, 3: -7, -1: 1, -2: numbers.x.to_bytes(32, "big"), -3: numbers.y.to_bytes(32, "big")}
        attested = bytes(16) + struct.pack(">H", len(self.credential_id)) + self.credential_id + cbor2.dumps(public)
        data = self._data(self.flags | ATTESTED) + attested
        attestation = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": data})
        response = {"attestationObject": bytes_to_base64url(attestation), "transports": ["internal"]}
        return self._answer(options, "webauthn.create", response)

    def prove(self, options: dict[str, Any]) -> dict[str, Any]:
        """Answer ``login_options``."""
        self.counter += 1
        data = self._data(self.flags)
        client_data = self._client_data(options, "webauthn.get")
        signature = self.key.sign(data + hashlib.sha256(client_data).digest(), ec.ECDSA(hashes.SHA256()))
        response = {"authenticatorData": bytes_to_base64url(data), "signature": bytes_to_base64url(signature)}
        return self._answer(options, "webauthn.get", response)

    def _data(self, flags: int) -> bytes:
        return hashlib.sha256(self.rp_id.encode()).digest() + struct.pack(">BI", flags, self.counter)

    def _client_data(self, options: dict[str, Any], kind: str) -> bytes:
        challenge = options["publicKey"]["challenge"]
        return json.dumps({"type": kind, "challenge": challenge, "origin": self.origin}).encode()

    def _answer(self, options: dict[str, Any], kind: str, response: dict[str, Any]) -> dict[str, Any]:
        number = bytes_to_base64url(self.credential_id)
        client_data = bytes_to_base64url(self._client_data(options, kind))
        return {
            "challenge": options["challenge"],
            "credential": {
                "id": number,
                "rawId": number,
                "type": "public-key",
                "response": {"clientDataJSON": client_data, **response},
            },
            "prf": bytes_to_base64url(self.prf),
        }
