"""What somebody does to the trail who holds the whole database: a superuser, with every trigger out of the way."""

from __future__ import annotations

import hashlib
from typing import Any

import psycopg

from sprechzeit.audit.record import SYSTEM, record
from sprechzeit.audit.verify import EVENTS, START, event_bytes
from sprechzeit.database.connections import EMBEDDED_DATABASE
from sprechzeit.database.embedded import EmbeddedServer
from sprechzeit.database.tenancy import acting_for
from sprechzeit.identifiers import new_id
from tests.conftest import FOLDER
from tests.factories import Made, make_practice


def trail_of(count: int) -> Made:
    """A practice with so many events."""
    made = make_practice()
    with acting_for(made.id):
        for number in range(1, count + 1):
            record(made.id, SYSTEM, "test.write", [new_id(), new_id()], {"count": number, "fields": ["ä"]})
    return made


def forge(made: Made, statement: str, **values: Any) -> None:
    """Run a statement on the practice's events past every guard."""
    url = EmbeddedServer(FOLDER / "postgres").url("postgres", EMBEDDED_DATABASE)
    with psycopg.connect(url) as superuser:
        superuser.execute("set session_replication_role = replica")
        superuser.execute(statement, {"practice": made.id, **values})


def forge_whole_chain(made: Made) -> None:
    """Compute all hashes anew, so that the chain fits itself again."""
    url = EmbeddedServer(FOLDER / "postgres").url("postgres", EMBEDDED_DATABASE)
    with psycopg.connect(url) as superuser:
        superuser.execute("set session_replication_role = replica")
        before = START
        for number, *parts, _previous, _hash in superuser.execute(EVENTS, [made.id]).fetchall():
            digest = hashlib.sha256(before + event_bytes(made.id, number, parts)).digest()
            superuser.execute(
                "update audit_event set previous = %s, hash = %s where practice_id = %s and number = %s",
                [before, digest, made.id, number],
            )
            before = digest
