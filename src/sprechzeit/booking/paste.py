"""Put what lies on the clipboard at a free time: a cut appointment moves there, a copied one is booked once more."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sprechzeit.audit.record import Actor
from sprechzeit.booking.at_desk import book_at_desk
from sprechzeit.booking.clipboard import item_by_id
from sprechzeit.booking.errors import NotInRecords
from sprechzeit.booking.models import Appointment, ClipboardItem
from sprechzeit.booking.move import move_appointment
from sprechzeit.booking.once import Result, once
from sprechzeit.booking.read import appointment_by_id
from sprechzeit.database.tenancy import acting_for, retrying
from sprechzeit.identifiers import PracticeId, ResourceId, VisitTypeId
from sprechzeit.vault import PracticeKeys


@retrying
def paste(
    keys: PracticeKeys,
    actor: Actor,
    item: UUID,
    start: datetime,
    *,
    version: int,
    resource: ResourceId | None = None,
    overbook: bool = False,
    key: str = "",
) -> Appointment:
    """Put it at ``start``. What was cut leaves the clipboard with that; a copy stays, for the next one.

    ``version`` is of the appointment as the caller saw it; a copy does not mind.

    Raises
    ------
    ItemGone, ChangedMeanwhile, NotBookable, NotFound, NotInRecords, SlotTaken, KeyReused
    """
    practice = PracticeId(keys.practice)
    with acting_for(practice):

        def put() -> Result:
            row = item_by_id(practice, actor, item)
            if row.mode == ClipboardItem.Mode.CUT:
                made = move_appointment(
                    practice, actor, row.appointment_id, start, version=version, resource=resource, overbook=overbook
                )
                row.delete()
            else:
                made = _again(keys, actor, row.appointment, start, resource, overbook=overbook)
            return {"appointment": str(made.id)}

        result = once(practice, key, ("paste", item, start, resource, version, overbook), put)
        return appointment_by_id(practice, UUID(result["appointment"]))


def _again(
    keys: PracticeKeys,
    actor: Actor,
    copied: Appointment,
    start: datetime,
    resource: ResourceId | None,
    *,
    overbook: bool,
) -> Appointment:
    if copied.patient_id is None:
        raise NotInRecords
    visit_type = VisitTypeId(copied.visit_type_id)
    return book_at_desk(keys, actor, visit_type, start, copied.patient_id, resource=resource, overbook=overbook)
