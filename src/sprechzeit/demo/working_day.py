"""What reception adds by hand: comments, somebody without an appointment, an emergency squeezed in."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from sprechzeit.audit.record import SYSTEM
from sprechzeit.booking.at_desk import book_at_desk
from sprechzeit.booking.models import Appointment
from sprechzeit.booking.note import write_note
from sprechzeit.database.tenancy import acting_for
from sprechzeit.demo.filling import Filling
from sprechzeit.demo.practice import DemoPractice
from sprechzeit.identifiers import PracticeId, ResourceId, VisitTypeId

COMMENTS = (
    "Bringt Befunde vom Facharzt mit.",
    "Kommt mit Begleitung.",
    "Rollstuhl: bitte Raum 2.",
    "Impfpass mitbringen lassen.",
    "Bitte vorher anrufen, Nummer hat sich geändert.",
    "Spricht wenig Deutsch, Tochter übersetzt.",
    "Überweisung für Kardiologie vorbereiten.",
)
NEAR = timedelta(days=9)
SHARE = 0.09
QUARTER = timedelta(minutes=15)
DAYS = (0, 1, 2, 3, 4, 5, 6, 7)
TEN = time(10)
T = Appointment.Type


def play_working_days(filling: Filling, demo: DemoPractice) -> None:
    """Comment on some visits of these days and squeeze two people into each."""
    near = [
        one
        for one in filling.appointments
        if -timedelta(days=1) < one.starts_at - filling.now < NEAR and one.status != Appointment.Status.CANCELLED
    ]
    with acting_for(PracticeId(demo.practice.id)):
        for one in near:
            if filling.chance.random() < SHARE:
                write_note(demo.keys, SYSTEM, one.id, filling.chance.choice(COMMENTS), seen="")
    for day in DAYS:
        _squeeze_in(filling, demo, near, day)


def _squeeze_in(filling: Filling, demo: DemoPractice, near: list[Appointment], day: int) -> None:
    """Beside visits of the first two clinicians: an emergency at once, and on this day one who came by itself."""
    urgent = VisitTypeId(next(one.id for one in demo.visit_types if one.name_de == "Akutsprechstunde"))
    vogt, reuter = (ResourceId(one.id) for one in demo.clinicians[:2])
    zone = demo.practice.zone
    date = filling.now.astimezone(zone).date() + timedelta(days=day)
    moment = datetime.combine(date, TEN, tzinfo=zone) if day else filling.now
    for resource, kind, shift in ((vogt, T.EMERGENCY, QUARTER), (reuter, T.WALK_IN, 2 * QUARTER)):
        beside = _beside(near, resource, moment + shift)
        if beside is None or (kind == T.WALK_IN and day):
            continue
        book_at_desk(
            demo.keys, SYSTEM, urgent, beside, next(filling.known),
            resource=resource, kind=kind, overbook=True, arrived=kind == T.WALK_IN,
        )  # fmt: skip  # lines grouped by hand


def _beside(near: list[Appointment], resource: ResourceId, moment: datetime) -> datetime | None:
    """The next time of this resource at which somebody else comes too, within the hour."""
    hour = timedelta(hours=1)
    found = [one.starts_at for one in near if resource in one.resource_ids and moment <= one.starts_at < moment + hour]
    return min(found, default=None)
