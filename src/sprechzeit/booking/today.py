"""Today in one list for reception: who comes, who is late, who waits, who is being treated where."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from sprechzeit import clock
from sprechzeit.audit.record import Actor, record
from sprechzeit.booking.models import Appointment
from sprechzeit.booking.names import Name, name_of, names_of
from sprechzeit.booking.read import appointments_between
from sprechzeit.booking.rooms import Room, rooms_now
from sprechzeit.booking.status import STEPS, is_late
from sprechzeit.database.tenancy import acting_for
from sprechzeit.identifiers import PracticeId, ResourceId
from sprechzeit.practices.models import Practice, Resource
from sprechzeit.timetable.wall_clock import local_midnight
from sprechzeit.vault import PracticeKeys

S = Appointment.Status
MINUTE = timedelta(minutes=1)
LONG = timedelta(minutes=30)


class Group(StrEnum):
    """Where somebody is now, what needs doing first."""

    LATE = "late"
    WAITING = "waiting"
    TREATED = "treated"
    COMING = "coming"
    DONE = "done"
    NO_SHOW = "no-show"


OF_STATUS = {
    S.BOOKED: Group.COMING,
    S.ARRIVED: Group.WAITING,
    S.IN_TREATMENT: Group.TREATED,
    S.DONE: Group.DONE,
    S.NO_SHOW: Group.NO_SHOW,
}


@dataclass(frozen=True, repr=False)
class Line:
    """One appointment of today.

    ``since`` is when what they are in began (arrival, treatment), ``late`` how many minutes after the appointed time,
    ``long`` that they have been waiting for half an hour. ``own_room`` is the room that was booked for them.
    """

    appointment: Appointment
    who: Name
    group: Group
    with_whom: tuple[str, ...]
    room: str
    own_room: ResourceId | None
    since: datetime | None
    minutes: int
    late: int
    long: bool
    steps: frozenset[str]

    def __repr__(self) -> str:
        return "Line(…)"


@dataclass(frozen=True, repr=False)
class Today:
    """The lines in the order of their groups, earliest first, and in the waiting room the longest first."""

    lines: tuple[Line, ...]
    rooms: tuple[Room, ...]

    def __repr__(self) -> str:
        return "Today(…)"

    def of(self, *groups: Group) -> list[Line]:
        return [line for line in self.lines if line.group in groups]


def today_of(
    keys: PracticeKeys,
    actor: Actor,
    practice: Practice,
    *,
    clinician: ResourceId | None = None,
    statuses: Collection[str] = OF_STATUS,
    recorded: Collection[UUID] = (),
) -> Today:
    """Today's appointments, cancelled ones left out, names opened. Whose were shown is recorded.

    ``recorded`` are patients and intakes that the same page has told the trail of already.

    Raises
    ------
    CannotOpen
        A record was tampered with.
    """
    number = PracticeId(practice.id)
    now = clock.now()
    day = now.astimezone(practice.zone).date()
    with acting_for(number):
        found = appointments_between(
            number, local_midnight(day, practice.zone), local_midnight(day + timedelta(days=1), practice.zone)
        )
        found = [one for one in found if one.status in statuses and one.status in OF_STATUS]
        if clinician is not None:
            found = [one for one in found if clinician in one.resource_ids]
        names = names_of(keys, found)
        if shown := sorted(names.keys() - set(recorded)):
            record(number, actor, "today.view", shown, {"count": len(shown)})
        resources = {one.id: one for one in Resource.objects.filter(practice=number).order_by("kind", "position", "id")}
        rooms = rooms_now(number)
    lines = [_line(one, name_of(names, one), resources, now) for one in found]
    order = list(Group)
    lines.sort(key=lambda line: (order.index(line.group), line.since or line.appointment.starts_at))
    return Today(tuple(lines), rooms)


def _line(one: Appointment, who: Name, resources: dict[int, Resource], now: datetime) -> Line:
    group = Group.LATE if is_late(one, now) else OF_STATUS[S(one.status)]
    own = [resources[number] for number in one.resource_ids if number in resources]
    room = resources.get(one.treated_in_id or 0)
    since = {Group.WAITING: one.arrived_at, Group.TREATED: one.changed_at}.get(group)
    minutes = max(0, (now - since) // MINUTE) if since else 0
    is_behind = group in (Group.LATE, Group.WAITING)
    return Line(
        appointment=one,
        who=who,
        group=group,
        with_whom=tuple(r.short_name or r.name for r in [c for c in own if c.kind == Resource.Kind.CLINICIAN] or own),
        room=(room.short_name or room.name) if room else "",
        own_room=next((ResourceId(r.id) for r in own if r.kind == Resource.Kind.ROOM), None),
        since=since,
        minutes=minutes,
        late=max(0, (now - one.starts_at) // MINUTE) if is_behind else 0,
        long=group == Group.WAITING and since is not None and now - since >= LONG,
        steps=STEPS[one.status],
    )
