"""(b) A full dump, the environment, the settings and the source: try everything that could open a name."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import psycopg

from sprechzeit.drill.by_hash import search_by_hash
from sprechzeit.drill.by_key import play_keys
from sprechzeit.drill.clear_text import hidden_forms, search_dump, search_row
from sprechzeit.drill.dump_file import write_dump
from sprechzeit.drill.outcome import Opened, Step, Tried
from sprechzeit.drill.people import People
from sprechzeit.drill.scene import Scene

HAS = "the full dump, environment, settings, source, the web user's files, lists of old passwords"
OF_THEM = """
    select count(*) from appointment where patient_id is not null or intake_id is not null
"""


def play(scene: Scene, people: People) -> Step:
    """Dump, then look in it and try keys on it."""
    path = scene.folder / "stolen.sql"
    write_dump(scene.url(), path)
    try:
        tried = (_in_clear(scene, people, path), search_by_hash(people, path), *play_keys(scene))
    finally:
        path.unlink(missing_ok=True)
    return Step("b", "Dump, environment and source", HAS, tried)


def _in_clear(scene: Scene, people: People, path: Path) -> Tried:
    rows, seen = search_dump(path, people)
    known, planted = People(), list(_planted())
    for person in planted:
        known.add(*person)
    forms = [form for person in planted for form in hidden_forms("\x1f".join(person).encode())]
    visible = sum(bool(search_row(known, form)) for form in forms)
    visits = round(_appointments(scene) * len(seen) / max(1, people.records))
    return Tried(
        "rows read for names, numbers and addresses, in clear or behind an encoding",
        rows,
        len(forms),
        visible,
        Opened(patients=len(seen), appointments=visits),
    )


def _planted() -> Iterator[tuple[str, str, str, str, str]]:
    for number in range(10):
        yield "Müller", "Anna", "1970-01-01", f"+4930{number:08}", f"anna.mueller{number}@example.org"


def _appointments(scene: Scene) -> int:
    with psycopg.connect(scene.url()) as connection:
        (count,) = connection.execute(OF_THEM).fetchone() or (0,)
    return int(count)
