"""Grants: a practice's private key, wrapped once for each credential that may open it.

A grant opens only with its own credential: each kind derives its key-encryption key under its own label,
bound to practice, kind and credential, and the wrapping is bound to the same three once more.
"""

from __future__ import annotations

from dataclasses import dataclass

from sprechzeit.vault.box import KEY_SIZE, close_box, open_box
from sprechzeit.vault.framing import frame, number
from sprechzeit.vault.kdf import derive_key
from sprechzeit.vault.passphrase import Argon2Parameters, stretch
from sprechzeit.vault.secret import Secret, require_length

LABEL_CONTEXT = b"sprechzeit/v1/grant/context"
LABEL_PRF = b"sprechzeit/v1/grant/passkey-prf"
LABEL_RECOVERY = b"sprechzeit/v1/grant/recovery"
LABEL_LINK = b"sprechzeit/v1/grant/link"
LABEL_TOKEN = b"sprechzeit/v1/grant/token"
LABEL_PASSPHRASE = b"sprechzeit/v1/grant/passphrase-and-device"

SECRET_SIZE = 32
LINK_SECRET_SIZE = 16
DEVICE_SECRET_SIZE = 16


@dataclass(frozen=True, slots=True)
class GrantContext:
    """Whose grant it is: the practice, the kind of credential and the credential's public identifier."""

    practice: int
    kind: str
    credential: bytes

    def encode(self) -> bytes:
        """Different contexts give different bytes."""
        return frame(LABEL_CONTEXT, number(self.practice), self.kind.encode(), self.credential)


def wrap(kek: Secret, material: Secret, context: GrantContext) -> bytes:
    """Wrap secret material, so that only the key-encryption key for this context gives it back."""
    if not len(material):
        raise ValueError("there is nothing to wrap")
    return close_box(kek, material, context.encode())


def unwrap(kek: Secret, wrapped: bytes, context: GrantContext) -> Secret:
    """What was wrapped, if key and context are the same; otherwise ``CannotOpen``."""
    return open_box(kek, wrapped, context.encode())


def kek_from_prf(prf_output: Secret, context: GrantContext) -> Secret:
    """Key-encryption key from a passkey's PRF output (WebAuthn level 3), 32 bytes that only it makes."""
    require_length(prf_output, SECRET_SIZE, "a PRF output")
    return derive_key(prf_output, LABEL_PRF, context.encode(), length=KEY_SIZE)


def kek_from_recovery(recovery_secret: Secret, context: GrantContext) -> Secret:
    """Key-encryption key from the printed recovery key, 32 random bytes that exist only on paper."""
    require_length(recovery_secret, SECRET_SIZE, "a recovery secret")
    return derive_key(recovery_secret, LABEL_RECOVERY, context.encode(), length=KEY_SIZE)


def kek_from_token(token_secret: Secret, context: GrantContext) -> Secret:
    """Key-encryption key from an API token's secret, 32 random bytes that only the token's holder has."""
    require_length(token_secret, SECRET_SIZE, "a token secret")
    return derive_key(token_secret, LABEL_TOKEN, context.encode(), length=KEY_SIZE)


def kek_from_link(link_secret: Secret, context: GrantContext) -> Secret:
    """Key-encryption key from an invitation's secret, 16 random bytes that stand in one link only."""
    require_length(link_secret, LINK_SECRET_SIZE, "a link secret")
    return derive_key(link_secret, LABEL_LINK, context.encode(), length=KEY_SIZE)


def kek_from_passphrase_and_device(
    passphrase: str,
    device_secret: Secret,
    salt: bytes,
    parameters: Argon2Parameters,
    context: GrantContext,
) -> Secret:
    """Key-encryption key that needs both what a person knows and what one browser holds (16 random bytes).

    Without the device's 128 bits no passphrase can be tried, however weak it is; without the passphrase a
    stolen device opens nothing, and each guess costs what ``parameters`` say. ``salt``: 16 random bytes.
    """
    require_length(device_secret, DEVICE_SECRET_SIZE, "a device secret")
    stretched = stretch(passphrase, salt, parameters)
    both = Secret(stretched.reveal() + device_secret.reveal())  # 32 + 16 bytes: fixed, so unambiguous
    return derive_key(both, LABEL_PASSPHRASE, context.encode(), length=KEY_SIZE)
