"""Passkeys: WebAuthn registration and log-in with PRF, whose output opens the practice's key.

Source: Web Authentication Level 3; the PRF extension is its section 10.1.4.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from webauthn import (
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from sprechzeit import clock
from sprechzeit.guard.errors import TooMany
from sprechzeit.guard.limits import LOGIN_BY_CREDENTIAL, require_left, spend
from sprechzeit.origin import current_origin
from sprechzeit.staff.challenge import consume, issue
from sprechzeit.staff.errors import LoginRefused
from sprechzeit.staff.models import Member, Passkey

# One salt for all: at a log-in without a user name the practice is not known yet. What the output opens is bound
# to practice and credential when the key-encryption key is derived from it.
PRF_SALT = hashlib.sha256(b"sprechzeit/v1/passkey-prf").digest()
LABEL_LENGTH = 60


@dataclass(frozen=True)
class RelyingParty:
    """Where the passkey belongs: the host name and the exact origin of the pages."""

    id: str
    origin: str


Answer = dict[str, Any]


def registration_options(party: RelyingParty, member: UUID, *, name: str = "Sprechzeit") -> Answer:
    """What the browser needs to make a passkey: discoverable, user verified, with PRF.

    ``name`` is what the browser shows beside it; a member's other passkeys are excluded, one a device is enough.
    """
    known = Passkey.objects.filter(member=member).values_list("credential_id", flat=True)
    challenge = issue("register")
    options = generate_registration_options(
        rp_id=party.id,
        rp_name="Sprechzeit",
        user_id=member.bytes,
        user_name=name,
        user_display_name=name,
        exclude_credentials=[PublicKeyCredentialDescriptor(id=bytes(one)) for one in known],
        challenge=bytes(challenge.value),
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED,
            user_verification=UserVerificationRequirement.REQUIRED,
        ),
    )
    return _with_prf(json.loads(options_to_json(options)), challenge.id)


def login_options(party: RelyingParty, purpose: str = "login") -> Answer:
    """What the browser needs to prove a passkey; no user name, so nothing is learnt about who exists."""
    challenge = issue(purpose)
    options = generate_authentication_options(
        rp_id=party.id,
        challenge=bytes(challenge.value),
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    return _with_prf(json.loads(options_to_json(options)), challenge.id)


def _with_prf(options: Answer, challenge: UUID) -> Answer:
    options["extensions"] = {"prf": {"eval": {"first": bytes_to_base64url(PRF_SALT)}}}
    return {"challenge": str(challenge), "publicKey": options}


@dataclass(frozen=True, repr=False)
class NewPasskey:
    """A registration that holds, not stored yet."""

    credential_id: bytes
    public_key: bytes
    sign_count: int
    label: str


def check_registration(party: RelyingParty, answer: Answer) -> NewPasskey:
    """Verify what a browser says of a new passkey. Stands outside of any transaction: its challenge is used up.

    Raises
    ------
    LoginRefused
        The answer does not hold: challenge used or expired, other origin, user not verified, known already, malformed.
    """
    expected = consume(answer.get("challenge", ""), "register")
    try:
        verified = verify_registration_response(
            credential=answer["credential"],
            expected_challenge=expected,
            expected_rp_id=party.id,
            expected_origin=party.origin,
            require_user_verification=True,
        )
    except (WebAuthnException, KeyError, ValueError, TypeError, AttributeError):
        raise LoginRefused from None
    if Passkey.objects.filter(credential_id=verified.credential_id).exists():
        raise LoginRefused
    label = label_asked(answer.get("label", "")) or current_origin().device
    return NewPasskey(verified.credential_id, verified.credential_public_key, verified.sign_count, label)


def store_passkey(new: NewPasskey, *, member: UUID | None = None) -> Passkey:
    """Store it, with a new member when it is for nobody who is there already."""
    return Passkey.objects.create(
        member_id=member or Member.objects.create().id,
        credential_id=new.credential_id,
        public_key=new.public_key,
        sign_count=new.sign_count,
        label=new.label,
        last_used_at=clock.now(),
    )


def verify(
    party: RelyingParty, answer: Answer, *, purpose: str = "login", on_failure: Callable[[Passkey], None] | None = None
) -> Passkey:
    """Verify that a passkey of ours answered; failures of one passkey are limited.

    Raises
    ------
    LoginRefused
        The answer does not hold: unknown passkey, challenge used or expired, other origin, user not verified, a
        sign counter that went back, malformed.
    TooMany
        This passkey's answers failed too often.
    """
    expected = consume(answer.get("challenge", ""), purpose)
    try:
        credential = base64url_to_bytes(answer["credential"]["rawId"])
    except (KeyError, ValueError, TypeError, AttributeError):
        raise LoginRefused from None
    passkey = Passkey.objects.filter(credential_id=credential).first()
    if passkey is None:
        raise LoginRefused
    require_left(LOGIN_BY_CREDENTIAL, str(passkey.id))
    try:
        verified = verify_authentication_response(
            credential=answer["credential"],
            expected_challenge=expected,
            expected_rp_id=party.id,
            expected_origin=party.origin,
            credential_public_key=bytes(passkey.public_key),
            credential_current_sign_count=passkey.sign_count,
            require_user_verification=True,
        )
    except (WebAuthnException, KeyError, ValueError, TypeError):
        if on_failure is not None:
            on_failure(passkey)
        with suppress(TooMany):
            spend(LOGIN_BY_CREDENTIAL, str(passkey.id))
        raise LoginRefused from None
    passkey.sign_count = verified.new_sign_count
    passkey.last_used_at = clock.now()
    passkey.save(update_fields=["sign_count", "last_used_at"])
    return passkey


def label_asked(text: Any) -> str:
    """A name for a passkey: one line of at most 60 characters; anything else is none."""
    return text.strip()[:LABEL_LENGTH] if isinstance(text, str) and text.isprintable() else ""
