"""Memberships: who belongs to a practice. Names are sealed like everything about people."""

from __future__ import annotations

from uuid import UUID

from sprechzeit.database.tenancy import acting_for
from sprechzeit.identifiers import PracticeId
from sprechzeit.staff.models import Membership
from sprechzeit.vault import CannotOpen, Context, PracticeKeys, open_record, seal_record


def _context(practice: int, member: UUID) -> Context:
    return Context(practice, "membership", "name_sealed", str(member))


def add_membership(keys: PracticeKeys, member: UUID, role: Membership.Role, name: str) -> None:
    """Make the member one of the practice."""
    practice = PracticeId(keys.practice)
    key = keys.keyring.keys[keys.keyring.current]
    with acting_for(practice):
        Membership.objects.create(
            practice_id=practice,
            member_id=member,
            role=role,
            name_sealed=seal_record(key, name.encode(), _context(practice, member)),
        )


def member_name(keys: PracticeKeys, member: UUID) -> str:
    """The member's name, empty when there is none."""
    practice = PracticeId(keys.practice)
    with acting_for(practice):
        sealed = (
            Membership.objects.filter(practice=practice, member=member).values_list("name_sealed", flat=True).first()
        )
    if sealed is None:
        return ""
    try:
        return open_record(keys.keyring, bytes(sealed), _context(practice, member)).decode()
    except CannotOpen:
        return ""
