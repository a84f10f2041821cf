"""Try every key that can be made of the loot on every practice."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from typing import Any

import psycopg
from psycopg import sql

from sprechzeit.drill.keys_tried import (
    Target,
    plant_under_own_key,
    target_of,
    try_as_data_key,
    try_as_grant,
    try_as_private_key,
    try_own_keys,
)
from sprechzeit.drill.loot import KEY, configured, guessed, keys_from, private_keys_from
from sprechzeit.drill.outcome import Opened, Tried
from sprechzeit.drill.people import PATIENTS
from sprechzeit.drill.scene import Scene
from sprechzeit.identifiers import new_id
from sprechzeit.vault import GrantContext, Secret, kek_from_prf, wrap

DEEP = 4  # practices on which each derived key is tried: one that opens any would open all
PROCESSES = 2
COLUMNS = """
    select c.table_name, c.column_name from information_schema.columns c
    where c.data_type = 'bytea' and c.table_schema = 'public'
        and c.table_name not in ('patient', 'intake', 'record_key')
        and exists (select from information_schema.columns p
            where p.table_schema = 'public' and p.table_name = c.table_name and p.column_name = 'practice_id')
"""
VALUES = "select substring({column} for 4096) from {table} where practice_id = %s and {column} is not null limit 200"
SIZES = """
    select (select count(*) from patient where practice_id = %(p)s),
        (select count(*) from appointment where practice_id = %(p)s),
        (select count(*) from membership where practice_id = %(p)s)
"""


@dataclass
class Count:
    """Of one way, over all practices."""

    times: int = 0
    patients: int = 0
    appointments: int = 0
    members: int = 0

    def add(self, times: int, sizes: tuple[int, int, int], *, patients: bool = False, members: bool = False) -> None:
        self.times += times
        if patients:
            self.patients += sizes[0]
            self.appointments += sizes[1]
        if members:
            self.members += sizes[2]

    def told(self, what: str, planted: int, seen: int) -> Tried:
        return Tried(what, self.times, planted, seen, Opened(self.patients, self.appointments, self.members))


def play_keys(scene: Scene) -> tuple[Tried, ...]:
    """Derived keys on some practices, a practice's own values and private keys on each, record keys on each record."""
    known = configured(scene)
    derived = keys_from(known, guessed())
    numbers = [plan.practice for plan in scene.plans]
    step = max(1, len(numbers) // DEEP)
    tasks = [(scene.url(), number, derived if place % step == 0 else [], known) for place, number in enumerate(numbers)]
    counts = {name: Count() for name in ("data", "grant", "private", "own")}
    with ProcessPoolExecutor(PROCESSES, mp_context=get_context("fork")) as pool:
        for found in pool.map(_try_practice, tasks):
            for name, (times, sizes, patients, members) in found.items():
                counts[name].add(times, sizes, patients=patients, members=members)
    seen = _control(scene)
    return (
        counts["data"].told("keys tried as a practice's data key", 2, sum(seen["data"])),
        counts["grant"].told("secrets tried on what passkeys, sheets and tokens wrap", 1, seen["grant"]),
        counts["private"].told("keys tried as a practice's private key", 1, seen["private"]),
        counts["own"].told("records tried with their own key alone", 2, seen["own"]),
    )


Found = dict[str, tuple[int, tuple[int, int, int], bool, bool]]  # way -> tries, sizes, opens patients, opens members


def _try_practice(task: tuple[str, int, list[bytes], set[bytes]]) -> Found:
    url, practice, derived, known = task
    with psycopg.connect(url) as connection:
        target = target_of(connection, practice)
        sizes = connection.execute(SIZES, {"p": practice}).fetchone() or (0, 0, 0)
        own = list(_own_values(connection, practice))
        rows = connection.execute(PATIENTS, [practice]).fetchall()
    keys = [*derived, *own]
    as_data, patients, members = try_as_data_key(target, keys)
    as_grant, granted = try_as_grant(target, keys)
    as_private, opened = try_as_private_key(target, private_keys_from(known, practice))
    alone, bare = try_own_keys(((row, bytes(sealed), bytes(key)) for row, sealed, key in rows), practice)
    return {
        "data": (as_data, sizes, patients, members),
        "grant": (as_grant, sizes, granted, granted),
        "private": (as_private, sizes, opened, opened),
        "own": (alone, (bare, 0, 0), bare > 0, False),
    }


def _own_values(connection: psycopg.Connection[Any], practice: int) -> Iterator[bytes]:
    """Every 32 bytes that stand in the practice's own rows, and their hashes: a key may lie beside what it opens."""
    for table, column in connection.execute(COLUMNS).fetchall():
        query = sql.SQL(VALUES).format(table=sql.Identifier(table), column=sql.Identifier(column))
        for (value,) in connection.execute(query, [practice]):
            yield hashlib.sha256(value).digest()
            for start in range(0, min(len(value) - KEY, 128) + 1, 16):
                yield value[start : start + KEY]


def _control(scene: Scene) -> dict[str, Any]:
    """The same functions, with the practice's own keys among the others: each must open."""
    practice = scene.plans[0].practice
    keys = scene.keys(practice)
    with psycopg.connect(scene.url()) as connection:
        target = target_of(connection, practice)
    _times, patients, members = try_as_data_key(target, [bytes(KEY), keys.keyring.current_key.secret.reveal()])
    context, secret = GrantContext(practice, "passkey-prf", b"drill"), Secret(bytes(range(KEY)))
    wrapped = wrap(kek_from_prf(secret, context), keys.private, context)
    planted = Target(practice, None, None, ((context.kind, context.credential, wrapped),), target.data_key)
    return {
        "data": (patients, members),
        "grant": try_as_grant(planted, [bytes(KEY), secret.reveal()])[1],
        "private": try_as_private_key(target, [bytes(96), keys.private.reveal()])[1],
        "own": try_own_keys(plant_under_own_key(practice, str(new_id())), practice)[1],
    }
