"""A clinician calls in sick: reception gets the list, phones, and moves everybody with one confirmation."""

from __future__ import annotations

from playwright.sync_api import expect

from sprechzeit.booking.at_desk import book_at_desk
from sprechzeit.booking.models import Appointment
from sprechzeit.database.roles import Role
from sprechzeit.database.tenancy import acting_for, wearing
from sprechzeit.identifiers import ResourceId
from sprechzeit.practices.models import VisitType
from tests.factories import Made, in_days, make_bookable, make_person, make_resource, type_id
from tests.journeys.conftest import OpenPage
from tests.journeys.test_the_main_job import log_in_by_passkey


def with_ill_one(made: Made, visit_type: VisitType, number: int, name: str) -> Appointment:
    with wearing(Role.DESK):
        return book_at_desk(
            made.keys, made.actor, type_id(visit_type), in_days(1, 9 + number // 2, 30 * (number % 2)),
            make_person(last_name=name, phone="+49301234567"), resource=ResourceId(made.clinicians[0].id),
        )  # fmt: skip  # lines grouped by hand


def stored(made: Made, appointment: Appointment) -> Appointment:
    with wearing(Role.DESK), acting_for(made.id):
        return Appointment.objects.get(practice=made.id, id=appointment.id)


def test_the_list_is_phoned_through_and_confirmed_once(site: str, open_page: OpenPage) -> None:
    made, visit_type = make_bookable(clinicians=2, days=4)
    names = ("Anders", "Bleibt", "Cremer", "Dann")
    moved, stays, cancelled, lost = (with_ill_one(made, visit_type, n, name) for n, name in enumerate(names))
    page = open_page()
    log_in_by_passkey(page, site, made)

    page.locator("details.menu summary").click()
    page.get_by_role("link", name="Ausfall: Termine verlegen").click()
    page.get_by_label("Wer fällt aus?").select_option("Dr. Test 1")
    page.get_by_label("Tag", exact=True).fill(f"{in_days(1, 9).astimezone(made.practice.zone):%Y-%m-%d}")
    page.get_by_role("button", name="Liste zeigen").click()
    expect(page.locator(".call")).to_have_count(4)
    expect(page.locator(".call").first).to_contain_text("+49301234567")
    page.get_by_label("Anruf bei Bleibt, Erika").select_option("nicht erreicht")
    page.get_by_role("button", name="Alle Vorschläge wählen").click()
    expect(page.get_by_label("Was wird aus dem Termin von Bleibt, Erika?")).to_have_value("bleibt")
    page.get_by_label("Was wird aus dem Termin von Cremer, Erika?").select_option("absagen")
    with wearing(Role.DESK):  # somebody books what was suggested to the last one
        book_at_desk(
            made.keys, made.actor, type_id(visit_type), in_days(1, 10, 30), make_person(last_name="Schneller"),
            resource=ResourceId(made.clinicians[1].id),
        )  # fmt: skip  # lines grouped by hand
    page.get_by_role("button", name="Gewählte Änderungen ausführen").click()

    expect(page.get_by_role("status").first).to_contain_text("2 Termine geändert")
    expect(page.get_by_role("alert")).to_contain_text("Dann, Erika")
    expect(page.locator(".call")).to_have_count(2)
    expect(page.get_by_label("Anruf bei Bleibt, Erika")).to_have_value("nicht-erreicht")
    expect(page.get_by_text("Die Abwesenheit steht im Kalender.")).to_be_visible()
    assert stored(made, moved).resource_ids == [made.clinicians[1].id]
    assert stored(made, cancelled).status == "cancelled"
    assert (stored(made, stays).version, stored(made, lost).version) == (1, 1)
    page.get_by_role("button", name="Alle rückgängig machen").click()
    page.wait_for_url("**/desk/?tag=**")
    assert stored(made, moved).resource_ids == [made.clinicians[0].id]
    assert stored(made, cancelled).status == "booked"


def test_the_list_prints_with_numbers_and_room_for_notes(site: str, open_page: OpenPage) -> None:
    made, visit_type = make_bookable(clinicians=2, days=3)
    with_ill_one(made, visit_type, 0, "Papier")
    page = open_page()
    log_in_by_passkey(page, site, made)
    day = f"{in_days(1, 9).astimezone(made.practice.zone):%Y-%m-%d}"
    page.goto(f"{site}/desk/ausfall/?bei={made.clinicians[0].id}&tag={day}")
    expect(page.get_by_role("button", name="Liste drucken")).to_be_visible()

    page.emulate_media(media="print")

    for shown in (".call__phone", ".call__paper", ".call__note"):
        expect(page.locator(shown).first).to_be_visible()
    for hidden in (".desk-bar", ".call select", ".calls-form__end", ".call-list__ask"):
        expect(page.locator(hidden).first).to_be_hidden()
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


def test_from_arrival_to_done_with_a_room_and_back_on_todays_list(site: str, open_page: OpenPage) -> None:
    made, visit_type = make_bookable()
    room = make_resource(made, kind="room", name="Raum 3")
    with wearing(Role.DESK):
        one = book_at_desk(
            made.keys, made.actor, type_id(visit_type), in_days(0, 23, 30), make_person(last_name="Heute")
        )  # fmt: skip  # lines grouped by hand
    page, other = open_page(), open_page()
    for each in (page, other):
        log_in_by_passkey(each, site, made)
        each.goto(f"{site}/desk/heute/")
    row = page.locator(".today__row", has_text="Heute, Erika")

    row.get_by_role("button", name="Ist da").click()
    expect(page.locator("section.today--waiting .today__row")).to_contain_text("seit 0 Min.")
    expect(other.locator(".today--waiting .today__row")).to_contain_text("Heute, Erika")  # live
    row.get_by_label("Raum für Heute, Erika").select_option("Raum 3")
    with wearing(Role.DESK):  # another change of the day arrives: what is chosen here stays
        book_at_desk(made.keys, made.actor, type_id(visit_type), in_days(0, 22), make_person(last_name="Neu"))
    expect(page.locator(".today__row", has_text="Neu, Erika")).to_be_visible()
    expect(row.get_by_label("Raum für Heute, Erika")).to_have_value(str(room.id))
    row.get_by_role("button", name="Aufrufen").click()
    expect(page.locator(".today--treated .today__row")).to_contain_text("Raum 3")
    row.get_by_role("button", name="Fertig").click()
    expect(page.locator("section.today--done .today__row")).to_contain_text("Heute, Erika")
    assert stored(made, one).status == "done"
    page.get_by_role("button", name="Rückgängig").click()
    expect(page.locator("section.today--treated .today__row")).to_contain_text("Raum 3")
    expect(other.locator("section.today--treated .today__row")).to_contain_text("Raum 3")
