"""The loader keeps to the scale, and to what the database demands of every other row."""

from __future__ import annotations

import subprocess
from typing import LiteralString

import psycopg
import pytest
from psycopg import sql

from sprechzeit.bench.keys import keys_of
from sprechzeit.bench.lines import COLUMNS
from sprechzeit.bench.people import FIRST, LAST
from sprechzeit.bench.scale import Scale, plans
from sprechzeit.bench.store import Store
from sprechzeit.patients.person import Person
from sprechzeit.patients.sealed import open_listed, open_person
from sprechzeit.vault import CannotOpen, Context, Secret, open_data_key, open_shreddable


def _count(connection: psycopg.Connection, table: str) -> int:
    row = connection.execute(sql.SQL("select count(*) from {}").format(sql.Identifier(table))).fetchone()
    return int(row[0]) if row else 0


def _one(connection: psycopg.Connection, query: LiteralString) -> object:
    row = connection.execute(query).fetchone()
    return row[0] if row else None


def test_the_totals_are_the_scales(superuser: psycopg.Connection, tiny: Scale) -> None:
    wanted = {
        "practice": tiny.practices,
        "patient": tiny.patients,
        "appointment": tiny.appointments,
        "member": tiny.members,
        "membership": tiny.members,
        "key_grant": tiny.members,
        "sealed_data_key": tiny.practices,
    }

    found = {table: _count(superuser, table) for table in wanted}

    assert found == wanted


def test_every_table_that_is_loaded_has_rows(superuser: psycopg.Connection) -> None:
    empty = [table for table in COLUMNS if not _count(superuser, table)]

    assert empty == []


def test_a_patient_opens_with_the_keys_of_the_practice_and_no_other(superuser: psycopg.Connection) -> None:
    row = superuser.execute(
        "select id, patient.practice_id, name_sealed, record_sealed, key"
        " from patient join record_key on record = id order by id limit 1"
    ).fetchone()
    assert row is not None
    patient, practice, name, whole, own = row

    person = open_person(keys_of(practice), patient, whole, Secret(own))
    [listed] = open_listed(keys_of(practice), [(patient, name, own)])

    assert (listed.first_name, listed.last_name) == (person.first_name, person.last_name)
    assert person.last_name.split("-")[0] in LAST
    with pytest.raises(CannotOpen):
        open_person(keys_of(practice + 1), patient, whole, Secret(own))


def test_an_intake_opens_with_the_private_key_of_the_practice(superuser: psycopg.Connection) -> None:
    row = superuser.execute(
        "select id, intake.practice_id, sealed, key from intake join record_key on record = id limit 1"
    ).fetchone()
    assert row is not None
    intake, practice, sealed, own = row

    place = Context(practice, "intake", "sealed", str(intake))
    opened = open_shreddable(keys_of(practice).private, Secret(own), sealed, place)

    assert Person.from_bytes(opened).first_name in FIRST


def test_the_stored_keys_belong_together(superuser: psycopg.Connection) -> None:
    for practice, public, sealed in superuser.execute(
        "select p.id, p.public_key, k.sealed from practice p join sealed_data_key k on k.practice_id = p.id"
    ):
        keys = keys_of(practice)

        assert keys.private_key.public == public
        assert open_data_key(keys.private, sealed, practice) == keys.keyring.current_key


def test_no_name_stands_in_the_dump(store: Store) -> None:
    command = [store.server.program("pg_dump"), "--dbname", store.url()]
    dumped = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert len(dumped) > 500_000

    plain = [name for name in (*FIRST, *LAST, "example.org") if len(name) >= 5]
    in_hex = [name.encode().hex() for name in plain if len(name) >= 7]  # shorter ones come up by chance
    found = [form for form in (*plain, *in_hex) if form in dumped]

    assert found == []


def test_indexes_and_constraints_are_back_and_valid(superuser: psycopg.Connection) -> None:
    assert _one(superuser, "select count(*) from pg_constraint where not convalidated") == 0
    assert _one(superuser, "select count(*) from pg_index where not indisvalid") == 0
    assert _one(superuser, "select contype::text from pg_constraint where conname = 'occupancy_no_overlap'") == "x"
    with psycopg.connect(superuser.info.dsn) as other:
        again = "insert into occupancy (practice_id, lane_id, during) select practice_id, lane_id, during "
        with pytest.raises(psycopg.errors.ExclusionViolation):
            other.execute(again + "from occupancy limit 1")


def test_only_yesterday_and_the_future_are_occupied(superuser: psycopg.Connection) -> None:
    orphaned = """
        select count(*) from appointment a where status <> 'cancelled' and starts_at > now()
        and (select count(*) from occupancy o where o.appointment_id = a.id) <> cardinality(resource_ids)
    """

    assert _one(superuser, "select count(*) from occupancy where ends_at < now() - interval '2 days'") == 0
    assert _one(superuser, orphaned) == 0
    assert _one(superuser, "select count(*) from occupancy where starts_at > now() + interval '1 day'") != 0


def test_what_is_occupied_was_open(superuser: psycopg.Connection) -> None:
    outside = """
        select count(*) from occupancy o join lane l on l.id = o.lane_id where not exists
        (select from opening w where w.resource_id = l.resource_id and w.during @> o.during)
    """

    assert _one(superuser, outside) == 0


def test_new_rows_get_numbers_behind_the_loaded_ones(superuser: psycopg.Connection, tiny: Scale) -> None:
    last = plans(tiny)[-1]

    assert _one(superuser, "select nextval(pg_get_serial_sequence('practice', 'id'))") == last.practice + 1
    assert (
        _one(superuser, "select nextval(pg_get_serial_sequence('resource', 'id'))")
        == last.first_resource + last.resources
    )
