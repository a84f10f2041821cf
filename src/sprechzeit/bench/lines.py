"""The lines that COPY reads: text format, columns separated by tabs."""

from __future__ import annotations

from random import Random
from uuid import UUID

NULL = r"\N"

COLUMNS = {
    "practice": "id, slug, name, kind, time_zone, subdivision, street, postal_code, city, phone, listed, "
    "public_key, current_data_key, birth_date_purpose, email, idle_minutes, session_hours, set_up_at, created_at, "
    "latitude, longitude, specialties, languages, accessibility, insurances, accepts_new",
    "location": "id, practice_id, name, street, postal_code, city",
    "resource": "id, practice_id, location_id, kind, name, short_name, specialty, capacity, position",
    "lane": "id, practice_id, resource_id, number, overbooking",
    "visit_type": "id, practice_id, name_de, name_en, tone, duration_minutes, buffer_before_minutes, "
    "buffer_after_minutes, grid_minutes, online, lead_minutes, horizon_days, change_until_minutes, position",
    "visit_type_need": "practice_id, visit_type_id, number, resource_id",
    "weekly_rule": "practice_id, resource_id, weekday, opens, closes, valid_from, every_weeks, on_holidays",
    "member": "id, created_at",
    "membership": "practice_id, member_id, role, name_sealed, created_at",
    "sealed_data_key": "practice_id, number, sealed, created_at",
    "key_grant": "practice_id, member_id, kind, credential, wrapped, stretching, created_at",
    "opening": "practice_id, resource_id, during",
    "patient": "id, practice_id, name_sealed, record_sealed, version, created_at",
    "record_key": "practice_id, record, key, created_at",
    "intake": "id, practice_id, sealed, created_at",
    "appointment": "id, practice_id, visit_type_id, starts_at, ends_at, resource_ids, status, source, "
    "patient_id, intake_id, manage_hash, version, created_at, changed_at",
    "occupancy": "practice_id, lane_id, during, appointment_id",
}
"""Tables in the order of their references, with the columns that are loaded."""

Line = tuple[str, str]  # table and its line


def line(*values: object) -> str:
    """Values without tabs, backslashes and line ends, as all made-up ones are."""
    return "\t".join(map(str, values)) + "\n"


def bytea(value: bytes) -> str:
    """Bytes as PostgreSQL reads them, with COPY's own escaping."""
    return r"\\x" + value.hex()


def uuid7(unix_milliseconds: int, random: Random) -> UUID:
    """Like ``identifiers.new_id``, for a chosen moment and the same every time."""
    bits = random.getrandbits(74)
    return UUID(int=unix_milliseconds << 80 | 7 << 76 | bits >> 62 << 64 | 2 << 62 | bits & (1 << 62) - 1)
