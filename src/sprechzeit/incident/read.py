"""The register as its owners see it (Art. 33(5) GDPR)."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _

from sprechzeit import clock
from sprechzeit.database.tenancy import acting_for
from sprechzeit.errors import NotFound
from sprechzeit.guard.models import Alarm
from sprechzeit.identifiers import PracticeId
from sprechzeit.incident.concerned import Extent
from sprechzeit.incident.deadline import Deadline, deadline_of
from sprechzeit.incident.errors import IncidentChanged, IncidentClosed, IncidentNotFound
from sprechzeit.incident.models import Incident
from sprechzeit.incident.stored import from_values
from sprechzeit.incident.texts import Texts, open_texts
from sprechzeit.vault import PracticeKeys


@dataclass(frozen=True, repr=False)
class Shown:
    """An incident with its texts opened; ``extent`` is None until it was computed."""

    row: Incident
    texts: Texts
    extent: Extent | None
    deadline: Deadline

    def __repr__(self) -> str:
        return "Shown(…)"


def incidents_of(keys: PracticeKeys) -> list[Shown]:
    """All of the practice, the open ones first, the newest first.

    Raises
    ------
    CannotOpen
        A text was tampered with.
    """
    practice = PracticeId(keys.practice)
    with acting_for(practice):
        rows = list(Incident.objects.filter(practice=practice).order_by("-state", "-aware_at", "id"))
    return [_shown(keys, row) for row in rows]


def incident_of(keys: PracticeKeys, incident: UUID) -> Shown:
    """One of them.

    Raises
    ------
    IncidentNotFound
    CannotOpen
    """
    practice = PracticeId(keys.practice)
    with acting_for(practice):
        row = Incident.objects.filter(practice=practice, id=incident).first()
    if row is None:
        raise IncidentNotFound
    return _shown(keys, row)


def locked(practice: PracticeId, incident: UUID, version: int | None = None) -> Incident:
    """The open incident, locked for a change of what was shown as ``version``. Needs ``acting_for``.

    Raises
    ------
    IncidentNotFound, IncidentChanged, IncidentClosed
    """
    row = Incident.objects.select_for_update().filter(practice=practice, id=incident).first()
    if row is None:
        raise IncidentNotFound
    if version is not None and row.version != version:
        raise IncidentChanged
    if row.state == Incident.State.CLOSED:
        raise IncidentClosed
    return row


def alarm_behind(practice: PracticeId, alarm: UUID) -> Alarm:
    """The alarm that an incident begins from.

    Raises
    ------
    NotFound
    """
    with acting_for(practice):
        found = Alarm.objects.filter(practice=practice, id=alarm).first()
    if found is None:
        raise NotFound(_("Diesen Alarm gibt es nicht."))
    return found


def _shown(keys: PracticeKeys, row: Incident) -> Shown:
    extent = from_values(row.extent) if row.extent else None
    return Shown(row, open_texts(keys, row), extent, deadline_of(row.aware_at, clock.now(), row.authority_at))
