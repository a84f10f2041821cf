"""Close an incident once nothing that the law asks for is open, or open it again."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

from django.utils.translation import gettext as _

from sprechzeit import clock
from sprechzeit.audit.record import Actor, record
from sprechzeit.database.tenancy import acting_for, retrying
from sprechzeit.errors import Invalid
from sprechzeit.identifiers import PracticeId
from sprechzeit.incident.deadline import deadline_of
from sprechzeit.incident.errors import IncidentNotFound
from sprechzeit.incident.models import Incident
from sprechzeit.incident.read import locked
from sprechzeit.incident.texts import Texts, open_texts
from sprechzeit.vault import PracticeKeys


def still_open(row: Incident, texts: Texts) -> Iterator[str]:
    """What is missing, a sentence each (Art. 33(1), 33(5), 34(1) and (3) GDPR)."""
    if not row.risk:
        yield _("Bewerten Sie das Risiko für die Betroffenen.")
    for text, sentence in (
        (texts.facts, _("Schreiben Sie auf, was geschehen ist.")),
        (texts.effects, _("Schreiben Sie auf, welche Folgen es hat oder haben kann.")),
        (texts.measures, _("Schreiben Sie auf, was Sie dagegen getan haben.")),
    ):
        if not text:
            yield sentence
    if row.authority_at is None and row.risk != Incident.Risk.NONE:
        yield _("Melden Sie den Vorfall der Aufsichtsbehörde und vermerken Sie, wann.")
    if row.authority_at is None and row.risk == Incident.Risk.NONE and not texts.no_authority:
        yield _("Begründen Sie, warum keine Meldung an die Behörde nötig ist.")
    if row.authority_at and deadline_of(row.aware_at, clock.now(), row.authority_at).was_late and not texts.delay:
        yield _("Die Meldung kam nach 72 Stunden: Begründen Sie die Verzögerung.")
    if row.patients_at is None and row.risk == Incident.Risk.HIGH and not texts.no_patients:
        yield _("Benachrichtigen Sie die Betroffenen, oder begründen Sie, warum das nicht nötig ist.")


@retrying
def close_incident(keys: PracticeKeys, actor: Actor, incident: UUID, *, version: int) -> None:
    """Nothing can be changed afterwards, until somebody opens it again.

    Raises
    ------
    IncidentNotFound, IncidentChanged, IncidentClosed
    Invalid
        Something is still open: the first of it.
    CannotOpen
    """
    practice = PracticeId(keys.practice)
    with acting_for(practice):
        row = locked(practice, incident, version)
        for sentence in still_open(row, open_texts(keys, row)):
            raise Invalid(sentence, field="close")
        row.state, row.closed_at, row.version = Incident.State.CLOSED, clock.now(), row.version + 1
        row.save(update_fields=["state", "closed_at", "version"])
        record(practice, actor, "incident.close", [incident])


@retrying
def open_again(practice: PracticeId, actor: Actor, incident: UUID) -> None:
    """No error when it is open.

    Raises
    ------
    IncidentNotFound
    """
    with acting_for(practice):
        row = Incident.objects.select_for_update().filter(practice=practice, id=incident).first()
        if row is None:
            raise IncidentNotFound
        if row.state == Incident.State.OPEN:
            return
        row.state, row.closed_at, row.version = Incident.State.OPEN, None, row.version + 1
        row.save(update_fields=["state", "closed_at", "version"])
        record(practice, actor, "incident.open-again", [incident])
