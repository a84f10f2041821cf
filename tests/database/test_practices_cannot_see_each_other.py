"""Through each role: another practice's rows are neither read, nor changed, nor pointed at."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import DatabaseError, connections
from django.db.utils import IntegrityError, ProgrammingError

from sprechzeit.database.roles import Role
from sprechzeit.database.tenancy import ALIASES, acting_for, current_alias, wearing
from sprechzeit.practices.models import Lane, Resource
from tests.factories import Made, in_days, make_bookable, make_practice

APPLICATION = [Role.DESK, Role.FRONT, Role.WORKER]
TABLES = """
    select distinct table_name from information_schema.columns
    where table_schema = 'public' and column_name = 'practice_id'
"""


def tables() -> list[str]:
    with connections["owner"].cursor() as cursor:
        cursor.execute(TABLES)
        return sorted(name for (name,) in cursor.fetchall())


def count(table: str, practice: int) -> int | None:
    """Rows of this practice that the present role sees; None when it may not look at all."""
    with connections[current_alias()].cursor() as cursor:
        try:
            cursor.execute(f'select count(practice_id) from "{table}" where practice_id = %s', [practice])
        except ProgrammingError:
            return None
        row = cursor.fetchone()
        return int(row[0])


@pytest.mark.parametrize("role", [*APPLICATION, Role.OWNER])
def test_no_role_sees_rows_of_another_practice(role: Role) -> None:
    mine, other = make_bookable()[0], make_bookable()[0]

    seen = {}
    for table in tables():
        with wearing(role), acting_for(mine.id):
            seen[table] = count(table, other.id)

    assert {table: number for table, number in seen.items() if number} == {}
    with wearing(role), acting_for(other.id):
        assert count("opening", other.id)  # the same look from inside does see rows


@pytest.mark.parametrize("role", APPLICATION)
def test_without_a_practice_nothing_is_seen(role: Role) -> None:
    made, _ = make_bookable()

    with wearing(role):
        seen = {table: count(table, made.id) for table in tables()}

    assert {table: number for table, number in seen.items() if number} == {}


@pytest.mark.parametrize("role", APPLICATION)
def test_a_practice_left_over_from_another_transaction_is_not_seen(role: Role) -> None:
    made, _ = make_bookable()
    with wearing(role), acting_for(made.id):
        pass

    with wearing(role):
        assert not count("opening", made.id)


def attempt(role: Role, as_practice: Made, change: Callable[[], object]) -> type[BaseException] | int:
    with wearing(role):
        try:
            with acting_for(as_practice.id):
                done = change()
        except DatabaseError as error:
            return type(error)
    return done if isinstance(done, int) else 0


@pytest.mark.parametrize("role", APPLICATION)
def test_rows_of_another_practice_cannot_be_changed(role: Role) -> None:
    mine, other = make_practice(), make_practice()

    def rename() -> int:
        return Resource.objects.filter(practice=other.id).update(name="taken over")

    outcome = attempt(role, mine, rename)

    assert outcome in (0, ProgrammingError)
    with wearing(Role.DESK), acting_for(other.id):
        assert not Resource.objects.filter(name="taken over").exists()


def test_a_row_cannot_be_put_into_another_practice() -> None:
    mine, other = make_practice(), make_practice()

    def smuggle() -> object:
        return Resource.objects.create(practice_id=other.id, location=other.location, kind="room", name="x")

    assert attempt(Role.DESK, mine, smuggle) is ProgrammingError


def test_a_lane_of_another_practice_cannot_be_occupied() -> None:
    mine, other = make_practice(), make_practice()
    with wearing(Role.DESK), acting_for(other.id):
        lane = Lane.objects.get(resource=other.clinicians[0], overbooking=False)

    for role in (Role.DESK, Role.FRONT):

        def occupy() -> None:
            with connections[ALIASES[role]].cursor() as cursor:  # noqa: B023 - called at once
                cursor.execute(
                    "insert into occupancy (practice_id, lane_id, during) values (%s, %s, tstzrange(%s, %s))",
                    [mine.id, lane.id, in_days(1, 9), in_days(1, 10)],
                )

        assert attempt(role, mine, occupy) is IntegrityError
