"""Restore a data file with the newest keys of the records: what was erased since does not come back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import psycopg
from psycopg import sql

from sprechzeit.backup.errors import BackupError
from sprechzeit.backup.make import KEYS, backups
from sprechzeit.backup.programs import run_program
from sprechzeit.backup.tables import KEYLESS, NEWEST_ONLY
from sprechzeit.database.roles import ensure_database, ensure_roles

STOP = "--exit-on-error"


@dataclass(frozen=True)
class Restored:
    """Which file, and how many rows were left out because their record has been erased since, by table."""

    data: Path
    erased: dict[str, int]


def restore(folder: Path, url: str, *, at: datetime | None = None) -> Restored:
    """Fill an empty database with the newest data file, or the newest that is not after ``at``.

    Parameters
    ----------
    url
        Logs in as somebody who may read and write all rows and make roles.

    Raises
    ------
    BackupError
        Nothing fits, a file is missing, the database is not empty, or a program failed; then drop the database.
    """
    data = _chosen(folder, at)
    keys = folder / KEYS
    if not keys.is_file():
        raise BackupError(f"{keys} is missing: without the records' own keys nothing about any patient opens.")
    _prepare(url)
    run_program("pg_restore", url, STOP, "--section=pre-data", "--section=data", str(data))
    run_program("pg_restore", url, STOP, "--data-only", str(keys))
    with psycopg.connect(url, autocommit=True) as connection:
        for table in NEWEST_ONLY:  # of practices that are newer than the data
            strangers = sql.SQL("delete from {} where practice_id not in (select id from practice)")
            connection.execute(strangers.format(sql.Identifier(table)))
    run_program("pg_restore", url, STOP, "--section=post-data", str(data))
    return Restored(data, _drop_what_was_erased(url))


def _chosen(folder: Path, at: datetime | None) -> Path:
    fitting = [path for moment, path in backups(folder).items() if at is None or moment <= at]
    if not fitting:
        raise BackupError(f"There is no backup in {folder}{' from before that moment' if at else ''}.")
    return fitting[-1]


def _prepare(url: str) -> None:
    try:
        with psycopg.connect(url, autocommit=True) as connection:
            found = connection.execute("select count(*) from pg_tables where schemaname = 'public'").fetchone()
            if found != (0,):
                raise BackupError("The database is not empty: restore into a new one.")
            ensure_roles(connection)
            ensure_database(connection, connection.info.dbname)
    except psycopg.Error as error:
        raise BackupError(f"The database cannot be prepared: {error.diag.message_primary or error}") from None


def _drop_what_was_erased(url: str) -> dict[str, int]:
    """After the references are there, so that what hangs on a row goes or is cut off with it."""
    erased: dict[str, int] = {}
    with psycopg.connect(url) as connection:
        for table, column, which in KEYLESS:
            statement = sql.SQL(
                "delete from {table} as row where {which} and not exists (select from record_key as own"
                " where own.practice_id = row.practice_id and own.record = row.{column})"
            ).format(table=sql.Identifier(table), column=sql.Identifier(column), which=sql.SQL(which))
            count = connection.execute(statement).rowcount
            if count:
                erased[table] = erased.get(table, 0) + count
        connection.execute(
            "delete from record_key as own where not exists (select from patient where id = own.record)"
            " and not exists (select from intake where id = own.record)"
            " and not exists (select from patient_note where id = own.record)"
            " and not exists (select from appointment_note where appointment_id = own.record)"
            " and not exists (select from patient_merge where own.record in (absorbed, kept))"
        )
    return erased
