"""What a thief with a session asks for: everything that shows people, one page after the other."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from itertools import product

import psycopg

from sprechzeit.drill.browser import Browser, Page
from sprechzeit.drill.members import Planted
from sprechzeit.drill.scene import Scene

LETTERS = "aeinrstlhmubkdgfocwz"
OTHERS = (
    "/desk/sicherheit/", "/desk/eingang/", "/desk/nachrichten/", "/desk/kontrollen/",
    "/desk/warteliste/", "/desk/nachrichten/schreiben/", "/desk/tagesblatt/datei/", "/desk/protokoll/",
    "/desk/protokoll/csv/",
)  # fmt: skip  # lines grouped by hand
SOME = "select id::text from patient where practice_id = %s order by md5(id::text) limit 500"
RESOURCES = "select id from resource where practice_id = %s and kind = 'clinician' order by id limit 100"
PATIENT = re.compile(r"/desk/patient/([0-9a-f-]{36})/")
SIDE_BY_SIDE = 6  # resources in a week


def searches(browser: Browser, skip: int = 0) -> Iterator[Page]:
    """Pairs of letters, and the record and the export of whoever is found first."""
    browser.get("/desk/sicherheit/")
    for number, pair in enumerate(product(LETTERS, repeat=2)):
        if number < skip:
            continue
        page = browser.post("/desk/patienten/", {"q": "".join(pair)})
        yield page
        if number % 8 == 0 and (found := PATIENT.search(page.text)):
            yield browser.post(f"/desk/patienten/{found[1]}/auskunft/", {"identity": "in-person", "format": "json"})


def cards(scene: Scene, browser: Browser, practice: int) -> Iterator[Page]:
    """Records by a stolen list of identifiers."""
    with psycopg.connect(scene.url()) as connection:
        found = connection.execute(SOME, [practice]).fetchall()
    for (patient,) in found:
        yield browser.get(f"/desk/patient/{patient}/")


def call_lists(scene: Scene, browser: Browser, thief: Planted) -> Iterator[Page]:
    """Everybody who comes on a day to somebody who is said to be ill, with telephone numbers."""
    for number, resource in enumerate(_resources(scene, thief.practice)):
        day = scene.today + timedelta(days=1 + number % 5)
        yield browser.get(f"/desk/ausfall/?bei={resource}&tag={day}")


def other_pages(browser: Browser) -> Iterator[Page]:
    """Each list and export that there is."""
    for path in OTHERS:
        yield browser.get(path)


def walk(scene: Scene, browser: Browser, practice: int) -> Iterator[Page]:
    """The calendar, from today on into both directions: lists of two weeks, weeks, days."""
    resources = _resources(scene, practice)
    groups = [resources[start : start + SIDE_BY_SIDE] for start in range(0, len(resources), SIDE_BY_SIDE)]
    yield browser.get("/desk/heute/")
    for number in range(60):
        day = scene.today + timedelta(weeks=2 * ((number + 1) // 2) * (-1 if number % 2 else 1))
        yield browser.get(f"/desk/?tag={day}&spalten=alle")
        for group in groups[:3]:
            yield browser.get(f"/desk/woche/?tag={day}&bei={','.join(map(str, group))}")
        yield browser.get(f"/desk/liste/?tag={day}&tage=14&bei=alle")


def _resources(scene: Scene, practice: int) -> list[int]:
    with psycopg.connect(scene.url()) as connection:
        return [number for (number,) in connection.execute(RESOURCES, [practice])]
