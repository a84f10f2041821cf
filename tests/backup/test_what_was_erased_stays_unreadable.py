"""An old backup, restored with the newest keys: the others are there, the erased are nowhere, nor in the old file."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import psycopg
import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from sprechzeit import clock
from sprechzeit.backup.make import KEYS, make_backup
from sprechzeit.backup.restore import Restored, restore
from sprechzeit.booking.accept import accept
from sprechzeit.booking.erase_patient import erase_patient
from sprechzeit.booking.note import write_note
from sprechzeit.booking.write_to_practice import answer_practice
from sprechzeit.database.connections import EMBEDDED_DATABASE
from sprechzeit.database.embedded import EmbeddedServer
from sprechzeit.database.embedded.binaries import installed_programs
from sprechzeit.database.embedded.rules import SUPERUSER
from sprechzeit.database.roles import Role
from sprechzeit.database.tenancy import acting_for, wearing
from sprechzeit.patients.create import create_patient
from sprechzeit.patients.models import Patient, RecordKey
from sprechzeit.patients.sealed import Listed, open_listed, open_person
from sprechzeit.retention.run import forget_what_is_due
from sprechzeit.rights.ask import ask_by_link
from sprechzeit.rights.delete_own import delete_own
from sprechzeit.rights.models import RightsRequest
from sprechzeit.rights.restrict import restrict
from sprechzeit.vault import (
    CannotOpen,
    Context,
    PracticeKeys,
    Secret,
    open_keyed,
    open_record,
    open_sealed,
    open_shreddable,
)
from tests.conftest import FOLDER
from tests.factories import Made, book, in_days, make_bookable, make_person

LINES = """
    select patient.id, name_sealed, key from patient join record_key on record = patient.id
    where patient.practice_id = %s order by patient.created_at
"""


@dataclass
class Story:
    """Before: five people. Then one was erased by the desk, one by the own link, one by night; then the keys were saved
    again."""

    made: Made
    folder: Path
    old: Path
    kept: UUID
    erased: UUID
    forgotten: UUID
    erased_intake: UUID
    deleted_intake: UUID
    restored: Restored
    url: str


@pytest.fixture(scope="module")
def story(source: str, second: EmbeddedServer, tmp_path_factory: pytest.TempPathFactory) -> Story:
    folder = tmp_path_factory.mktemp("backups")
    made, visit_type = make_bookable()
    bleibt, geht, loescht, offen = (
        book(
            made,
            visit_type,
            in_days(1, 9 + number // 2, 30 * (number % 2)),
            last_name=name,
            email=f"{name}@example.org",
        )
        for number, name in enumerate(["Bleibtmann", "Gehtweg", "Loeschtsich", "Offenmann"])
    )
    answer_practice(made.id, geht.manage_secret, "Gehtweg kommt später")
    ask_by_link(made.id, geht.manage_secret, RightsRequest.Kind.CORRECTION, "Gehtweg heißt anders")
    with wearing(Role.DESK):
        kept = accept(made.keys, made.actor, bleibt.appointment_id)
        erased = accept(made.keys, made.actor, geht.appointment_id)
        write_note(made.keys, made.actor, geht.appointment_id, "Gehtweg bringt Befund", seen="")
        write_note(made.keys, made.actor, bleibt.appointment_id, "Bleibtmann im Rollstuhl", seen="")
        restrict(made.id, made.actor, kept)
    intakes = dict(
        row for row in _rows(source, "select id, intake_id from appointment where practice_id = %s", made.id)
    )
    with wearing(Role.DESK):
        forgotten = create_patient(made.keys, made.actor, make_person(last_name="Vergessmann"))
        with acting_for(made.id):
            Patient.objects.filter(id=forgotten).update(created_at=clock.now() - timedelta(days=100))
    old = make_backup(folder, source)
    with wearing(Role.DESK):
        erase_patient(made.keys, made.actor, erased, version=1, cancel_coming=True)
    delete_own(made.id, loescht.manage_secret)
    with wearing(Role.WORKER):
        assert forget_what_is_due(made.id) == {"patients": 1}
    with clock.travelled(timedelta(hours=1)):
        make_backup(folder, source)
    name = "old_data_new_keys"

    with psycopg.connect(second.url(SUPERUSER, "postgres"), autocommit=True) as connection:
        connection.execute(f"create database {name}")
    url = second.url(SUPERUSER, name)
    restored = restore(folder, url, at=clock.now())
    assert offen.appointment_id in intakes
    return Story(
        made,
        folder,
        old,
        kept,
        erased,
        forgotten,
        intakes[geht.appointment_id],
        intakes[loescht.appointment_id],
        restored,
        url,
    )


def _rows(url: str, query: str, *values: object) -> list[tuple]:
    with psycopg.connect(url) as connection:
        return connection.execute(query, values).fetchall()


def in_the_old_file(story: Story, table: str) -> dict[UUID, list[bytes]]:
    """The sealed columns of a table as they stand in the old data file, by row."""
    text = subprocess.run(
        [installed_programs() / "pg_restore", "--data-only", f"--table={table}", "--file=-", story.old],
        check=True,
        capture_output=True,
        timeout=60,
    ).stdout.decode()
    found = {}
    for line in text.splitlines():
        if re.match(r"[0-9a-f]{8}-[0-9a-f-]{27}\t", line):
            row, *columns = line.split("\t")
            found[UUID(row)] = [bytes.fromhex(one[3:]) for one in columns if one.startswith("\\\\x")]
    return found


def test_who_was_not_erased_opens_with_the_practices_own_key(story: Story) -> None:
    rows = _rows(story.url, LINES, story.made.id)
    (whole,) = _rows(
        story.url, "select record_sealed, key from patient join record_key on record = id where id = %s", story.kept
    )

    listed: list[Listed] = open_listed(story.made.keys, rows)

    assert [(one.id, one.name) for one in listed] == [(story.kept, "Bleibtmann, Erika")]
    assert open_person(story.made.keys, story.kept, whole[0], Secret(whole[1])).email == "Bleibtmann@example.org"


def test_open_intakes_and_comments_open_too(story: Story) -> None:
    ((intake, sealed, own),) = _rows(
        story.url,
        "select intake.id, sealed, key from intake join record_key on record = id"
        " where intake.practice_id = %s and accepted_at is null",
        story.made.id,
    )
    place = Context(story.made.id, "intake", "sealed", str(intake))
    assert b"Offenmann" in open_shreddable(story.made.keys.private, Secret(own), sealed, place)

    ((appointment, note, own),) = _rows(
        story.url,
        "select appointment_id, note_sealed, key from appointment_note join record_key on record = appointment_id"
        " where appointment_note.practice_id = %s",
        story.made.id,
    )
    place = Context(story.made.id, "appointment_note", "note_sealed", str(appointment))
    assert open_keyed(story.made.keys.keyring, Secret(own), note, place) == b"Bleibtmann im Rollstuhl"


def test_the_erased_are_in_no_row_and_the_appointments_stay_without_them(story: Story) -> None:
    for table in ("patient", "intake", "patient_note", "appointment_note", "consent", "record_key"):
        for row in _rows(story.url, f"select t::text from {table} t where practice_id = %s", story.made.id):
            for gone in (story.erased, story.forgotten, story.erased_intake, story.deleted_intake):
                assert str(gone) not in row[0], table
    appointments = _rows(
        story.url, "select patient_id, intake_id from appointment where practice_id = %s", story.made.id
    )
    assert len(appointments) == 4
    assert appointments.count((None, None)) == 2


def test_how_many_were_left_out_is_told(story: Story) -> None:
    assert story.restored.data == story.old
    assert story.restored.erased["patient"] >= 2
    assert story.restored.erased["intake"] >= 2
    assert story.restored.erased["patient_note"] >= 1
    assert story.restored.erased["appointment_note"] >= 1


def test_references_rights_policies_and_triggers_are_back(story: Story) -> None:
    def walls(url: str) -> list[tuple]:
        return _rows(
            url,
            "select 'trigger ' || tgname from pg_trigger where not tgisinternal"
            " union select 'constraint ' || conname || ' ' || convalidated from pg_constraint"
            "   where connamespace = 'public'::regnamespace"
            " union select 'policy ' || polname || ' ' || polrelid::regclass from pg_policy"
            " union select 'table ' || relname || ' ' || relforcerowsecurity || ' ' || coalesce(relacl::text, '')"
            "   from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r' order by 1",
        )

    ours = EmbeddedServer(FOLDER / "postgres").url(SUPERUSER, EMBEDDED_DATABASE)

    assert walls(story.url) == walls(ours)


def test_the_old_files_ciphertext_of_the_erased_opens_with_nothing_that_is_left(story: Story) -> None:
    patients, intakes = in_the_old_file(story, "patient"), in_the_old_file(story, "intake")
    keys, left = story.made.keys, own_keys_left(story)
    assert patients[story.kept]
    assert left

    tried = 0
    for patient in (story.erased, story.forgotten):
        for column, sealed in zip(("name_sealed", "record_sealed"), patients[patient], strict=True):
            place = Context(story.made.id, "patient", column, str(patient))
            for attempt in attempts(keys, left, sealed, place):
                with pytest.raises(CannotOpen):
                    attempt()
                tried += 1
    for intake in (story.erased_intake, story.deleted_intake):
        (sealed,) = intakes[intake]
        place = Context(story.made.id, "intake", "sealed", str(intake))
        for own in left:
            with pytest.raises(CannotOpen):
                open_shreddable(keys.private, own, sealed, place)
        with pytest.raises(CannotOpen):
            open_sealed(keys.private, sealed, place)

    assert tried == 4 * (3 * len(left) + 2)


def attempts(keys: PracticeKeys, left: list[Secret], sealed: bytes, place: Context) -> Iterator[Callable[[], bytes]]:
    """As a thief would who has everything: the practice's full key ring and all keys of records that are left."""

    def plainly(key: bytes) -> bytes:
        try:
            return AESGCM(key).decrypt(sealed[5:17], sealed[17:], sealed[:5] + place.encode())
        except InvalidTag:
            raise CannotOpen from None

    key = keys.keyring.current_key.secret.reveal()
    for own in left:
        yield lambda own=own: open_keyed(keys.keyring, own, sealed, place)
        yield lambda own=own: plainly(own.reveal())
        yield lambda own=own: plainly(bytes(a ^ b for a, b in zip(own.reveal(), key, strict=True)))
    yield lambda: open_record(keys.keyring, b"\x01" + sealed[1:], place)
    yield lambda: plainly(key)


def own_keys_left(story: Story) -> list[Secret]:
    with wearing(Role.DESK), acting_for(story.made.id):
        return [Secret(bytes(key)) for key in RecordKey.objects.values_list("key", flat=True)]


def test_the_attack_does_open_who_was_not_erased(story: Story) -> None:
    """So that the test above cannot pass because it tries wrongly."""
    name, _whole = in_the_old_file(story, "patient")[story.kept]
    place = Context(story.made.id, "patient", "name_sealed", str(story.kept))
    opened = 0
    for own in own_keys_left(story):
        try:
            opened += b"Bleibtmann" in open_keyed(story.made.keys.keyring, own, name, place)
        except CannotOpen:
            continue

    assert opened == 1


def test_no_name_and_no_key_stands_in_the_old_file(story: Story) -> None:
    content = subprocess.run(
        [installed_programs() / "pg_restore", "--file=-", story.old], check=True, capture_output=True, timeout=60
    ).stdout
    assert b"COPY public.patient" in content

    for name in (b"Gehtweg", b"Loeschtsich", b"Vergessmann", b"Bleibtmann", b"Offenmann"):
        assert name.lower() not in content.lower()
    for own in own_keys_left(story):
        assert own.reveal().hex().encode() not in content
    (stored,) = re.findall(rb"COPY public\.record_key .*?\n\\\.", content, re.DOTALL) or [b""]
    assert stored == b""


def test_the_files_are_their_owners_alone_and_only_the_newest_keys_are_kept(story: Story) -> None:
    names = sorted(path.name for path in story.folder.iterdir())

    assert len(names) == 3
    assert names[2] == KEYS
    assert {path.stat().st_mode & 0o777 for path in story.folder.iterdir()} == {0o600}


def test_what_was_restricted_still_is(story: Story) -> None:
    restricted = "select id from patient where practice_id = %s and restricted_at is not null"

    found = _rows(story.url, restricted, story.made.id)

    assert found == [(story.kept,)]


def test_what_the_erased_patient_asked_for_is_not_there_either(story: Story) -> None:
    assert _rows(story.url, "select request_id from rights_text where practice_id = %s", story.made.id) == []
