"""What the attacker carries away beside the dump, and every key that can be made of it."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import re
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from sprechzeit.bench.keys import keys_of
from sprechzeit.bench.scale import SEED
from sprechzeit.drill.scene import Scene
from sprechzeit.vault import Secret
from sprechzeit.vault.kdf import derive_key

PACKAGE = Path(__file__).resolve().parent.parent
LABELS = re.compile(r"""b"(sprechzeit/[^"]{1,80})\"""")
LITERALS = re.compile(r"""b?"([^"\\\n]{8,120})\"""")
PASSWORDS = ("Sommer2024!", "Praxis123", "Passwort1", "Willkommen1!", "qwertz123", "sprechzeit", "Lindenpark2023")
"""As lists of staff passwords from other leaks have them. Ours has none; the attacker tries all the same."""

KEY = 32
PRIVATE = 96
SMALL = 64 * 1024  # files of the data folder up to this are taken for keys


def labels() -> set[bytes]:
    """Every label that the source derives keys under."""
    sources = (path.read_text(encoding="utf-8") for path in PACKAGE.rglob("*.py"))
    return {found.encode() for text in sources for found in LABELS.findall(text)}


def configured(scene: Scene) -> set[bytes]:
    """The environment of the running server and the files that its user can read, whole and in their parts."""
    told = Path(f"/proc/{scene.server_pid}/environ")
    lines = told.read_bytes().split(b"\0") if told.exists() else [one.encode() for one in scene.environment.values()]
    found = {line.partition(b"=")[2] for line in lines} | set(_files(scene))
    found |= {part for value in set(found) for part in re.split(rb"[:/@?&=]", value) if 8 <= len(part) <= SMALL}
    return {one for one in found if one}


def guessed() -> set[bytes]:
    """Every literal of the source, and old passwords."""
    texts = (path.read_text(encoding="utf-8") for path in PACKAGE.rglob("*.py"))
    return {one.encode() for text in texts for one in LITERALS.findall(text)} | {one.encode() for one in PASSWORDS}


def _files(scene: Scene) -> Iterator[bytes]:
    """Not the notifier's private key: only the worker's system user reads it, and it opens no practice's records."""
    folders = (scene.data, scene.folder / "keys")
    for folder in folders:
        for path in folder.rglob("*"):
            is_taken = path.is_file() and path.name != "notifier.key" and "postgres" not in path.parts
            if is_taken and "static" not in path.parts and path.stat().st_size <= SMALL:
                yield path.read_bytes()


def keys_from(configured: set[bytes], guessed: set[bytes]) -> list[bytes]:
    """Every 32 bytes that somebody with these secrets would try as a key.

    What is configured is tried under every label of the source too, as key derivations do it.
    """
    found = {bytes(KEY), b"\xff" * KEY}
    for secret in configured | guessed:
        found |= set(_plain(secret))
    known = labels()
    for secret in (one for one in configured if len(one) >= 16):
        for label in known:
            found.add(hmac.digest(secret, label, "sha256"))
            found.add(hashlib.sha256(label + secret).digest())
            found.add(derive_key(Secret(secret), label, length=KEY).reveal())
    return sorted(found)


def _plain(secret: bytes) -> Iterator[bytes]:
    yield hashlib.sha256(secret).digest()
    yield hashlib.blake2b(secret, digest_size=KEY).digest()
    yield secret[:KEY].ljust(KEY, b"\0")
    for start in range(0, min(len(secret) - KEY, 4096) + 1, 16):
        yield secret[start : start + KEY]
    for decode in (base64.b64decode, base64.urlsafe_b64decode, binascii.unhexlify):
        with suppress(binascii.Error, ValueError):
            decoded = decode(secret)
            if len(decoded) >= KEY:
                yield decoded[:KEY]


def private_keys_from(secrets: set[bytes], practice: int) -> Iterator[bytes]:
    """Whatever somebody would try as a practice's private key, its derivation in the benchmark's loader included."""
    yield keys_of(practice).private.reveal()
    for secret in secrets:
        if len(secret) >= KEY:
            yield keys_of(practice, secret).private.reveal()
            yield hashlib.shake_256(secret + f"{SEED}/{practice}/private key".encode()).digest(PRIVATE)
        if len(secret) == PRIVATE:
            yield secret
