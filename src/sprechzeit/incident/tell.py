"""Note that the authority was notified (Art. 33(1) GDPR) or the patients were told (Art. 34), and when."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from django.utils.translation import gettext as _

from sprechzeit import clock
from sprechzeit.audit.record import Actor, record
from sprechzeit.database.tenancy import acting_for, retrying
from sprechzeit.errors import Invalid
from sprechzeit.identifiers import PracticeId
from sprechzeit.incident.read import locked


class Whom(StrEnum):
    """Who was told."""

    AUTHORITY = "authority"
    PATIENTS = "patients"


COLUMNS = {Whom.AUTHORITY: "authority_at", Whom.PATIENTS: "patients_at"}


@retrying
def note_told(
    practice: PracticeId, actor: Actor, incident: UUID, whom: Whom, at: datetime | None, *, version: int
) -> None:
    """``at`` None takes back what was noted by mistake.

    Raises
    ------
    IncidentNotFound, IncidentChanged, IncidentClosed
    Invalid
        It lies before the practice knew, or in the future.
    """
    with acting_for(practice):
        row = locked(practice, incident, version)
        if at is not None and not row.aware_at <= at <= clock.now():
            raise Invalid(_("Das liegt vor dem Bekanntwerden oder in der Zukunft."), field=whom.value)
        setattr(row, COLUMNS[whom], at)
        row.version += 1
        row.save(update_fields=[COLUMNS[whom], "version"])
        record(practice, actor, "incident.tell", [incident], {"whom": whom.value, "taken_back": at is None})
