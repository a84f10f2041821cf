"""Give a member's passkey a grant of the practice's key, and take grants away."""

from __future__ import annotations

from uuid import UUID

from sprechzeit.database.tenancy import acting_for
from sprechzeit.identifiers import PracticeId
from sprechzeit.staff.keys import grant
from sprechzeit.staff.models import KeyGrant
from sprechzeit.staff.opener import Opener, new_kek
from sprechzeit.vault import PracticeKeys


def grant_to(keys: PracticeKeys, member: UUID, credential: bytes, opener: Opener) -> None:
    """The passkey with this credential id opens the practice from now on; ``require_strong`` comes before."""
    made = new_kek(opener, PracticeId(keys.practice), credential)
    grant(made.context, made.kek, keys.private, member, made.stretching)


def revoke_credential(practice: PracticeId, credential: bytes) -> None:
    """This credential opens the practice no more."""
    with acting_for(practice):
        KeyGrant.objects.filter(practice=practice, credential=credential).delete()


def revoke_member(practice: PracticeId, member: UUID) -> int:
    """No credential of this member opens the practice any more; tell how many there were."""
    with acting_for(practice):
        deleted, _ = KeyGrant.objects.filter(practice=practice, member=member).delete()
    return deleted
