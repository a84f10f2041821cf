"""A colleague at normal work in the same practice: the control of whoever counts what a thief sees."""

from __future__ import annotations

from datetime import date

import psycopg

from sprechzeit.drill.members import browser_with, plant, program_with, token_of
from sprechzeit.drill.people import PATIENTS
from sprechzeit.drill.scene import Scene
from sprechzeit.drill.seen import Seen
from sprechzeit.vault import open_many

CARDS = 5
SOME = "select id::text from patient where practice_id = %s order by id desc limit %s"
FULLEST = """
    select (starts_at at time zone 'Europe/Berlin')::date, array_agg(distinct coalesce(patient_id, intake_id)::text)
    from appointment where practice_id = %s and status <> 'cancelled'
        and starts_at between now() - interval '2 weeks' and now() + interval '2 weeks'
    group by 1 having count(*) < 1000 order by count(*) desc, 1 limit 1
"""


OF_ONE = """
    select (starts_at at time zone 'Europe/Berlin')::date, resource_ids[1],
        array_agg(distinct coalesce(patient_id, intake_id)::text)
    from appointment where practice_id = %s and status <> 'cancelled'
        and starts_at between now() - interval '2 weeks' and now() + interval '2 weeks'
    group by 1, 2 having count(*) < 100 order by count(*) desc, 1, 2 limit 1
"""


def some_patients(scene: Scene, practice: int) -> tuple[int, int]:
    """Open some records with a session of one's own: how many, and how many of them are counted."""
    with psycopg.connect(scene.url()) as connection:
        patients = [one for (one,) in connection.execute(SOME, [practice, CARDS])]
    browser, seen = browser_with(scene, plant(scene, practice).cookie), Seen(scene, practice)
    for patient in patients:
        seen.add(browser.get(f"/desk/patient/{patient}/").text)
    browser.close()
    return len(patients), len(seen.people() & set(patients))


def of_a_day(scene: Scene, practice: int) -> tuple[int, int]:
    """Look at the list of a clinician's full day: how many come by the database, and how many are counted."""
    with psycopg.connect(scene.url()) as connection:
        day, clinician, ids = connection.execute(OF_ONE, [practice]).fetchone() or (scene.today, 0, [])
    coming = set(ids)
    browser, seen = browser_with(scene, plant(scene, practice).cookie), Seen(scene, practice)
    seen.add(browser.get(f"/desk/liste/?tag={day}&bei={clinician}").text)
    browser.close()
    return len(coming), len(seen.people() & coming)


def of_a_day_by_program(scene: Scene, practice: int) -> tuple[int, int]:
    """The same day by a program with a token of its own."""
    day, coming = fullest_day(scene, practice)
    browser, seen = program_with(scene, token_of(plant(scene, practice))), Seen(scene, practice)
    seen.add(browser.get(f"/api/v1/desk/appointments?day={day}").text)
    browser.close()
    return len(coming), len(seen.people() & coming)


def by_number(scene: Scene, practice: int) -> tuple[int, int]:
    """A program with a token of its own looks one patient up by the telephone number, as it may."""
    with psycopg.connect(scene.url()) as connection:
        row, line, key = connection.execute(f"{PATIENTS} limit 1", [practice]).fetchone() or ("", b"", b"")
    keys = scene.keys(practice)
    (opened,) = open_many(keys.keyring, [(row, bytes(line), bytes(key))], practice, "patient", "name_sealed")
    browser, seen = program_with(scene, token_of(plant(scene, practice))), Seen(scene, practice)
    seen.add(browser.post_json("/api/v1/desk/patients/search", {"q": opened.decode().split("\x1f")[3]}).text)
    browser.close()
    return 1, len(seen.people() & {row})


def fullest_day(scene: Scene, practice: int) -> tuple[date, set[str]]:
    """The fullest day of these weeks, and who comes on it."""
    with psycopg.connect(scene.url()) as connection:
        found = connection.execute(FULLEST, [practice]).fetchone()
    return (found[0], set(found[1])) if found else (scene.today, set())
