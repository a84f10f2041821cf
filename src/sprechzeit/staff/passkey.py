"""Passkeys: WebAuthn registration and log-in with PRF, whose output opens the practice's key.

Source: Web Authentication Level 3; the PRF extension is its section 10.1.4.
"""

from __future__ import annotations

import hashlib
import json
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
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from sprechzeit import clock
from sprechzeit.staff.challenge import consume, issue
from sprechzeit.staff.errors import LoginRefused, NoKeyFromPasskey
from sprechzeit.staff.models import Member, Passkey
from sprechzeit.vault import Secret

# One salt for all: at a log-in without a user name the practice is not known yet. What the output opens is bound
# to practice and credential when the key-encryption key is derived from it.
PRF_SALT = hashlib.sha256(b"sprechzeit/v1/passkey-prf").digest()
PRF_LENGTH = 32


@dataclass(frozen=True)
class RelyingParty:
    """Where the passkey belongs: the host name and the exact origin of the pages."""

    id: str
    origin: str


@dataclass(frozen=True, repr=False)
class Proof:
    """A passkey that has just proved itself, with its PRF output."""

    passkey: Passkey
    prf: Secret


Answer = dict[str, Any]


def registration_options(party: RelyingParty, member: UUID) -> Answer:
    """What the browser needs to make a passkey: discoverable, user verified, with PRF."""
    challenge = issue("register")
    options = generate_registration_options(
        rp_id=party.id,
        rp_name="Sprechzeit",
        user_id=member.bytes,
        user_name="Sprechzeit",
        user_display_name="Sprechzeit",
        challenge=bytes(challenge.value),
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED,
            user_verification=UserVerificationRequirement.REQUIRED,
        ),
    )
    return _with_prf(json.loads(options_to_json(options)), challenge.id)


def login_options(party: RelyingParty) -> Answer:
    """What the browser needs to prove a passkey; no user name, so nothing is learnt about who exists."""
    challenge = issue("login")
    options = generate_authentication_options(
        rp_id=party.id,
        challenge=bytes(challenge.value),
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    return _with_prf(json.loads(options_to_json(options)), challenge.id)


def _with_prf(options: Answer, challenge: UUID) -> Answer:
    options["extensions"] = {"prf": {"eval": {"first": bytes_to_base64url(PRF_SALT)}}}
    return {"challenge": str(challenge), "publicKey": options}


def register(party: RelyingParty, answer: Answer, *, label: str) -> Proof:
    """Verify a new passkey and store it with its member, who is new.

    Raises
    ------
    LoginRefused
        The answer does not hold: challenge used or expired, other origin, user not verified, malformed.
    NoKeyFromPasskey
        The authenticator has no PRF.
    """
    expected = consume(answer.get("challenge", ""), "register")
    prf = read_prf(answer)
    try:
        verified = verify_registration_response(
            credential=answer["credential"],
            expected_challenge=expected,
            expected_rp_id=party.id,
            expected_origin=party.origin,
            require_user_verification=True,
        )
    except (WebAuthnException, KeyError, ValueError, TypeError):
        raise LoginRefused from None
    member = Member.objects.create()
    passkey = Passkey.objects.create(
        member=member,
        credential_id=verified.credential_id,
        public_key=verified.credential_public_key,
        sign_count=verified.sign_count,
        label=label,
    )
    return Proof(passkey, prf)


def prove(party: RelyingParty, answer: Answer) -> Proof:
    """Verify a log-in by passkey.

    Raises
    ------
    LoginRefused
        The answer does not hold: unknown passkey, challenge used or expired, other origin, user not verified, a
        sign counter that went back, malformed.
    NoKeyFromPasskey
        The authenticator gave no PRF output.
    """
    expected = consume(answer.get("challenge", ""), "login")
    try:
        credential = base64url_to_bytes(answer["credential"]["rawId"])
        passkey = Passkey.objects.filter(credential_id=credential).first()
        if passkey is None:
            raise LoginRefused
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
        raise LoginRefused from None
    prf = read_prf(answer)
    passkey.sign_count = verified.new_sign_count
    passkey.last_used_at = clock.now()
    passkey.save(update_fields=["sign_count", "last_used_at"])
    return Proof(passkey, prf)


def read_prf(answer: Answer) -> Secret:
    """The PRF output that the browser sent along, 32 bytes."""
    given = answer.get("prf")
    if not given or not isinstance(given, str):
        raise NoKeyFromPasskey
    try:
        output = base64url_to_bytes(given)
    except ValueError:
        raise LoginRefused from None
    if len(output) != PRF_LENGTH:
        raise LoginRefused
    return Secret(output)
