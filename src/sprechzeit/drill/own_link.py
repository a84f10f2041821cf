"""An appointment that the drill books itself, as a patient: with the secret of its manage link, and a hold besides."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import timedelta

from sprechzeit import clock
from sprechzeit.booking.claims import Claims, accepted_insurances
from sprechzeit.booking.confirm import confirm
from sprechzeit.booking.hold import hold
from sprechzeit.booking.suggest import suggest
from sprechzeit.database.roles import Role
from sprechzeit.database.tenancy import acting_for, wearing
from sprechzeit.drill.scene import Scene
from sprechzeit.identifiers import PracticeId, VisitTypeId
from sprechzeit.patients.person import Person
from sprechzeit.practices.directory import visit_type_by_id
from sprechzeit.practices.models import Practice
from sprechzeit.vault import link_to_text

LATER = timedelta(days=3)  # until a day before it may be cancelled online


@dataclass(frozen=True, repr=False)
class Own:
    """Secrets of links as they stand in addresses, and a free start, ISO 8601."""

    secret: str
    hold: str
    another: str
    claims: dict[str, str | bool | None]


def book_own(scene: Scene, practice: int, visit_type: int) -> Own:
    """Book the second free time and hold the third; the first may be gone by then."""
    number, kind = PracticeId(practice), VisitTypeId(visit_type)
    with wearing(Role.FRONT):
        practice_row = Practice.objects.get(id=practice)
        with acting_for(number):
            row = visit_type_by_id(number, kind)
        said = Claims(False, next(iter(accepted_insurances(practice_row, row)), "statutory"), True)
        slots = suggest(number, kind, clock.now() + LATER)
        held = hold(number, kind, slots[1].start, claims=said)
        booked = confirm(number, held.secret, Person("Dora", "Drill", "", "+493099999999"), claims=said)
        waiting = hold(number, kind, slots[2].start, claims=said)
    return Own(
        link_to_text(booked.manage_secret), link_to_text(waiting.secret), slots[3].start.isoformat(), asdict(said)
    )
