"""What opens a grant: the passkey's PRF output, or, where it has none, a passphrase and the browser's device secret."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from webauthn.helpers import base64url_to_bytes
from zxcvbn import zxcvbn

from sprechzeit.identifiers import PracticeId
from sprechzeit.staff.errors import LoginRefused, PassphraseNeeded, WeakPassphrase
from sprechzeit.staff.keys import grant_context
from sprechzeit.staff.models import KeyGrant
from sprechzeit.vault import (
    Argon2Parameters,
    GrantContext,
    Secret,
    kek_from_passphrase_and_device,
    kek_from_prf,
)

PRF_LENGTH = 32
DEVICE_LENGTH = 16
SALT_LENGTH = 16
PASSPHRASE_LENGTH = (12, 100)  # characters
STRONG = 3  # of 4: "safely unguessable" (zxcvbn)
COST = Argon2Parameters(memory_kib=64 * 1024, iterations=16, lanes=4)  # 0.5 s measured on two cores of a 2026 server

KINDS = (KeyGrant.Kind.PASSKEY_PRF, KeyGrant.Kind.PASSPHRASE_DEVICE)


@dataclass(frozen=True, repr=False)
class Opener:
    """What the browser sent beside the passkey's answer. Used in this request and stored nowhere."""

    prf: Secret | None = None
    passphrase: str = ""
    device: Secret | None = None

    def __repr__(self) -> str:
        return "Opener(…)"

    @property
    def kind(self) -> KeyGrant.Kind:
        return KeyGrant.Kind.PASSKEY_PRF if self.prf is not None else KeyGrant.Kind.PASSPHRASE_DEVICE


def read_opener(answer: Mapping[str, Any]) -> Opener:
    """Read ``prf``, ``passphrase`` and ``device`` of the browser's answer.

    Raises
    ------
    LoginRefused
        Something is malformed.
    """
    passphrase = answer.get("passphrase", "")
    if not isinstance(passphrase, str) or len(passphrase) > PASSPHRASE_LENGTH[1] or not passphrase.isprintable():
        raise LoginRefused
    return Opener(_bytes(answer.get("prf"), PRF_LENGTH), passphrase, _bytes(answer.get("device"), DEVICE_LENGTH))


def _bytes(given: Any, length: int) -> Secret | None:
    if not given:
        return None
    try:
        value = base64url_to_bytes(given)
    except (ValueError, TypeError, AttributeError):
        raise LoginRefused from None
    if len(value) != length:
        raise LoginRefused
    return Secret(value)


def require_strong(opener: Opener) -> None:
    """Refuse an opener that must not guard a new grant.

    Raises
    ------
    PassphraseNeeded
        No PRF output, and no passphrase with a device secret.
    WeakPassphrase
    """
    if opener.prf is not None:
        return
    if opener.device is None or not opener.passphrase:
        raise PassphraseNeeded
    if len(opener.passphrase) < PASSPHRASE_LENGTH[0] or zxcvbn(opener.passphrase)["score"] < STRONG:
        raise WeakPassphrase


@dataclass(frozen=True, repr=False)
class NewKek:
    """A key-encryption key for a new grant, the grant's context, and how a passphrase was stretched for it."""

    context: GrantContext
    kek: Secret
    stretching: dict[str, Any]


def new_kek(opener: Opener, practice: PracticeId, credential: bytes) -> NewKek:
    """The key-encryption key by which this opener will open the practice; ``require_strong`` comes before."""
    context = grant_context(practice, opener.kind, credential)
    if opener.prf is not None:
        return NewKek(context, kek_from_prf(opener.prf, context), {})
    stretching = {
        "salt": os.urandom(SALT_LENGTH).hex(),
        "memory_kib": COST.memory_kib,
        "iterations": COST.iterations,
        "lanes": COST.lanes,
    }
    return NewKek(context, _stretched(opener, stretching, context), stretching)


def kek_for(granted: KeyGrant, opener: Opener) -> Secret:
    """The key-encryption key for a grant that exists.

    Raises
    ------
    PassphraseNeeded
        The grant was made with a passphrase and none was sent.
    LoginRefused
        It was made with a PRF output and none was sent.
    """
    context = grant_context(PracticeId(granted.practice_id), KeyGrant.Kind(granted.kind), bytes(granted.credential))
    if granted.kind == KeyGrant.Kind.PASSKEY_PRF:
        if opener.prf is None:
            raise LoginRefused
        return kek_from_prf(opener.prf, context)
    if not opener.passphrase or opener.device is None:
        raise PassphraseNeeded
    return _stretched(opener, granted.stretching, context)


def _stretched(opener: Opener, stretching: Mapping[str, Any], context: GrantContext) -> Secret:
    cost = Argon2Parameters(stretching["memory_kib"], stretching["iterations"], stretching["lanes"])
    if opener.device is None:
        raise PassphraseNeeded
    salt = bytes.fromhex(stretching["salt"])
    return kek_from_passphrase_and_device(opener.passphrase, opener.device, salt, cost, context)
