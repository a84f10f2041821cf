"""One barrier is taken away, in the test only: the step that plays against it must fail, and say why."""

from __future__ import annotations

import psycopg

from sprechzeit.drill.scene import Scene
from sprechzeit.vault import Secret, open_many
from tests.drill.playing import play

LINES = """
    select patient.id::text, patient.name_sealed, record_key.key from patient
    join record_key on record_key.record = patient.id where patient.practice_id = %s limit 100
"""


def opened(scene: Scene, connection: psycopg.Connection) -> list[tuple[str, str]]:
    """A hundred patients of the first practice by their ids, as their practice reads them."""
    practice = scene.plans[0].practice
    rows = [(row, bytes(sealed), bytes(key)) for row, sealed, key in connection.execute(LINES, [practice])]
    lines = open_many(scene.keys(practice).keyring, rows, practice, "patient", "name_sealed")
    return [(row[0], line.decode()) for row, line in zip(rows, lines, strict=True)]


def in_clear(scene: Scene) -> None:
    with psycopg.connect(scene.url()) as connection:
        connection.execute("alter table patient add column remark bytea")
        for patient, line in opened(scene, connection):
            connection.execute("update patient set remark = %s where id = %s", [line.encode(), patient])


def hashed(scene: Scene) -> None:
    with psycopg.connect(scene.url()) as connection:
        connection.execute("alter table patient add column phone_hash bytea")
        for patient, line in opened(scene, connection):
            phone = line.split("\x1f")[3]
            connection.execute("update patient set phone_hash = sha256(%s) where id = %s", [phone.encode(), patient])


def trail_open_to_the_desk(scene: Scene) -> None:
    with psycopg.connect(scene.url()) as connection:
        connection.execute("alter table audit_event disable trigger all")
        connection.execute("grant update, delete on audit_event to sprechzeit_desk")


def test_sealing_off() -> None:
    step = play("b", prepare=in_clear)["b"]

    assert not step.passed
    assert step.opened.patients >= 90  # two of a hundred may share a number


def test_hashes_of_telephone_numbers() -> None:
    step = play("b", prepare=hashed)["b"]

    assert not step.passed
    assert step.opened.patients >= 90


def test_keys_that_the_source_tells() -> None:
    step = play("b", secret=Secret(b""))["b"]

    assert not step.passed
    assert step.opened.patients == 10_000
    assert step.opened.members == 18


def test_debug_on() -> None:
    step = play("a", switch="debug")["a"]

    assert not step.passed
    assert any("debug" in reason or "traceback" in reason for reason in step.reasons)


def test_names_in_the_log() -> None:
    step = play("c", switch="names-in-the-log")["c"]

    assert not step.passed
    assert step.opened.patients == 5


def test_a_trail_that_can_be_changed() -> None:
    step = play("g", prepare=trail_open_to_the_desk)["g"]

    assert not step.passed
    assert any(reason.startswith("an application role may: desk: update audit_event") for reason in step.reasons)
