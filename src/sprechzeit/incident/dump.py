"""What a stolen dump of the whole database holds in the clear, and what is sealed: read from the catalogue itself.

Of no patient anything can be read without a session of a member: names and everything that was typed are sealed to keys
that open only with a member's credential. That no personal data stands in another column is what
tests/test_marker_leaks_nowhere.py proves with marked data.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import connections

from sprechzeit.booking.models import Appointment
from sprechzeit.database.tenancy import acting_for, current_alias
from sprechzeit.identifiers import PracticeId
from sprechzeit.messages.models import NotifierAddress
from sprechzeit.patients.models import Intake, Patient

COLUMNS = """
    select c.relname, a.attname from pg_class c
    join pg_namespace n on n.oid = c.relnamespace and n.nspname = 'public'
    join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
    where c.relkind = 'r'
      and exists (select 1 from pg_attribute p where p.attrelid = c.oid and p.attname = 'practice_id' and p.attnum > 0)
    order by c.relname, a.attnum
"""
NOT_ALONE = {("record_key", "key"): "opens nothing without the practice's key"}
SEALED_NAMES = ("sealed", "wrapped")


@dataclass(frozen=True)
class Table:
    """One table with practices' data: which columns can be read, which are sealed or hashed."""

    name: str
    clear: tuple[str, ...]
    sealed: tuple[str, ...]
    hashed: tuple[str, ...]


@dataclass(frozen=True)
class Loot:
    """How many rows of a practice somebody holds: of sealed ones none opens, of clear ones none names a person.

    ``addresses`` are sealed to the notifier: they open with the worker's private key, if that was stolen too.
    """

    practice: PracticeId
    sealed_records: int
    sealed_bookings: int
    appointments: int
    addresses: int


def tables_in_a_dump() -> list[Table]:
    """All tables with practices' data, by name; as any role of the application."""
    with connections[current_alias()].cursor() as cursor:
        cursor.execute(COLUMNS)
        rows = cursor.fetchall()
    names = dict.fromkeys(table for table, _ in rows)
    return [_table(name, [column for table, column in rows if table == name]) for name in names]


def loot_of(practice: PracticeId) -> Loot:
    """What of one practice is in the dump; as the role ``desk``."""
    with acting_for(practice):
        return Loot(
            practice,
            Patient.objects.filter(practice=practice).count(),
            Intake.objects.filter(practice=practice).count(),
            Appointment.objects.filter(practice=practice).count(),
            NotifierAddress.objects.filter(practice=practice, refused_at__isnull=True).count(),
        )


def _table(name: str, columns: Iterable[str]) -> Table:
    sealed = tuple(one for one in columns if is_sealed(name, one))
    hashed = tuple(one for one in columns if one.endswith(("_hash", "_mac")) or one in {"hash", "previous"})
    return Table(name, tuple(one for one in columns if one not in {*sealed, *hashed}), sealed, hashed)


def is_sealed(table: str, column: str) -> bool:
    """Whether it opens for nobody who holds the database alone."""
    return (table, column) in NOT_ALONE or any(column == name or column.endswith(f"_{name}") for name in SEALED_NAMES)
