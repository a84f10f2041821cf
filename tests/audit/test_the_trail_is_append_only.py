from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import DatabaseError, ProgrammingError, connections, transaction

from sprechzeit.audit.models import Event
from sprechzeit.audit.record import SYSTEM, record
from sprechzeit.database.roles import Role
from sprechzeit.database.tenancy import ALIASES, acting_for, current_alias, wearing
from tests.factories import Made, make_practice

CHANGES = {
    "update": "update audit_event set action = 'never.happened' where practice_id = %(practice)s",
    "update of a hash": "update audit_event set hash = previous where practice_id = %(practice)s",
    "delete": "delete from audit_event where practice_id = %(practice)s",
    "truncate": "truncate audit_event",
    "truncate with all that hangs on practices": "truncate practice cascade",
}
INSERT = """
    insert into audit_event
        (practice_id, number, at, actor_kind, actor, address, action, subjects, details, previous, hash)
    select practice_id, number + 1, at, actor_kind, actor, address, action, subjects, details, hash, hash
    from audit_event where practice_id = %(practice)s
"""


@pytest.fixture
def made() -> Iterator[Made]:
    made = make_practice()
    with acting_for(made.id):
        record(made.id, SYSTEM, "test.write")
    before = kept(made)
    yield made
    assert kept(made) == before


def kept(made: Made) -> list[dict]:
    with wearing(Role.DESK), acting_for(made.id):
        return list(Event.objects.filter(practice=made.id).values())


def attempt(made: Made, role: Role, statement: str) -> None:
    with wearing(role), acting_for(made.id), connections[current_alias()].cursor() as cursor:
        cursor.execute(statement, {"practice": made.id})


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("change", list(CHANGES))
def test_nobody_changes_or_deletes_what_is_written(made: Made, role: Role, change: str) -> None:
    with pytest.raises(DatabaseError) as refusal:
        attempt(made, role, CHANGES[change])

    assert getattr(refusal.value.__cause__, "sqlstate", None) == "42501"  # insufficient privilege


@pytest.mark.parametrize("role", [Role.DESK, Role.FRONT, Role.WORKER])
def test_no_role_of_the_application_writes_past_the_chain(made: Made, role: Role) -> None:
    with pytest.raises(ProgrammingError, match="permission denied"):
        attempt(made, role, INSERT)


def test_the_front_cannot_read_the_trail(made: Made) -> None:
    with pytest.raises(ProgrammingError, match="permission denied"):
        attempt(made, Role.FRONT, "select count(*) from audit_event")


@pytest.mark.parametrize("role", [Role.DESK, Role.FRONT, Role.WORKER])
def test_nobody_appends_to_another_practices_trail(made: Made, role: Role) -> None:
    other = make_practice()

    with pytest.raises(DatabaseError), wearing(role), acting_for(other.id):
        record(made.id, SYSTEM, "test.foreign")


@pytest.mark.parametrize("role", [Role.DESK, Role.FRONT, Role.WORKER])
def test_nothing_is_appended_outside_a_practices_transaction(made: Made, role: Role) -> None:
    with pytest.raises(DatabaseError), wearing(role), transaction.atomic(ALIASES[role]):
        record(made.id, SYSTEM, "test.outside")


@pytest.mark.parametrize("role", [Role.DESK, Role.FRONT, Role.WORKER])
def test_no_role_of_the_application_takes_the_guard_away(made: Made, role: Role) -> None:
    for statement in (
        "alter table audit_event disable trigger all",
        "drop trigger audit_event_append_only on audit_event",
        "set session_replication_role = replica",
        "alter table audit_event no force row level security",
    ):
        with pytest.raises(DatabaseError):
            attempt(made, role, statement)
