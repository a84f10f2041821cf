"""Write by hand to those who are still to come: "the clinician is ill"."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.utils.translation import gettext as _

from sprechzeit import clock
from sprechzeit.audit.record import Actor, record
from sprechzeit.booking.call_list import NOBODY, Reached, people_of
from sprechzeit.booking.models import Appointment
from sprechzeit.booking.once import Result, once
from sprechzeit.booking.tell import tell_by_hand
from sprechzeit.database.tenancy import acting_for, retrying
from sprechzeit.errors import Invalid
from sprechzeit.identifiers import PracticeId, new_id
from sprechzeit.messages.address import reachable_among
from sprechzeit.practices.models import Practice
from sprechzeit.timetable.wall_clock import start_of_day
from sprechzeit.vault import PracticeKeys

LONGEST = 1000  # characters
MOST = 150  # at once


@dataclass(frozen=True, repr=False)
class Addressee:
    """Somebody still to come; ``reachable``: there is an address that may be written to."""

    appointment: Appointment
    who: Reached
    reachable: bool

    def __repr__(self) -> str:
        return "Addressee(…)"


@dataclass(frozen=True)
class Posted:
    """The appointments whose patients will get it, and those for whom there is no address."""

    to: frozenset[UUID]
    without: frozenset[UUID]


def addressees(
    keys: PracticeKeys, actor: Actor, practice: Practice, day: date, *, resources: Sequence[int] | None = None
) -> list[Addressee]:
    """Who is still to come on this local day, earliest first, names and numbers opened; whose were shown is recorded.

    With ``resources`` only with one of these. At most ``MOST`` + 1.

    Raises
    ------
    CannotOpen
        A record was tampered with.
    """
    number = PracticeId(practice.id)
    since, until = start_of_day(day, practice.zone), start_of_day(day + timedelta(days=1), practice.zone)
    with acting_for(number):
        coming = _coming(number).filter(starts_at__gte=since, starts_at__lt=until)
        if resources is not None:
            coming = coming.filter(resource_ids__overlap=list(resources))
        found = list(coming.select_related("visit_type")[: MOST + 1])
        people = people_of(keys, found)
        reachable = reachable_among(number, [one.id for one in found])
        if people:
            record(number, actor, "message.choose", sorted(people), {"count": len(people)})
    return [
        Addressee(one, people.get(one.patient_id or one.intake_id or one.id, NOBODY), one.id in reachable)
        for one in found
    ]


@retrying
def write_to_patients(
    practice: PracticeId, actor: Actor, appointments: Collection[UUID], text: str, *, key: str = ""
) -> Posted:
    """Put the text in for each of these who is still to come; asked again with the same ``key`` it goes out once.

    Raises
    ------
    Invalid
        There is no text or too much of it, or nobody or too many were chosen.
    KeyReused
    """
    text = require_text(text)
    chosen = sorted(set(appointments))
    if not 0 < len(chosen) <= MOST:
        raise Invalid(_("Bitte wählen Sie 1 bis %(count)d Termine.") % {"count": MOST}, field="termin")
    with acting_for(practice):

        def write() -> Result:
            coming = list(_coming(practice).select_for_update().filter(id__in=chosen))
            batch = new_id()
            told = {one.id: tell_by_hand(one, text, batch=batch) for one in coming}
            to = [one for one, has_address in told.items() if has_address]
            without = [one for one, has_address in told.items() if not has_address]
            record(practice, actor, "message.write", sorted(told), {"count": len(to), "without": len(without)})
            return {"to": [str(one) for one in to], "without": [str(one) for one in without]}

        # The text is not part of the fingerprint: nothing that somebody wrote may be derived from it.
        result = once(practice, key, ("write", *chosen), write)
    return Posted(*(frozenset(UUID(one) for one in result[name]) for name in ("to", "without")))


def require_text(text: str) -> str:
    """The text without blanks around it.

    Raises
    ------
    Invalid
    """
    text = text.replace("\r\n", "\n").strip()
    if not text:
        raise Invalid(_("Bitte schreiben Sie einen Text."), field="text")
    if len(text) > LONGEST or not text.replace("\n", "").isprintable():
        raise Invalid(_("Bitte höchstens %(count)d Zeichen.") % {"count": LONGEST}, field="text")
    return text


def _coming(practice: PracticeId):  # type: ignore[no-untyped-def]  # a query set
    booked = Appointment.objects.filter(practice=practice, status=Appointment.Status.BOOKED)
    return booked.filter(starts_at__gt=clock.now()).order_by("starts_at", "id")
