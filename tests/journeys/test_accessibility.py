"""Every page against axe-core: WCAG 2.2 A and AA and its best practices, in both colour schemes."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from sprechzeit.booking.cancel import cancel_managed
from sprechzeit.booking.delete_own import delete_own
from sprechzeit.booking.models import Appointment
from sprechzeit.booking.write_to_practice import answer_practice, correct_contact
from sprechzeit.database.roles import Role
from sprechzeit.database.tenancy import acting_for, wearing
from sprechzeit.patients.models import Patient
from sprechzeit.vault import link_to_text
from sprechzeit.web.desk.door import cookie_name
from tests.booking.booked import book_by_phone
from tests.factories import Made, book, in_days, make_bookable, make_session, make_visit_type
from tests.journeys.conftest import DESKTOP, PHONE, OpenPage

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
    "intake": "termin/{intake}/",
    "patients": "patienten/",
    "patient": "patient/{patient}/",
    "correct": "patient/{patient}/berichtigen/",
    "merge": "patient/{patient}/zusammenfuehren/",
    "erase": "patient/{patient}/loeschen/",
    "patient's trail": "protokoll/patient/{patient}/",
    "new patient": "patienten/neu/",
    "security": "sicherheit/",
    "team": "team/",
    "tokens": "zugaenge/",
    "trail": "protokoll/",
    "sheet": "notfallblatt/",
    "day sheet": "tagesblatt/",
    "practice security": "praxis/",
    "settings": "einstellungen/",
    "profile": "einstellungen/praxis/",
    "booking page": "einstellungen/buchungsseite/",
    "public profile": "einstellungen/profil/",
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
FRONT = {
    "start": "/",
    "search": "/suche/?kasse=private&neu=1",
    "nothing found": "/suche/?fach=Nirgendskunde",
    "practice": "/praxis/{slug}/",
    "imprint": "/praxis/{slug}/impressum/",
    "privacy notice": "/praxis/{slug}/datenschutz/",
    "times": "/praxis/{slug}/termin/{visit_type}/",
    "booked": "/praxis/{slug}/mein-termin/{secret}/?neu",
    "move": "/praxis/{slug}/mein-termin/{secret}/verschieben/",
    "cancel": "/praxis/{slug}/mein-termin/{secret}/absagen/",
    "new contact data": "/praxis/{slug}/mein-termin/{secret}/kontakt/",
    "write to the practice": "/praxis/{slug}/mein-termin/{secret}/schreiben/",
    "delete my data": "/praxis/{slug}/mein-termin/{secret}/loeschen/",
    "taken back": "/praxis/{slug}/mein-termin/{secret}/?zurueck",
    "sent": "/praxis/{slug}/mein-termin/{secret}/?geschrieben",
    "request": "/praxis/{slug}/mein-termin/{request}/?neu",
    "cancelled": "/praxis/{slug}/mein-termin/{cancelled}/",
    "deleted": "/praxis/{slug}/mein-termin/{deleted}/loeschen/",
    "tells nothing more": "/praxis/{slug}/mein-termin/{deleted}/",
    "second visit": "/praxis/{slug}/termin/{visit_type}/?nach=20991125T0800Z/20991125T0830Z",
    "widget": "/widget/{slug}/",
    "booked in the widget": "/widget/{slug}/praxis/{slug}/mein-termin/{secret}/?neu",
    "login": "/desk/anmelden/",
    "gone": "/praxis/no-such-practice/",
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
    by_video = make_visit_type(made, modality="video", video_link="https://video.example.org/", needs_confirmation=True)
    request = book(made, by_video, in_days(2, 9))
    cancelled, deleted = book(made, visit_type, in_days(2, 10)), book(made, visit_type, in_days(2, 11))
    cancel_managed(made.id, cancelled.manage_secret)
    delete_own(made.id, deleted.manage_secret)
    return (
        made,
        {
            "slug": made.practice.slug,
            "appointment": str(by_phone.id),
            "intake": str(online.appointment_id),
            "patient": str(patient),
            "resource": str(made.clinicians[0].id),
            "visit_type": str(visit_type.id),
            "secret": link_to_text(online.manage_secret),
            "request": link_to_text(request.manage_secret),
            "cancelled": link_to_text(cancelled.manage_secret),
            "deleted": link_to_text(deleted.manage_secret),
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

    assert {name: lines for name, lines in found.items() if lines} == {}


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_the_front(
    site: str, open_page: OpenPage, practice: tuple[Made, dict[str, str]], scheme: str, size: dict[str, int]
) -> None:
    _made, parts = practice
    page = open_page(size, color_scheme=scheme)

    found = {}
    for name, address in FRONT.items():
        page.goto(site + address.format(**parts))
        found[name] = complaints(page)
    page.goto(site + FRONT["times"].format(**parts))
    page.locator("button.slot").first.click()
    page.wait_for_url("**/angaben/**")
    found["details"] = complaints(page)
    page.locator("form button.button--primary").click()
    found["errors"] = complaints(page)

    assert {name: lines for name, lines in found.items() if lines} == {}
