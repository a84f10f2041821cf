"""A member leaves: grants and sessions are gone at once, and a new data key begins.

Records are sealed anew under it batch by batch, in the sessions of members who hold it (``patients/rotate.py``). The
stated limit: who held the private key and kept a copy of it opens the new data key as well, as it is sealed to the
same pair. A member never sees that key (it is opened in the server's memory), so this takes a broken server.
"""

from __future__ import annotations

from uuid import UUID

from django.utils.translation import gettext as _

from sprechzeit.audit.record import Actor, record
from sprechzeit.database.tenancy import acting_for
from sprechzeit.errors import NotFound
from sprechzeit.identifiers import PracticeId
from sprechzeit.practices.models import Practice
from sprechzeit.staff.grants import revoke_member
from sprechzeit.staff.membership import require_other_owner
from sprechzeit.staff.models import ApiToken, DeskSession, Enrolment, KeyGrant, Membership, SealedDataKey
from sprechzeit.vault import PracticeKeys, seal_data_key, with_new_key


def remove_member(keys: PracticeKeys, actor: Actor, member: UUID) -> None:
    """End the membership with everything that came with it, and begin a new data key.

    Raises
    ------
    NotFound, LastOwner
    """
    practice = PracticeId(keys.practice)
    with acting_for(practice):
        row = Membership.objects.select_for_update().filter(practice=practice, member=member).first()
        if row is None:
            raise NotFound(_("Diese Person gehört nicht zum Team."))
        if row.role == Membership.Role.OWNER:
            require_other_owner(practice, member)
        revoke_member(practice, member)
        _revoke_what_they_gave(practice, member)
        ended, _by_table = DeskSession.objects.filter(practice=practice, member=member).delete()
        Membership.objects.filter(practice=practice, member=member).delete()
        begin_new_data_key(keys, actor)
        record(practice, actor, "member.remove", [member], {"sessions": ended})


def begin_new_data_key(keys: PracticeKeys, actor: Actor) -> int:
    """New records are sealed under a new data key from now on; tell its number."""
    practice = PracticeId(keys.practice)
    with acting_for(practice):
        Practice.objects.select_for_update().get(id=practice)  # two at once: one after the other
        numbers = SealedDataKey.objects.filter(practice=practice).values_list("number", flat=True)
        key = with_new_key(keys.keyring).current_key
        if key.id in numbers:  # somebody else began one just now, it serves us as well
            return key.id
        SealedDataKey.objects.create(
            practice_id=practice,
            number=key.id,
            sealed=seal_data_key(keys.private_key.public, key, practice),
        )
        Practice.objects.filter(id=practice).update(current_data_key=key.id)
        record(practice, actor, "key.begin", details={"number": key.id})
        return key.id


def _revoke_what_they_gave(practice: PracticeId, member: UUID) -> None:
    """Invitations and tokens that the member made would still open the practice."""
    for hashed in Enrolment.objects.filter(practice=practice, invited_by=member).values_list("secret_hash", flat=True):
        KeyGrant.objects.filter(practice=practice, credential=bytes(hashed)).delete()
    Enrolment.objects.filter(practice=practice, invited_by=member).delete()
    for token in ApiToken.objects.filter(practice=practice, made_by=member).values_list("id", flat=True):
        KeyGrant.objects.filter(practice=practice, credential=token.bytes).delete()
    ApiToken.objects.filter(practice=practice, made_by=member).delete()
