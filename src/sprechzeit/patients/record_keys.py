"""Each sealed record's own key: made with it, and gone before it (docs/decisions/003-record-keys.md).

Nothing here deletes: the database does, before each row that a key belongs to (``shreds`` in
``database/policies.py``), so that no verb can forget it. What has no key counts as erased everywhere.
"""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from sprechzeit import clock
from sprechzeit.patients.models import RecordKey
from sprechzeit.vault import Secret, new_record_key


def give_key(practice: int, record: UUID) -> Secret:
    """Make and store the key of a new record, and tell it. Needs ``acting_for``."""
    key = new_record_key()
    # Without RETURNING: the front's role may not read a key, not even its own.
    RecordKey.objects.bulk_create(
        [RecordKey(practice_id=practice, record=record, key=key.reveal(), created_at=clock.now())]
    )
    return key


def key_of(practice: int, record: UUID) -> Secret | None:
    """The key of one record, None when it has none any more. Needs ``acting_for``."""
    return keys_of(practice, [record]).get(record)


def keys_of(practice: int, records: Collection[UUID]) -> dict[UUID, Secret]:
    """The keys of some records, in one statement; those without one are left out. Needs ``acting_for``."""
    if not records:
        return {}
    rows = RecordKey.objects.filter(practice=practice, record__in=list(records)).values_list("record", "key")
    return {record: Secret(bytes(key)) for record, key in rows}
