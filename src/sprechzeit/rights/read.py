"""One request as the desk sees it: whose it is, what was written, and who at the practice did what."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sprechzeit import clock
from sprechzeit.audit.record import Actor, record
from sprechzeit.booking.names import Name, name_of, names_of
from sprechzeit.database.tenancy import acting_for
from sprechzeit.identifiers import PracticeId
from sprechzeit.patients.restricted import restricted_among
from sprechzeit.practices.models import Practice
from sprechzeit.rights.due import Urgency, urgency
from sprechzeit.rights.errors import RequestClosed, RequestNotFound
from sprechzeit.rights.listing import patient_of, whose
from sprechzeit.rights.models import RightsRequest
from sprechzeit.rights.text import open_text
from sprechzeit.staff.membership import names_of_team
from sprechzeit.vault import PracticeKeys


@dataclass(frozen=True, repr=False)
class OpenedRequest:
    """``patient`` is the record, where there is one; ``team`` are names of members by their id."""

    request: RightsRequest
    who: Name
    patient: UUID | None
    is_restricted: bool
    text: str
    urgency: Urgency
    team: dict[str, str]

    def __repr__(self) -> str:
        return "OpenedRequest(…)"


def open_request(keys: PracticeKeys, actor: Actor, practice: Practice, asked: UUID) -> OpenedRequest:
    """Open one; that it was looked at is recorded.

    Raises
    ------
    RequestNotFound
    CannotOpen
        Something was tampered with.
    """
    number = PracticeId(keys.practice)
    with acting_for(number):
        found = _find(number, asked)
        about = whose(found)
        names = names_of(keys, [about])
        patient = patient_of(found)
        record(number, actor, "rights.view", sorted(names), {"count": len(names)})
        return OpenedRequest(
            request=found,
            who=name_of(names, about),
            patient=patient,
            is_restricted=bool(patient and restricted_among(number, [patient])),
            text=open_text(keys, found.id),
            urgency=urgency(found.due_on, today_of(practice)),
            team=names_of_team(keys),
        )


def locked_request(practice: PracticeId, asked: UUID) -> RightsRequest:
    """One that is not answered yet, locked until the transaction ends. Needs ``acting_for``.

    Raises
    ------
    RequestNotFound, RequestClosed
    """
    RightsRequest.objects.select_for_update().filter(practice=practice, id=asked).values_list("id").first()
    found = _find(practice, asked)
    if not found.is_open:
        raise RequestClosed
    return found


def today_of(practice: Practice) -> date:
    """The local day."""
    return clock.now().astimezone(practice.zone).date()


def _find(practice: PracticeId, asked: UUID) -> RightsRequest:
    found = RightsRequest.objects.select_related("appointment").filter(practice=practice, id=asked).first()
    if found is None:
        raise RequestNotFound
    return found
