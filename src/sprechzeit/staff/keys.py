"""A practice's keys: made once, wrapped for each credential, opened into a session."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import connections

from sprechzeit.audit.record import SYSTEM, record
from sprechzeit.database.tenancy import acting_for, current_alias
from sprechzeit.identifiers import PracticeId
from sprechzeit.practices.models import Practice
from sprechzeit.staff.errors import KeySwapped
from sprechzeit.staff.models import KeyGrant, SealedDataKey
from sprechzeit.vault import (
    GrantContext,
    KeyPair,
    Keyring,
    PracticeKeys,
    Secret,
    fingerprint,
    new_data_key,
    open_data_key,
    public_of,
    seal_data_key,
    unwrap,
    wrap,
)


def grant_context(practice: PracticeId, kind: KeyGrant.Kind, credential: bytes) -> GrantContext:
    """Whose grant it is; key-encryption key and wrapping are both bound to it."""
    return GrantContext(practice, kind.value, credential)


def furnish_keys(practice: PracticeId, pair: KeyPair) -> PracticeKeys:
    """Make the practice's first data key, sealed to its public key, and give all keys for this moment."""
    data_key = new_data_key(1)
    with acting_for(practice):
        SealedDataKey.objects.create(
            practice_id=practice, number=1, sealed=seal_data_key(pair.public, data_key, practice)
        )
    return PracticeKeys(practice, pair.private, Keyring({1: data_key}, current=1))


def tell_pair(practice: PracticeId, pair: KeyPair) -> None:
    """Put the pair's fingerprint into the trail, whose head is anchored outside of the database: the first of all."""
    with acting_for(practice):
        record(practice, SYSTEM, "pair.make", details={"fingerprint": fingerprint(pair.public)})


def grant(
    context: GrantContext,
    kek: Secret,
    private: Secret,
    member: UUID | None,
    stretching: Mapping[str, Any] | None = None,
) -> None:
    """Store the practice's private key wrapped under ``kek``, for the credential of ``context``."""
    practice = PracticeId(context.practice)
    with acting_for(practice):
        KeyGrant.objects.create(
            practice_id=practice,
            member_id=member,
            kind=context.kind,
            credential=context.credential,
            wrapped=wrap(kek, private, context),
            stretching=dict(stretching or {}),
        )


def open_keys(context: GrantContext, kek: Secret) -> PracticeKeys | None:
    """All keys of the practice through one credential's grant; None when there is no such grant.

    Raises
    ------
    CannotOpen
        The grant is there but ``kek`` does not open it.
    KeySwapped
        It opens another key than the one that the practice shows to the world.
    """
    practice = PracticeId(context.practice)
    with acting_for(practice):
        private = open_private(context, kek)
        if private is None:
            return None
        stored = Practice.objects.values_list("public_key", flat=True).get(id=practice)
        require_own(practice, public_of(private), bytes(stored))
        return open_keyring(practice, private)


def open_private(context: GrantContext, kek: Secret) -> Secret | None:
    """The private key through one credential's grant, whatever public key stands in the database.

    Needs ``acting_for``. For ``open_keys``, and to put the right public key back.

    Raises
    ------
    CannotOpen
    """
    row = KeyGrant.objects.filter(practice=context.practice, kind=context.kind, credential=context.credential).first()
    return unwrap(kek, bytes(row.wrapped), context) if row else None


def require_own(practice: PracticeId, own: bytes, stored: bytes) -> None:
    """Compare the opened private key's public half with the public key that intakes are sealed to.

    Raises
    ------
    KeySwapped
    """
    if own != stored:
        raise KeySwapped(practice, print_of(stored))


def print_of(public: bytes) -> str:
    """The fingerprint of what stands in the database, also when it is no key at all."""
    try:
        return fingerprint(public)
    except ValueError:
        return "no key"


def open_keyring(practice: PracticeId, private: Secret) -> PracticeKeys:
    """All data keys that the private key opens. Needs ``acting_for``."""
    sealed = list(SealedDataKey.objects.filter(practice=practice))
    current = Practice.objects.values_list("current_data_key", flat=True).get(id=practice)
    opened = [open_data_key(private, bytes(key.sealed), practice) for key in sealed]
    return PracticeKeys(practice, private, Keyring({key.id: key for key in opened}, current=current))


def keys_for_writing(keys: PracticeKeys) -> PracticeKeys:
    """The keys with the data key that is current now, which stays current until this transaction ends.

    A new data key may have begun since the session was opened; what is written under the old one after the rotation has
    ended would be lost. The lock makes a beginning rotation wait. Needs ``acting_for``.
    """
    practice = PracticeId(keys.practice)
    with connections[current_alias()].cursor() as cursor:
        cursor.execute("select current_data_key from practice where id = %s for key share", [practice])
        found = cursor.fetchone()
    return keys if found == (keys.keyring.current,) else open_keyring(practice, keys.private)
