"""Memberships: who belongs to a practice, in which role. Names are sealed like everything about people."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Max
from django.utils.translation import gettext as _

from sprechzeit.audit.record import Actor, record
from sprechzeit.database.tenancy import acting_for
from sprechzeit.errors import Invalid, NotFound
from sprechzeit.identifiers import PracticeId
from sprechzeit.staff.errors import LastOwner
from sprechzeit.staff.keys import keys_for_writing
from sprechzeit.staff.models import DeskSession, Membership
from sprechzeit.vault import CannotOpen, Context, PracticeKeys, open_record, seal_record

NAME_LENGTH = 80


@dataclass(frozen=True)
class TeamMember:
    """One member of the practice, name opened."""

    member: UUID
    name: str
    role: str
    since: datetime
    seen_at: datetime | None


def _context(practice: int, member: UUID) -> Context:
    return Context(practice, "membership", "name_sealed", str(member))


def add_membership(keys: PracticeKeys, member: UUID, role: Membership.Role, name: str) -> None:
    """Make the member one of the practice."""
    practice = PracticeId(keys.practice)
    with acting_for(practice):
        key = keys_for_writing(keys).keyring.current_key
        Membership.objects.create(
            practice_id=practice,
            member_id=member,
            role=role,
            name_sealed=seal_record(key, name.encode(), _context(practice, member)),
        )


def team(keys: PracticeKeys) -> list[TeamMember]:
    """Everybody, by name; who left stands no more."""
    practice = PracticeId(keys.practice)
    with acting_for(practice):
        seen = dict(DeskSession.objects.filter(practice=practice).values_list("member").annotate(last=Max("seen_at")))
        rows = list(Membership.objects.filter(practice=practice))
    members = [
        TeamMember(row.member_id, _opened(keys, row), row.role, row.created_at, seen.get(row.member_id)) for row in rows
    ]
    return sorted(members, key=lambda one: one.name.casefold())


def names_of_team(keys: PracticeKeys) -> dict[str, str]:
    """Name by member's identifier as it stands in the trail."""
    return {str(one.member): one.name for one in team(keys)}


def member_name(keys: PracticeKeys, member: UUID) -> str:
    """The member's name, empty when there is none."""
    practice = PracticeId(keys.practice)
    with acting_for(practice):
        row = Membership.objects.filter(practice=practice, member=member).first()
    return _opened(keys, row) if row else ""


def change_role(practice: PracticeId, actor: Actor, member: UUID, role: str) -> None:
    """Give the member another role; it counts from the next request on.

    Raises
    ------
    Invalid, NotFound, LastOwner
    """
    if role not in Membership.Role.values:
        raise Invalid(_("Bitte wählen Sie eine Rolle."), field="role")
    with acting_for(practice):
        row = Membership.objects.select_for_update().filter(practice=practice, member=member).first()
        if row is None:
            raise NotFound(_("Diese Person gehört nicht zum Team."))
        if row.role == Membership.Role.OWNER and role != Membership.Role.OWNER:
            require_other_owner(practice, member)
        Membership.objects.filter(practice=practice, member=member).update(role=role)
        record(practice, actor, "member.change-role", [member], {"role": role, "before": row.role})


def require_other_owner(practice: PracticeId, member: UUID) -> None:
    """Raise ``LastOwner`` when nobody else owns the practice. Two owners who step down at once: one of them may not."""
    owners = Membership.objects.select_for_update().filter(practice=practice, role=Membership.Role.OWNER)
    if not [one for one in owners if one.member_id != member]:
        raise LastOwner


def _opened(keys: PracticeKeys, row: Membership) -> str:
    try:
        return open_record(keys.keyring, bytes(row.name_sealed), _context(keys.practice, row.member_id)).decode()
    except CannotOpen:
        return ""
