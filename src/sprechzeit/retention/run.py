"""Forget what is due, as the worker, who holds no key and reads nothing sealed.

Batch by batch, each in one transaction with its event in the trail: killed at any point, the next night goes on with
what is left, and a second run finds nothing. Of every record the database deletes its own key first (``shreds``).
"""

from __future__ import annotations

from uuid import UUID

from django.db import connections

from sprechzeit.audit.cut import cut_trail
from sprechzeit.audit.record import SYSTEM, record
from sprechzeit.database.tenancy import acting_for, current_alias, retrying
from sprechzeit.identifiers import PracticeId
from sprechzeit.patients.merge import forget_merges_of
from sprechzeit.patients.models import PatientMerge
from sprechzeit.retention.due import Kind, due
from sprechzeit.retention.models import RetentionReport
from sprechzeit.retention.rules import Rules, rules_of

BATCH = 500
TABLES = {
    Kind.INTAKES: ("intake", "id"),
    Kind.COMMENTS: ("appointment_note", "appointment_id"),
    Kind.NOTES: ("patient_note", "id"),
    Kind.PATIENTS: ("patient", "id"),
    Kind.APPOINTMENTS: ("appointment", "id"),
    Kind.REQUEST_TEXTS: ("rights_text", "request_id"),
    Kind.REQUESTS: ("rights_request", "id"),
}
OF_PATIENTS = (
    "delete from patient_note as note using appointment where appointment.id = note.appointment_id"
    " and note.practice_id = %(practice)s and appointment.patient_id = any(%(patients)s::uuid[])",
    "delete from appointment_note as note using appointment where appointment.id = note.appointment_id"
    " and note.practice_id = %(practice)s and appointment.patient_id = any(%(patients)s::uuid[])",
    "delete from intake using appointment where appointment.intake_id = intake.id"
    " and intake.practice_id = %(practice)s and appointment.patient_id = any(%(patients)s::uuid[])",
)


def forget_what_is_due(practice: PracticeId, *, batch: int = BATCH) -> dict[str, int]:
    """Delete all that is due in this practice, and tell how much of which kind."""
    rules = rules_of(practice)
    gone: dict[str, int] = {}
    for kind in Kind:
        while count := _forget_some(practice, rules, kind, batch):
            gone[kind] = gone.get(kind, 0) + count
    if count := _cut(practice, rules):
        gone["events"] = count
    return gone


@retrying
def _forget_some(practice: PracticeId, rules: Rules, kind: Kind, batch: int) -> int:
    with acting_for(practice):
        found = _patients(practice, rules, batch) if kind == Kind.PATIENTS else due(practice, rules, kind, most=batch)
        if not found:
            return 0
        table, column = TABLES[kind]
        with connections[current_alias()].cursor() as cursor:
            cursor.execute(
                f"delete from {table} where practice_id = %s and {column} = any(%s::uuid[])",  # noqa: S608 - constants
                [practice, found],
            )
            count = int(cursor.rowcount)
        _told(practice, kind, count)
        return count


def _patients(practice: PracticeId, rules: Rules, batch: int) -> list[UUID]:
    """Lock them, then look again: a booking may have been committed between finding and locking. What hangs on them
    goes first."""
    locked = due(practice, rules, Kind.PATIENTS, most=batch, lock=True)
    found = due(practice, rules, Kind.PATIENTS, most=batch, among=locked) if locked else []
    if found:
        with connections[current_alias()].cursor() as cursor:
            for statement in OF_PATIENTS:
                cursor.execute(statement, {"practice": practice, "patients": found})
        merged = PatientMerge.objects.filter(practice=practice, kept__in=found)
        for patient in set(merged.values_list("kept", flat=True)):
            forget_merges_of(practice, patient)
    return found


@retrying
def _cut(practice: PracticeId, rules: Rules) -> int:
    with acting_for(practice):
        count = cut_trail(practice, rules.keep_trail_days)
        if count:
            _told(practice, "events", count)
        return count


def _told(practice: PracticeId, kind: str, count: int) -> None:
    """In the trail, and noted for the mail to the owner."""
    record(practice, SYSTEM, "retention.run", details={"fields": [str(kind)], "count": count})
    report, _made = RetentionReport.objects.select_for_update().get_or_create(practice_id=practice)
    report.pending[str(kind)] = report.pending.get(str(kind), 0) + count
    report.save(update_fields=["pending"])
