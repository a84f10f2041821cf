"""Which tables an old backup must not bring back."""

from __future__ import annotations

NEWEST_ONLY = ("record_key", "message", "notifier_address")
"""Kept in one generation: the records' own keys, and to whom something was written. What of these is deleted is in no
backup any more, and what was sent is not sent again."""

NEVER = ("desk_session", "day_sheet")
"""Not kept at all: a session that ended must not come back, and a day sheet names people and is made anew."""

KEYLESS = (
    ("patient", "id", "true"),
    ("intake", "id", "true"),
    ("patient_note", "id", "row.sealed is not null"),
    ("rights_text", "request_id", "true"),
    ("appointment_note", "appointment_id", "true"),
    ("patient_merge", "absorbed", "true"),
    ("patient_merge", "kept", "true"),
)
"""Table, the column that names the record whose own key the row is under, and which rows have one."""
