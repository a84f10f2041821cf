"""Every page of the desk against axe-core: WCAG 2.2 A and AA and its best practices, in both colour schemes.

The patients' pages: ``test_every_public_page.py``.
"""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from sprechzeit import clock
from sprechzeit.booking.models import Appointment
from sprechzeit.booking.write_to_practice import answer_practice, correct_contact
from sprechzeit.database.roles import Role
from sprechzeit.database.tenancy import acting_for, wearing
from sprechzeit.guard.alarm import raise_alarm
from sprechzeit.messages.models import Message
from sprechzeit.patients.models import Patient
from sprechzeit.practices.models import Practice
from sprechzeit.rights.ask import ask_by_link
from sprechzeit.rights.models import RightsRequest
from sprechzeit.rights.restrict import restrict
from sprechzeit.web.desk.door import cookie_name
from tests.booking.booked import book_by_phone
from tests.factories import Made, book, in_days, make_bookable, make_session
from tests.journeys.conftest import DESKTOP, OpenPage
from tests.messages.mailbox import mail_server_set
from tests.waiting.waits import waits, worker_looks

RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
TOMORROW = in_days(1).date().isoformat()

DESK = {
    "day": f"?tag={TOMORROW}",
    "rooms": f"?tag={TOMORROW}&spalten=alle",
    "week": f"woche/?tag={TOMORROW}",
    "month": f"monat/?tag={TOMORROW}",
    "agenda": f"liste/?tag={TOMORROW}",
    "today": "heute/",
    "call list": "ausfall/",
    "new": "neu/",
    "block": "sperrzeit/neu/",
    "appointment": "termin/{appointment}/",
    "move": "termin/{appointment}/verschieben/",
    "refuse": "termin/{intake}/ablehnen/",
    "inbox": "eingang/",
    "messages": "nachrichten/",
    "waiting list": "warteliste/",
    "intake": "termin/{intake}/",
    "patients": "patienten/",
    "patient": "patient/{patient}/",
    "put on the waiting list": "patient/{patient}/warteliste/",
    "correct": "patient/{patient}/berichtigen/",
    "merge": "patient/{patient}/zusammenfuehren/",
    "erase": "patient/{patient}/loeschen/",
    "patient's trail": "protokoll/patient/{patient}/",
    "requests": "antraege/",
    "request": "antraege/{asked}/",
    "record a request": "patient/{patient}/antrag/",
    "lift the restriction": "patient/{patient}/einschraenkung/",
    "new patient": "patienten/neu/",
    "security": "sicherheit/",
    "team": "team/",
    "tokens": "zugaenge/",
    "trail": "protokoll/",
    "alarms": "alarme/",
    "brake": "notbremse/",
    "sheet": "notfallblatt/",
    "day sheet": "tagesblatt/",
    "practice security": "praxis/",
    "settings": "einstellungen/",
    "profile": "einstellungen/praxis/",
    "booking page": "einstellungen/buchungsseite/",
    "public profile": "einstellungen/profil/",
    "write a message": f"nachrichten/schreiben/?tag={TOMORROW}",
    "message texts": "einstellungen/nachrichten/",
    "message text": "einstellungen/nachrichten/text/?text=reminder&sprache=de",
    "locations": "einstellungen/standorte/",
    "resources": "einstellungen/kalender/",
    "resource": "einstellungen/kalender/{resource}/",
    "hours": "einstellungen/kalender/{resource}/sprechzeiten/",
    "visit types": "einstellungen/terminarten/",
    "visit type": "einstellungen/terminarten/{visit_type}/",
    "exceptions": "einstellungen/abwesenheiten/",
    "new exception": "einstellungen/abwesenheiten/neu/",
    "components": "bausteine/",
    "without an appointment": "neu/?ohne=1",
    "refused": "termin/00000000-0000-0000-0000-000000000000/",
}


@pytest.fixture(scope="module")
def practice(database: None) -> tuple[Made, dict[str, str]]:
    """A practice with a booking by phone and one from the front, and the parts of addresses that lead to them."""
    made, visit_type = make_bookable(clinicians=2)
    online = book(made, visit_type, in_days(1, 9), last_name="Ferne", first_name="Frida")
    by_phone = book_by_phone(made, visit_type, in_days(1, 10))
    with wearing(Role.DESK), acting_for(made.id):
        patient = Patient.objects.filter(practice=made.id).values_list("id", flat=True)[0]
        assert Appointment.objects.filter(practice=made.id).count() == 2
    answer_practice(made.id, online.manage_secret, "Ich komme zehn Minuten später.")
    correct_contact(made.id, online.manage_secret, email="neu@example.org", phone="")
    with wearing(Role.WORKER), acting_for(made.id):
        Message.objects.create(
            practice_id=made.id, kind="change", channel="sms", about=online.appointment_id, state="failed",
            reason="number-refused", dedupe_key="axe", due_at=in_days(0), created_at=in_days(0), done_at=clock.now(),
        )  # fmt: skip  # lines grouped by hand
    with mail_server_set():
        with wearing(Role.DESK), acting_for(made.id):
            Practice.objects.filter(id=made.id).update(confirm_email=False)
        waits(made, visit_type, in_days(3, 11))
        worker_looks(made)
    ask_by_link(made.id, online.manage_secret, RightsRequest.Kind.CORRECTION, "Ich heiße anders.")
    with wearing(Role.DESK):
        restrict(made.id, made.actor, patient)
        with acting_for(made.id):
            asked = RightsRequest.objects.get(practice=made.id).id
            RightsRequest.objects.filter(id=asked).update(due_on=clock.now().date())
    with wearing(Role.DESK):
        raise_alarm("canary", made.id, actor_kind="member", actor=str(made.member))
        raise_alarm("new-device", made.id)
    return (
        made,
        {
            "appointment": str(by_phone.id),
            "intake": str(online.appointment_id),
            "patient": str(patient),
            "asked": str(asked),
            "resource": str(made.clinicians[0].id),
            "visit_type": str(visit_type.id),
        },
    )


def complaints(page: Page) -> list[str]:
    """What axe-core finds, a line for each element."""
    found = Axe().run(page, options=RULES).response["violations"]
    return [f"{one['id']}: {node['target']} {node['failureSummary']}" for one in found for node in one["nodes"]]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_desk(site: str, open_page: OpenPage, practice: tuple[Made, dict[str, str]], scheme: str) -> None:
    made, parts = practice
    page = open_page(DESKTOP, color_scheme=scheme)
    page.context.add_cookies([{"name": cookie_name(), "value": make_session(made), "url": site}])

    found = {}
    for name, address in DESK.items():
        answer = page.goto(f"{site}/desk/{address.format(**parts)}")
        assert answer is not None
        assert answer.status == (404 if name == "refused" else 200), name
        found[name] = complaints(page)

    page.context.clear_cookies()
    page.goto(f"{site}/desk/anmelden/")
    found["login"] = complaints(page)

    assert {name: lines for name, lines in found.items() if lines} == {}
