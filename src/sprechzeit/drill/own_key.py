"""Whether a stolen session can make itself a key of its own, or carry whole exports out: not without the passkey."""

from __future__ import annotations

from datetime import timedelta

import psycopg

from sprechzeit import clock
from sprechzeit.drill.browser import Browser, Page
from sprechzeit.drill.members import R, browser_with, forget_proof, plant
from sprechzeit.drill.outcome import Opened, Tried
from sprechzeit.drill.scene import Scene

LATER = timedelta(hours=1)
PATIENT = "select id::text from patient where practice_id = %s order by id limit 1"
STEP_UP = 403


def ask_for_keys(scene: Scene, practice: int) -> Tried:
    """An owner's session whose passkey was shown an hour ago asks for each; one that was shown just now gets it."""
    with psycopg.connect(scene.url()) as connection:
        (patient,) = connection.execute(PATIENT, [practice]).fetchone() or ("",)
    stolen, fresh = plant(scene, practice, R.OWNER), plant(scene, practice, R.OWNER)
    forget_proof(stolen, clock.now() - LATER)
    refused = _ask(browser_with(scene, stolen.cookie), patient)
    given = _ask(browser_with(scene, fresh.cookie), patient)
    got = sum(one.status != STEP_UP for one in refused)
    return Tried(
        "ways to a key of its own or a file, without the passkey",
        len(refused),
        len(given),
        sum(one.status == 200 for one in given),
        Opened(members=got),
    )


def _ask(browser: Browser, patient: str) -> list[Page]:
    browser.get("/desk/sicherheit/")
    answers = [
        browser.post("/desk/zugaenge/neu/", {"name": "PVS", "scopes": "patients.search", "days": "366"}),
        browser.post("/desk/team/einladen/", {"role": "owner"}),
        browser.get("/desk/sicherheit/passkey/"),
        browser.post_json("/desk/sicherheit/passkey/beginn/", {}),
        browser.post(f"/desk/patienten/{patient}/auskunft/", {"identity": "in-person", "format": "json"}),
        browser.get("/desk/protokoll/csv/"),
    ]
    browser.close()
    return answers
