"""What is due to go, as SQL that finds identifiers: the settings count it, the night deletes it.

Nothing here opens or reads anything sealed. Another table that lets a patient stay adds a line to ``STAYS_WHILE``.
"""

from __future__ import annotations

from collections.abc import Collection
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.db import connections

from sprechzeit import clock
from sprechzeit.database.tenancy import acting_for, current_alias
from sprechzeit.identifiers import PracticeId
from sprechzeit.retention.rules import Rules


class Kind(StrEnum):
    """What goes, in this order."""

    INTAKES = "intakes"
    COMMENTS = "comments"
    NOTES = "notes"
    PATIENTS = "patients"
    APPOINTMENTS = "appointments"
    REQUEST_TEXTS = "request-texts"
    REQUESTS = "requests"


# A visit is over at its end, a cancelled one when it was cancelled. (All SQL here is made of constants.)
OVER = "case when {0}.status = 'cancelled' then least({0}.ends_at, {0}.changed_at) else {0}.ends_at end"
# Kept for the patient's own claims, or while it is examined whether they are right (GDPR Art. 18(1)).
IS_RESTRICTED = "select from patient where patient.id = {0}.patient_id and patient.restricted_at is not null"
STAYS_WHILE = (
    # a visit is to come, or was not long ago
    f"select from appointment as visit where visit.practice_id = patient.practice_id and visit.patient_id = patient.id"
    f" and {OVER.format('visit')} >= %(patient)s",
    # the patient waits for one
    "select from waiting_entry as wait where wait.practice_id = patient.practice_id and wait.patient_id = patient.id"
    " and wait.ended_at is null",
    # the patient wants to be invited to check-ups
    "select from consent where consent.patient_id = patient.id"
    " and consent.purpose = 'recall' and consent.withdrawn_at is null",
    # processing is restricted
    "select where patient.restricted_at is not null",
    # what the patient has asked for is not answered yet
    "select from rights_request as asked left join appointment as about on about.id = asked.appointment_id"
    " where asked.practice_id = patient.practice_id and asked.state = 'open'"
    " and coalesce(asked.patient_id, about.patient_id) = patient.id",
)
# The others go with "intake".
PERIOD = {Kind.PATIENTS: "patient", Kind.APPOINTMENTS: "appointment", Kind.REQUESTS: "appointment"}
DUE = {
    # Also one that belongs to no visit any more. While a visit needs it, it stays, taken over or not.
    Kind.INTAKES: f"""
        select intake.id from intake
        where intake.practice_id = %(practice)s and intake.created_at < %(intake)s
            and not exists (select from hold where hold.practice_id = %(practice)s and hold.intake_id = intake.id)
            and not exists (
                select from waiting_entry as wait
                where wait.practice_id = %(practice)s and wait.intake_id = intake.id and wait.ended_at is null
            )
            and not exists (
                select from appointment as visit
                where visit.practice_id = %(practice)s and visit.intake_id = intake.id
                    and ({OVER.format("visit")} >= %(intake)s or exists ({IS_RESTRICTED.format("visit")}))
            )
    """,  # noqa: S608 - made of constants
    Kind.COMMENTS: f"""
        select note.appointment_id
        from appointment_note as note join appointment on appointment.id = note.appointment_id
        where note.practice_id = %(practice)s and {OVER.format("appointment")} < %(intake)s
            and not exists ({IS_RESTRICTED.format("appointment")})
    """,  # noqa: S608 - made of constants
    Kind.NOTES: f"""
        select note.id from patient_note as note join appointment on appointment.id = note.appointment_id
        where note.practice_id = %(practice)s and {OVER.format("appointment")} < %(intake)s
            and not exists ({IS_RESTRICTED.format("appointment")})
    """,  # noqa: S608 - made of constants
    Kind.PATIENTS: f"""
        select patient.id from patient
        where patient.practice_id = %(practice)s and patient.created_at < %(patient)s
            and {" and ".join(f"not exists ({one})" for one in STAYS_WHILE)}
    """,  # noqa: S608 - made of constants
    # Bare: nobody can be told from it any more.
    Kind.APPOINTMENTS: """
        select id from appointment
        where practice_id = %(practice)s and ends_at < %(appointment)s and patient_id is null and intake_id is null
            and not exists (select from occupancy where occupancy.appointment_id = appointment.id)
    """,
    Kind.REQUEST_TEXTS: """
        select text.request_id from rights_text as text join rights_request as asked on asked.id = text.request_id
        where text.practice_id = %(practice)s and asked.closed_at < %(intake)s
    """,
    Kind.REQUESTS: """
        select id from rights_request where practice_id = %(practice)s and closed_at < %(appointment)s
    """,
}


def count_due(practice: PracticeId, rules: Rules) -> dict[Kind, int]:
    """How many would go now under these rules; kinds of which there are none are left out."""
    found = {}
    with acting_for(practice), connections[current_alias()].cursor() as cursor:
        for kind, values in _asked(practice, rules):
            cursor.execute(f"select count(*) from ({DUE[kind]}) as due", values)  # noqa: S608 - constants of this file
            (count,) = cursor.fetchone()
            if count:
                found[kind] = count
    return found


def due(
    practice: PracticeId,
    rules: Rules,
    kind: Kind,
    *,
    most: int,
    among: Collection[UUID] | None = None,
    lock: bool = False,
) -> list[UUID]:
    """Some identifiers that are due, all ``among`` these if given. Needs ``acting_for``.

    ``lock``: nobody changes them meanwhile, and what somebody else has locked is left for the next night.
    """
    values = dict(_asked(practice, rules)).get(kind)
    if values is None:
        return []
    statement = DUE[kind]
    if among is not None:
        statement += " and patient.id = any(%(among)s::uuid[])"
        values = {**values, "among": list(among)}
    statement += " limit %(most)s" + (" for update of patient skip locked" if lock else "")
    with connections[current_alias()].cursor() as cursor:
        cursor.execute(statement, {**values, "most": most})
        return [row[0] for row in cursor.fetchall()]


def _asked(practice: PracticeId, rules: Rules) -> list[tuple[Kind, dict[str, Any]]]:
    before = rules.before(clock.now())
    values: dict[str, Any] = {"practice": practice, **before}
    return [(kind, values) for kind in Kind if before[PERIOD.get(kind, "intake")] is not None]
