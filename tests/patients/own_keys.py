"""The own key of a record, as the desk reads it."""

from __future__ import annotations

from uuid import UUID

from sprechzeit.database.roles import Role
from sprechzeit.database.tenancy import acting_for, wearing
from sprechzeit.patients.record_keys import give_key, key_of
from sprechzeit.vault import Secret
from tests.factories import Made


def own_key(made: Made, record: UUID) -> Secret:
    """The key; of a record that has none yet a new one."""
    with wearing(Role.DESK), acting_for(made.id):
        return key_of(made.id, record) or give_key(made.id, record)
