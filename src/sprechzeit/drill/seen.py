"""Count exactly who can be read in pages of the desk: by what the drill knows, never by what the server says."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from html import unescape
from typing import Any

import psycopg

from sprechzeit.drill.people import INTAKES, PATIENTS, PHONE
from sprechzeit.drill.scene import Scene
from sprechzeit.patients.person import Person
from sprechzeit.vault import Context, Secret, open_many, open_shreddable

LINK = re.compile(r"/(?:termin|patient)/([0-9a-f-]{36})/")
JSON_ID = re.compile(r'"id": ?"([0-9a-f-]{36})"')
NEAR = 700  # characters behind a link in which the name that belongs to it stands
OF_APPOINTMENTS = """
    select id::text, coalesce(patient_id, intake_id)::text from appointment where practice_id = %s and id = any(%s)
"""
SOME_PATIENTS = PATIENTS + " and patient.id = any(%s)"
SOME_INTAKES = INTAKES + " and intake.id = any(%s)"


@dataclass(repr=False)
class Seen:
    """What was read in one practice. ``add`` each page; then ask who can be told from all of them."""

    scene: Scene
    practice: int
    requests: int = 0
    _near: dict[str, set[str]] = field(default_factory=dict)  # id -> what stood behind its links
    _phones: set[bytes] = field(default_factory=set)

    def add(self, text: str) -> None:
        """Take in a page, or an answer of the API."""
        self.requests += 1
        if text[:1] in {"[", "{"}:  # letters beyond ASCII stand escaped in it
            with suppress(ValueError):
                text = json.dumps(json.loads(text), ensure_ascii=False)
        self._phones |= set(PHONE.findall(text.encode()))
        for pattern in (LINK, JSON_ID):
            for found in pattern.finditer(text):
                behind = text[found.end() : found.end() + NEAR]
                following = pattern.search(behind)
                while following is not None and following[1] == found[1]:
                    following = pattern.search(behind, following.end())
                self._near.setdefault(found[1], set()).add(behind[: following.start()] if following else behind)

    def people(self) -> set[str]:
        """Ids of the patients, and of online bookings, whose name or number can be read."""
        numbers = self._with_numbers()
        with psycopg.connect(self.scene.url()) as connection:
            asked = [self.practice, list(self._near)]
            of_whom = {one: whom for one, whom in connection.execute(OF_APPOINTMENTS, asked) if whom}
            ids = {*self._near, *of_whom.values()}
            names = dict(self._names(connection, list(ids)))
        named = {
            of_whom.get(one, one)
            for one, pieces in self._near.items()
            if (name := names.get(of_whom.get(one, one))) and any(_stands_in(name, piece) for piece in pieces)
        }
        return named | numbers

    def _names(self, connection: psycopg.Connection[Any], ids: list[str]) -> Iterable[tuple[str, tuple[str, str]]]:
        keys = self.scene.keys(self.practice)
        rows = connection.execute(SOME_PATIENTS, [self.practice, ids]).fetchall()
        sealed = [(row, bytes(line), bytes(key)) for row, line, key in rows]
        opened = open_many(keys.keyring, sealed, self.practice, "patient", "name_sealed")
        for (row, _line, _key), content in zip(sealed, opened, strict=True):
            last, first, *_more = content.decode().split("\x1f")
            yield row, (last, first)
        for row, content, key in connection.execute(SOME_INTAKES, [self.practice, ids]).fetchall():
            place = Context(self.practice, "intake", "sealed", row)
            person = Person.from_bytes(open_shreddable(keys.private_key, Secret(bytes(key)), bytes(content), place))
            yield row, (person.last_name, person.first_name)

    def _with_numbers(self) -> set[str]:
        """Whose telephone number was there; numbers of online bookings are told by the names beside them."""
        if not self._phones:
            return set()
        keys = self.scene.keys(self.practice)
        with psycopg.connect(self.scene.url()) as connection:
            rows = connection.execute(PATIENTS, [self.practice]).fetchall()
        sealed = [(row, bytes(line), bytes(key)) for row, line, key in rows]
        opened = open_many(keys.keyring, sealed, self.practice, "patient", "name_sealed")
        whose = {content.split(b"\x1f")[3][-8:]: row for (row, *_), content in zip(sealed, opened, strict=True)}
        return {whose[one] for one in self._phones if one in whose}


def _stands_in(name: tuple[str, str], piece: str) -> bool:
    text = unescape(piece)
    return all(part in text for part in name)
