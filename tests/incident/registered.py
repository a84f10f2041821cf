"""Incidents in a practice's register."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sprechzeit import clock
from sprechzeit.database.roles import Role
from sprechzeit.database.tenancy import wearing
from sprechzeit.incident.begin import begin_incident
from sprechzeit.incident.concerned import Wanted
from sprechzeit.incident.read import Shown, incident_of
from sprechzeit.incident.texts import Texts
from tests.factories import Made

FULL = Texts(
    facts="Jemand saß am Rechner des Empfangs.",
    effects="Anrufe im Namen der Praxis sind möglich.",
    measures="Sitzung beendet, Passkey entfernt.",
    facts_en="Somebody sat at the reception's computer.",
    effects_en="Calls in the name of the practice are possible.",
    measures_en="Session ended, passkey removed.",
)


def enter(
    made: Made,
    since: datetime | None = None,
    until: datetime | None = None,
    *,
    aware: datetime | None = None,
    texts: Texts = FULL,
    **wanted: Any,
) -> UUID:
    """By default the last two hours, known of now."""
    until = until or clock.now()
    wanted_ = Wanted(since or until - timedelta(hours=2), until, **wanted)
    with wearing(Role.DESK):
        return begin_incident(made.keys, made.actor, wanted_, aware or clock.now(), texts)


def shown(made: Made, incident: UUID) -> Shown:
    with wearing(Role.DESK):
        return incident_of(made.keys, incident)
