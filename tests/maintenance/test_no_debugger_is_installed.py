"""Nothing that opens a debugger or a profiler is among the production dependencies, and the owner alone migrates."""

from __future__ import annotations

import re
from pathlib import Path

import psycopg
import pytest
from django.core.management import call_command
from django.db import connections
from django.db.migrations.loader import MigrationLoader

from sprechzeit.database.connections import ALIAS_OF_ROLE, direct_parameters
from sprechzeit.database.roles import APPLICATION
from sprechzeit.doctor.packages import DOORS, TOOLS

LOCK = Path(__file__).parents[2] / "requirements" / "run.txt"
NAMES = {re.sub(r"[-_.]+", "-", name).lower() for name in re.findall(r"^([A-Za-z0-9._-]+)==", LOCK.read_text(), re.M)}
OTHERS = [alias for alias, role in ALIAS_OF_ROLE.items() if role in APPLICATION]


def test_production_installs_no_debugger_and_no_profiler() -> None:
    assert len(NAMES) > 20
    assert {"django", "psycopg"} <= NAMES

    assert not NAMES & (DOORS | TOOLS)
    assert [name for name in NAMES if re.search(r"debug|profil|silk|toolbar|\bpdb", name)] == []


@pytest.mark.parametrize("alias", OTHERS)
def test_no_other_role_can_change_a_table_or_make_one(alias: str) -> None:
    with psycopg.connect(**direct_parameters(alias), autocommit=True) as connection:
        for statement in (
            "create table planted (id int)",
            "alter table practice add column planted int",
            "drop table practice",
            "create function planted() returns int language sql as 'select 1'",
            "delete from django_migrations",
        ):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(statement)


@pytest.mark.parametrize("alias", OTHERS)
def test_a_migration_as_another_role_makes_nothing(alias: str) -> None:
    with connections["owner"].cursor() as cursor:
        cursor.execute("select count(*) from pg_class where relnamespace = 'public'::regnamespace")
        (before,) = cursor.fetchone()

    with pytest.raises(Exception, match="permission denied"):
        call_command("migrate", database=alias, verbosity=0)

    with connections["owner"].cursor() as cursor:
        cursor.execute("select count(*) from pg_class where relnamespace = 'public'::regnamespace")
        assert cursor.fetchone() == (before,)
    assert MigrationLoader(connections["owner"]).applied_migrations
