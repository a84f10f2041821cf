"""A practice's keys: made once, wrapped for each credential, opened into a session."""

from __future__ import annotations

from uuid import UUID

from sprechzeit.database.tenancy import acting_for
from sprechzeit.identifiers import PracticeId
from sprechzeit.practices.models import Practice
from sprechzeit.staff.models import KeyGrant, SealedDataKey
from sprechzeit.vault import (
    GrantContext,
    KeyPair,
    Keyring,
    PracticeKeys,
    Secret,
    new_data_key,
    open_data_key,
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


def grant(context: GrantContext, kek: Secret, private: Secret, member: UUID | None) -> None:
    """Store the practice's private key wrapped under ``kek``, for the credential of ``context``."""
    practice = PracticeId(context.practice)
    with acting_for(practice):
        KeyGrant.objects.create(
            practice_id=practice,
            member_id=member,
            kind=context.kind,
            credential=context.credential,
            wrapped=wrap(kek, private, context),
        )


def open_keys(context: GrantContext, kek: Secret) -> PracticeKeys | None:
    """All keys of the practice through one credential's grant; None when there is no such grant.

    Raises
    ------
    CannotOpen
        The grant is there but ``kek`` does not open it.
    """
    practice = PracticeId(context.practice)
    with acting_for(practice):
        row = KeyGrant.objects.filter(practice=practice, kind=context.kind, credential=context.credential).first()
        if row is None:
            return None
        private = unwrap(kek, bytes(row.wrapped), context)
        sealed = list(SealedDataKey.objects.filter(practice=practice))
        current = Practice.objects.values_list("current_data_key", flat=True).get(id=practice)
    opened = [open_data_key(private, bytes(key.sealed), practice) for key in sealed]
    return PracticeKeys(practice, private, Keyring({key.id: key for key in opened}, current=current))
