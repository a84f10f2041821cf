"""The waiting room on the day's page: who waits and since when, and who is being treated where."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from sprechzeit.booking.models import Appointment
from sprechzeit.booking.rooms import Room
from sprechzeit.booking.today import Group, Line, today_of
from sprechzeit.practices.models import Practice
from sprechzeit.staff.session import Session

THERE = (Appointment.Status.ARRIVED, Appointment.Status.IN_TREATMENT)


@dataclass(frozen=True, repr=False)
class WaitingRoom:
    """Everybody who is in the practice now, whichever columns the page shows."""

    waiting: list[Line]
    treated: list[Line]
    rooms: tuple[Room, ...]

    def __repr__(self) -> str:
        return "WaitingRoom(…)"

    def __bool__(self) -> bool:
        return bool(self.waiting or self.treated)


def waiting_room(session: Session, practice: Practice, *, recorded: Collection[UUID] = ()) -> WaitingRoom:
    """The longest first. ``recorded`` are those of whom the page has told the trail already."""
    found = today_of(session.keys, session.actor, practice, statuses=THERE, recorded=recorded)
    return WaitingRoom(found.of(Group.WAITING), found.of(Group.TREATED), found.rooms)
