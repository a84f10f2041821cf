"""Write down facts, effects, measures and the risk (Art. 33(5) GDPR)."""

from __future__ import annotations

from uuid import UUID

from django.utils.translation import gettext as _

from sprechzeit.audit.record import Actor, record
from sprechzeit.database.tenancy import acting_for, retrying
from sprechzeit.errors import Invalid
from sprechzeit.identifiers import PracticeId
from sprechzeit.incident.models import Incident
from sprechzeit.incident.read import locked
from sprechzeit.incident.texts import FIELDS, Texts, open_texts, require_texts, seal_texts
from sprechzeit.vault import PracticeKeys


@retrying
def change_incident(keys: PracticeKeys, actor: Actor, incident: UUID, texts: Texts, risk: str, *, version: int) -> None:
    """Recorded is which texts were changed, never what they say.

    Raises
    ------
    IncidentNotFound, IncidentChanged, IncidentClosed
    Invalid
        At the text or at ``risk``.
    CannotOpen
    """
    practice = PracticeId(keys.practice)
    texts = require_texts(texts)
    if risk not in Incident.Risk.values:
        raise Invalid(_("Bitte treffen Sie eine Auswahl."), field="risk")
    with acting_for(practice):
        row = locked(practice, incident, version)
        before = open_texts(keys, row)
        changed = [name for name in FIELDS if getattr(before, name) != getattr(texts, name)]
        changed += ["risk"] if row.risk != risk else []
        if not changed:
            return
        row.risk, row.version = risk, row.version + 1
        row.texts_sealed = seal_texts(keys, incident, texts)
        row.save(update_fields=["risk", "texts_sealed", "version"])
        record(practice, actor, "incident.change", [incident], {"fields": changed})
