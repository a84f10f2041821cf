"""Two practices, each with one of everything that an address of the desk can name."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from secrets import randbelow
from uuid import UUID

import psycopg

from sprechzeit import clock
from sprechzeit.audit.record import Actor
from sprechzeit.booking.block import make_block
from sprechzeit.booking.cancel import cancel_appointment
from sprechzeit.booking.clipboard import put_on_clipboard
from sprechzeit.booking.occupy import Span
from sprechzeit.booking.saved_view import save_view
from sprechzeit.database.roles import Role
from sprechzeit.database.tenancy import wearing
from sprechzeit.drill.members import Planted, R, plant, token_of
from sprechzeit.drill.scene import Scene
from sprechzeit.errors import DomainError
from sprechzeit.furnishing.booking_code import make_code
from sprechzeit.guard.alarm import raise_alarm
from sprechzeit.guard.rules import EXPORTS
from sprechzeit.identifiers import ResourceId
from sprechzeit.staff.invite import invite
from sprechzeit.timetable.expand import Exceptional
from sprechzeit.timetable.schedule_exceptions import add_exception
from sprechzeit.timetable.spans import Span as Hours
from sprechzeit.waiting.ask import ask_earlier_at_desk
from sprechzeit.waiting.wishes import Wishes

# Of what an address names: the column that it is found by, in the practice's own rows.
TABLES = {
    "view": "saved_view.id", "ticket": "queue_number.id", "visit_type": "visit_type.id", "login": "desk_session.login",
    "invitation": "enrolment.id", "member": "membership.member_id", "token": "api_token.id", "patient": "patient.id",
    "alarm": "alarm.id", "step": "undo_step.id", "message": "message.id", "recall": "recall.id",
    "entry": "waiting_entry.id", "offer": "waiting_offer.id", "note": "patient_note.id", "item": "clipboard_item.id",
    "block": "block.id", "location": "location.id", "resource": "resource.id", "rule": "weekly_rule.id",
    "exception": "schedule_exception.id", "code": "booking_code.id",
}  # fmt: skip  # lines grouped by hand
COMING = """
    select id, version, patient_id from appointment
    where practice_id = %s and status = 'booked' and patient_id is not null and starts_at > now() + interval '26 hours'
    order by starts_at limit 4
"""
FIRST = """
    select (select min(id) from resource where practice_id = %(p)s),
        (select min(id) from visit_type where practice_id = %(p)s)
"""
ONE = "select {column} from {table} where practice_id = %s order by {column} limit 1"


@dataclass(frozen=True, repr=False)
class Furnished:
    """A practice, its owner who is logged in, a token of it, and an id for each name that stands in addresses."""

    owner: Planted
    token: str
    ids: dict[str, str]

    @property
    def practice(self) -> int:
        return self.owner.practice


def furnish(scene: Scene, practice: int) -> Furnished:
    """Make one of each. What the scale's practices lack altogether is named by an appointment's id instead."""
    owner = plant(scene, practice, R.OWNER)
    with psycopg.connect(scene.url()) as connection:
        found = connection.execute(COMING, [practice]).fetchall()
        resource, kind = connection.execute(FIRST, {"p": practice}).fetchone() or (0, 0)
    with wearing(Role.DESK):
        _make(owner, found, resource, kind)
    token = token_of(owner)
    ids = dict.fromkeys(TABLES, str(found[0][0]))
    with psycopg.connect(scene.url()) as connection:
        for name, place in TABLES.items():
            table, column = place.split(".")
            row = connection.execute(ONE.format(table=table, column=column), [practice]).fetchone()
            if row is not None:
                ids[name] = str(row[0])
    more = {"appointment": found[0][0], "patient": found[0][2], "passkey": owner.passkey, "number": practice}
    return Furnished(owner, token, {**ids, **{name: str(value) for name, value in more.items()}})


def _make(owner: Planted, coming: list[tuple[UUID, int, UUID]], resource: int, kind: int) -> None:
    practice, actor = owner.practice, Actor("member", str(owner.member))
    night = clock.now().replace(hour=23, minute=0, second=0, microsecond=0) + timedelta(days=20 + randbelow(300))
    span = (night, night + timedelta(hours=1))
    put_on_clipboard(practice, actor, coming[0][0], "cut")
    save_view(practice, actor, name="Drill", shape="day", resources=[resource], zoom=15)
    make_code(practice, actor, kind, label="Drill", uses=None, valid_until=None)
    make_block(owner.keys, actor, ResourceId(resource), Span(*span), "Drill")
    add_exception(practice, actor, Exceptional("extra", Hours(*_later(span))), resource=ResourceId(resource))
    cancel_appointment(practice, actor, coming[1][0], version=coming[1][1])
    with suppress(DomainError):
        ask_earlier_at_desk(practice, actor, coming[2][0], Wishes())
    invite(owner.keys, actor)
    raise_alarm(EXPORTS.name, practice, cause="drill")


def _later(span: tuple[datetime, datetime]) -> tuple[datetime, datetime]:
    return span[0] + timedelta(days=1), span[1] + timedelta(days=1)
