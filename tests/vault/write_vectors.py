"""Writes ``vectors.json`` anew (``python tests/vault/write_vectors.py``), only for a new version of a format.

What can be computed without the vault is computed here without it, from the formats as they are written down
(framing by hand, HKDF by RFC 5869 with ``hmac``), so that the vectors check the code and not the code itself.
All keys are counted up, so that nobody takes them for real ones.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from pathlib import Path

from argon2.low_level import Type, hash_secret_raw
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, MLKEM768X25519PublicKey, Suite

VECTORS = Path(__file__).with_name("vectors.json")
PRACTICE, TABLE, COLUMN, ROW = 7, "patients_patient", "identity", "0198c0de-ä"
PLAINTEXT = b'{"last":"Mustermann","first":"Erika"}'
NONCE = bytes(range(12))
PRIVATE = bytes(range(96))
KEK = bytes(range(100, 132))


def framed(*fields: bytes) -> bytes:
    return b"".join(len(field).to_bytes(4, "big") + field for field in fields)


def hkdf(material: bytes, info: bytes, length: int) -> bytes:
    """RFC 5869 with SHA-256, no salt, one block."""
    extracted = hmac.digest(bytes(32), material, "sha256")
    return hmac.digest(extracted, info + b"\x01", "sha256")[:length]


def binary(value: bytes) -> str:
    return "".join(f"{byte:08b}" for byte in value)


def letters(bits: str, alphabet: str, size: int) -> str:
    """Five bits a letter, in groups."""
    text = "".join(alphabet[int(bits[at : at + 5], 2)] for at in range(0, len(bits), 5))
    return "-".join(text[at : at + size] for at in range(0, len(text), size))


def proquints(bits: str) -> str:
    """Four bits a consonant, two bits a vowel."""
    words = []
    for at in range(0, len(bits), 16):
        sizes, word, place = (4, 2, 4, 2, 4), "", at
        for size in sizes:
            word += ("bdfghjklmnprstvz" if size == 4 else "aiou")[int(bits[place : place + size], 2)]
            place += size
        words.append(word)
    return "-".join(words)


def vectors() -> dict[str, object]:
    practice = PRACTICE.to_bytes(8, "big")
    place = framed(b"sprechzeit/v1/context", practice, TABLE.encode(), COLUMN.encode(), ROW.encode())
    grant = framed(b"sprechzeit/v1/grant/context", practice, b"passkey", b"credential-id")
    mlkem = MLKEM768PrivateKey.from_seed_bytes(PRIVATE[:64]).public_key()
    x25519 = X25519PrivateKey.from_private_bytes(PRIVATE[64:]).public_key()
    public = mlkem.public_bytes_raw() + x25519.public_bytes_raw()
    suite, hybrid = (
        Suite(KEM.MLKEM768_X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM),
        MLKEM768X25519PublicKey(mlkem, x25519),
    )
    data_key, header = bytes(range(32)), b"\x01" + (258).to_bytes(4, "big")
    own, keyed = bytes(range(200, 232)), b"\x02" + header[1:]
    derived = hashlib.blake2b(own, digest_size=32, key=data_key, person=b"sprechzeit/rec/2").digest()
    inner_key = hkdf(own, framed(b"sprechzeit/v1/seal-inner"), 32)
    inner = b"\x01" + NONCE + AESGCM(inner_key).encrypt(NONCE, PLAINTEXT, b"\x01" + place)
    secret, device, salt = bytes(range(32)), bytes(range(16)), bytes(range(16, 32))
    stretched = hash_secret_raw("Grüße aus Köln".encode(), salt, 2, 19456, 1, 32, Type.ID)
    cookie_key, bundle = (
        bytes(range(50, 82)),
        b"\x01" + practice + PRIVATE + header[1:] + header[1:] + data_key,
    )
    purpose = framed(b"sprechzeit/v1/session", b"session-id")
    link = bytes(range(16))
    fields: dict[str, bytes] = {
        "context": place,
        "grant_context": grant,
        "private": PRIVATE,
        "public": public,
        "plaintext": PLAINTEXT,
        "sealed": b"\x01" + suite.encrypt(PLAINTEXT, hybrid, info=framed(b"sprechzeit/v1/seal", place)),
        "data_key": data_key,
        "sealed_data_key": b"\x01"
        + suite.encrypt(header[1:] + data_key, hybrid, info=framed(b"sprechzeit/v1/data-key", practice)),
        "record": header + NONCE + AESGCM(data_key).encrypt(NONCE, PLAINTEXT, header + place),
        "record_key": own,
        "keyed": keyed + NONCE + AESGCM(derived).encrypt(NONCE, PLAINTEXT, keyed + place),
        "shreddable": b"\x01" + suite.encrypt(inner, hybrid, info=framed(b"sprechzeit/v1/seal-keyed", place)),
        "secret": secret,
        "kek_prf": hkdf(secret, framed(b"sprechzeit/v1/grant/passkey-prf", grant), 32),
        "kek_recovery": hkdf(secret, framed(b"sprechzeit/v1/grant/recovery", grant), 32),
        "kek_token": hkdf(secret, framed(b"sprechzeit/v1/grant/token", grant), 32),
        "kek_link": hkdf(link, framed(b"sprechzeit/v1/grant/link", grant), 32),
        "device": device,
        "salt": salt,
        "kek_passphrase": hkdf(stretched + device, framed(b"sprechzeit/v1/grant/passphrase-and-device", grant), 32),
        "kek": KEK,
        "wrapped": b"\x01" + NONCE + AESGCM(KEK).encrypt(NONCE, PRIVATE, b"\x01" + grant),
        "cookie_key": cookie_key,
        "bundle": bundle,
        "session_row": b"\x01" + NONCE + AESGCM(cookie_key).encrypt(NONCE, bundle, b"\x01" + purpose),
        "link": link,
        "link_hash": hashlib.sha256(framed(b"sprechzeit/v1/link/hash", b"manage", link)).digest(),
        "link_derived": hkdf(link, framed(b"sprechzeit/v1/link/derive", b"manage"), 16),
    }
    checksum = hashlib.sha256(framed(b"sprechzeit/v1/recovery/checksum", secret)).digest()
    printed = proquints(binary(secret) + binary(checksum)[:16])
    digest = hashlib.sha256(framed(b"sprechzeit/v1/fingerprint", public)).digest()
    fingerprint = letters(binary(digest)[:160], "abcdefghijklmnopqrstuvwxyz234567", 4)
    return {
        "place": {"practice": PRACTICE, "table": TABLE, "column": COLUMN, "row": ROW},
        "grant": {"practice": PRACTICE, "kind": "passkey", "credential": "credential-id"},
        "data_key_id": 258,
        "passphrase": "Grüße aus Köln",
        "argon2": {"memory_kib": 19456, "iterations": 2, "lanes": 1},
        "session": "session-id",
        "recovery": printed,
        "fingerprint": fingerprint,
        "link_text": "AAECAwQFBgcICQoLDA0ODw",
        "hex": {name: value.hex() for name, value in fields.items()},
    }


if __name__ == "__main__":
    VECTORS.write_text(json.dumps(vectors(), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
