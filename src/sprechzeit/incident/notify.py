"""The host tells practices of a breach (Art. 33(2) GDPR): an entry in each one's register, an alarm, and a mail.

The practice becomes aware when it is told (EDPB Guidelines 9/2022, paragraph 44): its 72 hours begin then.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from sprechzeit import clock
from sprechzeit.audit.record import SYSTEM, record
from sprechzeit.database.tenancy import acting_for, retrying
from sprechzeit.errors import Invalid
from sprechzeit.guard.alarm import raise_alarm
from sprechzeit.guard.models import Alarm
from sprechzeit.guard.rules import INCIDENT
from sprechzeit.identifiers import PracticeId, new_id
from sprechzeit.incident.concerned import Extent
from sprechzeit.incident.models import Incident
from sprechzeit.incident.stored import to_values

TOLD = ("facts_de", "facts_en", "effects_de", "effects_en", "measures_de", "measures_en", "contact")
COLUMNS = ("id", "practice_id", "happened_from", "happened_until", "aware_at", "reference", "source", "told",
           "notice_mailed_at")  # fmt: skip  # lines grouped by hand


@dataclass(frozen=True)
class Notice:
    """What the host tells every practice that is concerned: nothing personal. ``reference`` is the same in all.

    ``told`` has facts, effects and measures in both languages and a contact; ``is_dump``: a copy of the database is in
    strange hands.
    """

    reference: UUID
    since: datetime
    until: datetime
    told: Mapping[str, str] = field(default_factory=dict)
    is_dump: bool = False


@retrying
def notify_practice(practice: PracticeId, notice: Notice, extent: Extent | None = None) -> tuple[Incident, bool]:
    """Enter it, as the role ``worker``; told again with the same reference it is the same entry, and False.

    The alarm shows it on every page of the owners; the mail about it is the notice itself (``mail_notice.py``).

    Raises
    ------
    Invalid
        The span ends before it begins, or has not ended.
    """
    if not notice.since < notice.until <= clock.now():
        raise Invalid(_("Das Ende liegt vor dem Anfang oder in der Zukunft."), field="until")
    with acting_for(practice):
        found = Incident.objects.filter(practice=practice, reference=notice.reference).only(*COLUMNS).first()
        if found is not None:
            return found, False
        now = clock.now()
        row = Incident(
            id=new_id(),
            practice_id=practice,
            source=Incident.Source.HOST,
            reference=notice.reference,
            happened_from=notice.since,
            happened_until=notice.until,
            aware_at=now,
            actors=sorted(extent.wanted.actors) if extent else [],
            sessions=sorted(extent.wanted.sessions) if extent else [],
            networks=list(extent.wanted.networks) if extent else [],
            extent=to_values(extent) if extent else None,
            told={**{name: notice.told.get(name, "") for name in TOLD}, "dump": notice.is_dump},
            created_at=now,
        )
        row.save(force_insert=True)
        raise_alarm(INCIDENT.name, practice, cause=str(notice.reference))
        Alarm.objects.filter(practice=practice, rule=INCIDENT.name, cause=str(notice.reference)).update(mailed_at=now)
        record(practice, SYSTEM, "incident.notify", [row.id], {"dump": notice.is_dump})
    return row, True
