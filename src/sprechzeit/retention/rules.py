"""How long a practice keeps what: the defaults, the limits, and what is set."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sprechzeit.database.tenancy import acting_for
from sprechzeit.identifiers import PracticeId
from sprechzeit.retention.models import RetentionRules

MOST = 3650
LEAST = {"keep_intake_days": 1, "keep_patient_days": 1, "keep_appointment_days": 30, "keep_trail_days": 365}


@dataclass(frozen=True)
class Rules:
    """Days; ``keep_patient_days`` None: until somebody deletes by hand.

    The defaults are short because the medical record belongs in the practice's own system (DSK, "Datenschutz bei der
    Terminverwaltung durch Heilberufspraxen", 16 June 2025); the trail is kept for three years, in which claims expire
    (BGB section 195).
    """

    keep_intake_days: int = 30
    keep_patient_days: int | None = 90
    keep_appointment_days: int = 365
    keep_trail_days: int = 1095

    def before(self, now: datetime) -> dict[str, datetime | None]:
        """By kind of period the moment before which things go; None: never."""
        patient = self.keep_patient_days
        return {
            "intake": now - timedelta(days=self.keep_intake_days),
            "patient": None if patient is None else now - timedelta(days=patient),
            "appointment": now - timedelta(days=self.keep_appointment_days),
        }


def rules_of(practice: PracticeId) -> Rules:
    """What is set, else the defaults."""
    with acting_for(practice):
        row = RetentionRules.objects.filter(practice=practice).first()
    if row is None:
        return Rules()
    return Rules(row.keep_intake_days, row.keep_patient_days, row.keep_appointment_days, row.keep_trail_days)
