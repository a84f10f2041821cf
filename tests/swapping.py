"""Somebody who can write to the database puts another public key in a practice's place."""

from __future__ import annotations

import psycopg

from sprechzeit.database.connections import EMBEDDED_DATABASE
from sprechzeit.database.embedded import EmbeddedServer
from sprechzeit.identifiers import PracticeId
from sprechzeit.practices.models import Practice
from sprechzeit.vault import KeyPair, generate_key_pair
from tests.conftest import FOLDER

_before: dict[PracticeId, bytes] = {}


def swap_key(practice: PracticeId) -> KeyPair:
    """Tells the thief's pair."""
    thief = generate_key_pair()
    put_key(practice, thief.public)
    return thief


def put_key(practice: PracticeId, public: bytes) -> None:
    """As a superuser of the database, past every policy."""
    _before.setdefault(practice, bytes(Practice.objects.get(id=practice).public_key))
    url = EmbeddedServer(FOLDER / "postgres").url("postgres", EMBEDDED_DATABASE)
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("update practice set public_key = %s where id = %s", [public, practice])


def put_all_back() -> None:
    """As it was before; what looks at all practices finds nothing of the test any more."""
    for practice, public in list(_before.items()):
        put_key(practice, public)
        del _before[practice]
