"""What the calendar marks on an appointment: new, waiting, in which room, overdue, comment, no reminders.

One statement, however many appointments are shown, and a second for the names of rooms.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from sprechzeit import clock
from sprechzeit.booking.models import Appointment
from sprechzeit.booking.status import is_late
from sprechzeit.database.statements import fetch_planned, statement_beside
from sprechzeit.patients.models import Consent
from sprechzeit.practices.models import Resource
from sprechzeit.vault import PracticeKeys, open_many

MARKS = statement_beside(__file__, "marks.sql")
STILL = timedelta(hours=12)  # who never came is nobody to look for on the next day
MINUTE = timedelta(minutes=1)
REMINDERS = [Consent.Purpose.REMINDER_EMAIL.value, Consent.Purpose.REMINDER_SMS.value]
S = Appointment.Status


@dataclass(frozen=True, repr=False, slots=True)
class Marks:
    """``waiting`` is minutes since the arrival, None for who does not wait. ``repr`` shows nothing."""

    is_new: bool = False
    waiting: int | None = None
    room: str = ""
    is_overdue: bool = False
    note: str = ""
    no_reminders: bool = False
    is_confirmed: bool = False
    is_restricted: bool = False

    def __repr__(self) -> str:
        return "Marks(…)"


NO_MARKS = Marks()


class _Row(NamedTuple):
    """What ``marks.sql`` tells of an appointment."""

    appointment: UUID
    note_sealed: bytes | None
    note_key: bytes | None
    is_new: bool
    is_reminded: bool
    is_restricted: bool


def marks_of(keys: PracticeKeys, appointments: Sequence[Appointment]) -> dict[UUID, Marks]:
    """The marks by appointment; cancelled ones have none. Needs ``acting_for``.

    Raises
    ------
    CannotOpen
        A comment was tampered with.
    """
    now = clock.now()
    going = [one for one in appointments if one.status != S.CANCELLED]
    if not going:
        return {}
    found = fetch_planned(MARKS, {"appointments": [one.id for one in going], "purposes": REMINDERS})
    rows = {row.appointment: row for row in map(_Row._make, found)}
    notes = _opened(keys, rows.values())
    rooms = _rooms(keys.practice, {one.treated_in_id for one in going if one.treated_in_id})
    return {
        one.id: Marks(
            is_new=rows[one.id].is_new,
            waiting=_minutes(now - one.arrived_at) if one.status == S.ARRIVED and one.arrived_at else None,
            room=rooms.get(one.treated_in_id or 0, "") if one.status == S.IN_TREATMENT else "",
            is_overdue=is_late(one, now) and now < one.starts_at + STILL,
            note=notes.get(one.id, ""),
            is_confirmed=one.status == S.BOOKED and one.patient_confirmed_at is not None,
            is_restricted=rows[one.id].is_restricted,
            no_reminders=_is_coming(one, now) and not rows[one.id].is_reminded,
        )
        for one in going
    }


def _is_coming(one: Appointment, now: datetime) -> bool:
    return one.status == S.BOOKED and one.starts_at > now and bool(one.patient_id or one.intake_id)


def _minutes(passed: timedelta) -> int:
    return max(0, passed // MINUTE)


def _opened(keys: PracticeKeys, rows: Iterable[_Row]) -> dict[UUID, str]:
    sealed = [
        (str(one.appointment), bytes(one.note_sealed), bytes(one.note_key or b""))  # without a key it does not open
        for one in rows
        if one.note_sealed is not None
    ]
    opened = open_many(keys.keyring, sealed, keys.practice, "appointment_note", "note_sealed")
    return {UUID(appointment): text.decode() for (appointment, _, _), text in zip(sealed, opened, strict=True)}


def _rooms(practice: int, rooms: Collection[int]) -> dict[int, str]:
    if not rooms:
        return {}
    rows = Resource.objects.filter(practice=practice, id__in=rooms).values_list("id", "short_name", "name")
    return {room: short or name for room, short, name in rows}
