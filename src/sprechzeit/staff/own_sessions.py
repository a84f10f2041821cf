"""A member's sessions: which there are, end one, end all."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sprechzeit.audit.record import record
from sprechzeit.database.tenancy import acting_as_member, acting_for
from sprechzeit.identifiers import PracticeId
from sprechzeit.practices.models import Practice
from sprechzeit.staff.models import DeskSession, Membership
from sprechzeit.staff.session import Session


@dataclass(frozen=True)
class OwnSession:
    """One log-in, as its member sees it."""

    login: UUID
    device: str
    created_at: datetime
    seen_at: datetime
    is_this: bool


def own_sessions(session: Session) -> list[OwnSession]:
    """The member's log-ins in this practice, the latest first."""
    with acting_for(session.practice):
        rows = DeskSession.objects.filter(practice=session.practice, member=session.member).order_by("-seen_at")
        return [
            OwnSession(row.login, row.device, row.created_at, row.seen_at, row.login == session.login) for row in rows
        ]


def practices_of(member: UUID) -> list[PracticeId]:
    """The practices that the member belongs to."""
    with acting_as_member(member):
        rows = Membership.objects.filter(member=member).order_by("created_at").values_list("practice_id", flat=True)
        return [PracticeId(number) for number in rows]


def other_practices(session: Session) -> list[Practice]:
    """The practices that this log-in opened besides the present one: it can change to them at once."""
    with acting_for(session.practice, member=session.member):
        rows = DeskSession.objects.filter(member=session.member, login=session.login).exclude(practice=session.practice)
        return list(Practice.objects.filter(id__in=list(rows.values_list("practice_id", flat=True))).order_by("name"))


def end_login(member: UUID, login: UUID) -> None:
    """End one log-in in all practices of the member."""
    for practice in practices_of(member):
        with acting_for(practice):
            DeskSession.objects.filter(practice=practice, member=member, login=login).delete()


def end_own(session: Session, login: UUID | None = None) -> None:
    """End one of the member's own log-ins, or all but the present one; it is recorded."""
    wanted = [one.login for one in own_sessions(session) if (one.login == login if login else not one.is_this)]
    for one in wanted:
        end_login(session.member, one)
    with acting_for(session.practice):
        record(
            session.practice,
            session.actor,
            "session.end",
            [session.member],
            {"count": len(wanted)},
        )


def end_all(practice: PracticeId, member: UUID) -> int:
    """End every session of the member in this practice at once; tell how many."""
    with acting_for(practice):
        ended, _ = DeskSession.objects.filter(practice=practice, member=member).delete()
    return ended
