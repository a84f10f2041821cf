"""Set-up, invitations, the recovery sheet, log-in without PRF, step-up, lock screen, leaving: as members meet them."""

from __future__ import annotations

import base64
import re
from datetime import timedelta
from typing import Any

from playwright.sync_api import Page, expect

from sprechzeit import clock
from sprechzeit.audit.record import SYSTEM
from sprechzeit.booking.at_desk import book_at_desk
from sprechzeit.database.roles import Role
from sprechzeit.database.tenancy import acting_for, wearing
from sprechzeit.identifiers import new_id
from sprechzeit.practices.models import Practice
from sprechzeit.staff.found import found_with_invitation
from sprechzeit.staff.invite import invite
from sprechzeit.staff.models import DeskSession, Membership
from sprechzeit.vault import fingerprint, generate_key_pair
from tests.factories import Made, in_days, make_bookable, make_person, make_practice, type_id
from tests.guard.watched import alarms
from tests.journeys.conftest import OpenPage, add_authenticator
from tests.swapping import swap_key


def join(page: Page, link: str, name: str) -> None:
    page.goto(link)
    page.get_by_label("Ihr Name").fill(name)
    page.get_by_role("button", name="Passkey anlegen").click()


def invitation_to(site: str, made: Made, role: Membership.Role = Membership.Role.OWNER) -> str:
    with wearing(Role.DESK):
        return f"{site}/desk/einladung/#{invite(made.keys, SYSTEM, role)}"


def at_work(page: Page, name: str) -> None:
    expect(page.locator(".menu summary")).to_contain_text(name)


def menu(page: Page, entry: str) -> None:
    page.locator(".menu summary").click()
    page.locator(".menu__list").get_by_text(entry, exact=True).click()


def log_out(page: Page) -> None:
    menu(page, "Abmelden")
    expect(page.get_by_role("heading", name="Anmelden")).to_be_visible()


def make_the_proof_old(made: Made) -> None:
    with wearing(Role.DESK), acting_for(made.id):
        DeskSession.objects.filter(practice=made.id).update(proved_at=clock.now() - timedelta(minutes=6))


def credentials(page: Page, authenticator: str) -> list[dict[str, Any]]:
    session = page.virtual_authenticator
    return list(session.send("WebAuthn.getCredentials", {"authenticatorId": authenticator})["credentials"])


def with_a_patient(**fields: Any) -> Made:
    made, visit_type = make_bookable(hours=(9, 10), days=1, **fields)
    with wearing(Role.DESK):
        person = make_person(first_name="Ada", last_name="Altbestand")
        book_at_desk(made.keys, made.actor, type_id(visit_type), in_days(1, 9), person)
    return made


def printed_words(page: Page) -> list[str]:
    return page.locator(".sheet__words li").all_inner_texts()


def confirm_on_paper(page: Page, words: list[str]) -> None:
    for field in page.locator("input[name^=word-]").all():
        place = int((field.get_attribute("name") or "").removeprefix("word-"))
        field.fill(words[place - 1])
    page.get_by_role("button", name="Blatt bestätigen").click()


def test_a_practice_is_set_up_with_its_recovery_sheet(site: str, open_page: OpenPage) -> None:
    slug = f"praxis-{new_id().hex[-10:]}"
    link = f"{site}/desk/einladung/#{found_with_invitation(name='Praxis Neu', slug=slug)}"
    page = open_page()
    add_authenticator(page)

    join(page, link, "Ina Inhaberin")
    expect(page.get_by_text("Sind alle Passkeys und das Blatt verloren, sind die Daten verloren")).to_be_visible()
    page.goto(f"{site}/desk/")  # no way around it
    expect(page.get_by_role("heading", name="Notfallblatt")).to_be_visible()
    page.get_by_role("button", name="Blatt erstellen").click()
    words = printed_words(page)
    assert len(words) == 17
    expect(page.locator("svg.sheet__code")).to_be_visible()
    pdf = page.get_by_role("link", name="Als PDF speichern").get_attribute("href") or ""
    assert base64.b64decode(pdf.split(",", 1)[1]).startswith(b"%PDF-")
    page.get_by_role("link", name="Weiter: Blatt bestätigen").click()
    confirm_on_paper(page, ["babab"] * 17)
    expect(page.get_by_role("alert")).to_contain_text("Bitte vergleichen Sie")
    confirm_on_paper(page, words)

    at_work(page, "Ina Inhaberin")
    page.goto(f"{site}/desk/notfallblatt/")
    assert words[0] not in page.content()
    assert Practice.objects.get(slug=slug).set_up_at is not None


def test_a_new_device_comes_in_with_the_sheet(site: str, open_page: OpenPage) -> None:
    made = with_a_patient()
    page, new_device = open_page(), open_page()
    add_authenticator(page)
    join(page, invitation_to(site, made), "Ina Inhaberin")
    at_work(page, "Ina Inhaberin")
    page.goto(f"{site}/desk/notfallblatt/")
    page.get_by_role("button", name="Blatt erstellen").click()
    words = printed_words(page)
    page.get_by_role("link", name="Weiter: Blatt bestätigen").click()
    confirm_on_paper(page, words)

    add_authenticator(new_device)
    new_device.goto(f"{site}/desk/anmelden/")
    new_device.get_by_role("link", name=re.compile("Mit dem Notfallblatt öffnen")).click()
    new_device.get_by_label("Adresse der Praxis").fill(made.practice.slug)
    new_device.get_by_label("Die siebzehn Wörter").fill(" ".join([words[1], words[0], *words[2:]]))
    new_device.get_by_role("button", name="Öffnen").click()
    expect(new_device.get_by_role("alert")).to_contain_text("Das passt nicht zusammen")
    new_device.get_by_label("Die siebzehn Wörter").fill(" ".join(words).upper())
    new_device.get_by_role("button", name="Öffnen").click()
    new_device.get_by_label("Ihr Name").fill("Ina am neuen Gerät")
    new_device.get_by_role("button", name="Passkey anlegen").click()

    at_work(new_device, "Ina am neuen Gerät")
    new_device.get_by_title("Nächster Tag").click()
    expect(new_device.locator(".entry")).to_contain_text("Altbestand, Ada")


def test_a_second_member_comes_by_an_invitation_that_serves_once(site: str, open_page: OpenPage) -> None:
    made = with_a_patient()
    owner, second, third = open_page(), open_page(), open_page()
    for page in (owner, second, third):
        add_authenticator(page)
    join(owner, invitation_to(site, made), "Ina Inhaberin")

    menu(owner, "Team")
    owner.get_by_label("Rolle", exact=True).last.select_option("reception")
    owner.get_by_role("button", name="Einladungslink erstellen").click()
    link = owner.get_by_role("textbox", name="Einladungslink").input_value()
    join(second, link, "Emil Empfang")
    at_work(second, "Emil Empfang")
    second.get_by_title("Nächster Tag").click()
    expect(second.locator(".entry")).to_contain_text("Altbestand, Ada")
    join(third, link, "Zu spät")

    expect(third.get_by_role("alert")).to_contain_text("gilt nicht mehr")
    assert "Einladungslink erstellen" not in second.goto(f"{site}/desk/team/").text()


def test_an_authenticator_without_prf_needs_passphrase_and_device(site: str, open_page: OpenPage) -> None:
    made = with_a_patient()
    page, other_browser = open_page(), open_page()
    authenticator = add_authenticator(page, prf=False)

    join(page, invitation_to(site, made), "Otto Ohneprf")
    page.get_by_label("Passphrase").fill("passwort1234")
    device = page.locator("[data-device-shown]").inner_text()
    page.get_by_role("button", name="Weiter").click()
    expect(page.get_by_role("alert")).to_contain_text("zu leicht zu erraten")
    page.get_by_role("button", name="Passkey anlegen").click()
    page.get_by_label("Passphrase").fill("kamel geige nordwind lampe")
    device = page.locator("[data-device-shown]").inner_text()
    page.get_by_role("button", name="Weiter").click()
    at_work(page, "Otto Ohneprf")

    log_out(page)
    page.get_by_role("button", name="Mit Passkey anmelden").click()
    expect(page.get_by_label("Gerätegeheimnis")).to_be_hidden()
    page.get_by_label("Passphrase").fill("kamel geige nordwind lampe")
    page.get_by_role("button", name="Weiter").click()
    at_work(page, "Otto Ohneprf")

    second = add_authenticator(other_browser, prf=False)
    other_browser.virtual_authenticator.send(
        "WebAuthn.addCredential", {"authenticatorId": second, "credential": credentials(page, authenticator)[0]}
    )
    other_browser.goto(f"{site}/desk/anmelden/")
    other_browser.get_by_role("button", name="Mit Passkey anmelden").click()
    other_browser.get_by_label("Passphrase").fill("kamel geige nordwind lampe")
    other_browser.get_by_label("Gerätegeheimnis").fill(device)
    other_browser.get_by_role("button", name="Weiter").click()
    at_work(other_browser, "Otto Ohneprf")
    other_browser.get_by_title("Nächster Tag").click()
    expect(other_browser.locator(".entry")).to_contain_text("Altbestand, Ada")


def test_a_browser_without_webauthn_is_told_what_to_do(site: str, open_page: OpenPage) -> None:
    page = open_page()
    page.add_init_script("delete window.PublicKeyCredential")

    page.goto(f"{site}/desk/anmelden/")

    expect(page.get_by_text("Dieser Browser kann keine Passkeys")).to_be_visible()
    expect(page.get_by_role("button", name="Mit Passkey anmelden")).to_be_disabled()


def test_what_is_hard_to_undo_asks_for_the_passkey_again(site: str, open_page: OpenPage) -> None:
    made = with_a_patient()
    page = open_page()
    add_authenticator(page)
    join(page, invitation_to(site, made), "Ina Inhaberin")
    at_work(page, "Ina Inhaberin")
    make_the_proof_old(made)

    page.goto(f"{site}/desk/team/")
    page.get_by_label("Rolle", exact=True).last.select_option("physician")
    page.get_by_role("button", name="Einladungslink erstellen").click()
    expect(page.get_by_role("heading", name="Bitte bestätigen Sie mit Ihrem Passkey")).to_be_visible()
    page.get_by_role("button", name="Bestätigen").click()

    expect(page.get_by_role("heading", name="Einladung (Ärztin, Arzt)")).to_be_visible()


def test_the_lock_screen_keeps_the_page_and_changes_the_member(site: str, open_page: OpenPage) -> None:
    made = with_a_patient()
    page = open_page()
    authenticator = add_authenticator(page)
    join(page, invitation_to(site, made), "Ina Inhaberin")
    at_work(page, "Ina Inhaberin")
    first = credentials(page, authenticator)[0]["credentialId"]
    log_out(page)
    join(page, invitation_to(site, made, Membership.Role.RECEPTION), "Emil Empfang")
    at_work(page, "Emil Empfang")

    page.get_by_role("link", name="Neuer Termin", exact=True).click()
    page.get_by_text("Neu aufnehmen").click()
    page.get_by_label("Nachname").fill("Halbgetippt")
    with page.expect_response("**/desk/sperren/"):
        page.get_by_role("button", name="Sperren").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    expect(page.get_by_label("Nachname")).to_be_hidden()
    with wearing(Role.DESK), acting_for(made.id):
        assert DeskSession.objects.filter(practice=made.id).count() == 0  # nobody is logged in any more
    second = next(one for one in credentials(page, authenticator) if one["credentialId"] != first)
    page.virtual_authenticator.send(
        "WebAuthn.removeCredential", {"authenticatorId": authenticator, "credentialId": second["credentialId"]}
    )
    page.get_by_role("button", name="Mit Passkey öffnen").click()

    expect(page.get_by_role("dialog")).to_be_hidden()
    at_work(page, "Ina Inhaberin")
    expect(page.get_by_label("Nachname")).to_have_value("Halbgetippt")
    page.locator(".times__choice").first.click()
    page.get_by_label("Vorname").fill("Hanna")
    page.get_by_role("button", name="Termin eintragen").click()
    expect(page.locator(".entry").first).to_be_visible()


def test_who_leaves_is_out_at_once_and_the_data_get_a_new_key(site: str, open_page: OpenPage) -> None:
    made = with_a_patient()
    owner, leaving = open_page(), open_page()
    add_authenticator(owner)
    add_authenticator(leaving)
    join(owner, invitation_to(site, made), "Ina Inhaberin")
    join(leaving, invitation_to(site, made, Membership.Role.RECEPTION), "Gerd Geht")
    at_work(leaving, "Gerd Geht")

    menu(owner, "Team")
    row = owner.locator(".rows__one", has_text="Gerd Geht")
    row.get_by_text("Entfernen …").click()
    row.get_by_role("button", name="Aus dem Team entfernen").click()
    if owner.get_by_role("button", name="Weitermachen").is_visible():
        owner.get_by_role("button", name="Weitermachen").click()
    expect(owner.get_by_text("Alle Daten sind unter dem neuesten Schlüssel")).to_be_visible()

    leaving.goto(f"{site}/desk/")
    leaving.get_by_role("button", name="Mit Passkey anmelden").click()
    expect(leaving.get_by_role("alert")).to_contain_text("Die Anmeldung hat nicht geklappt")
    owner.goto(f"{site}/desk/")
    owner.get_by_title("Nächster Tag").click()
    expect(owner.locator(".entry")).to_contain_text("Altbestand, Ada")


def test_one_log_in_opens_all_practices_of_a_member(site: str, open_page: OpenPage) -> None:
    first, second = with_a_patient(), with_a_patient()
    page = open_page()
    add_authenticator(page)
    join(page, invitation_to(site, first), "Dora Doppelt")
    at_work(page, "Dora Doppelt")
    log_out(page)
    page.goto(invitation_to(site, second))
    page.get_by_label("Ihr Name").fill("Dora Doppelt")
    page.get_by_role("button", name="Ich habe schon einen").click()
    at_work(page, "Dora Doppelt")
    log_out(page)

    page.get_by_role("button", name="Mit Passkey anmelden").click()
    expect(page.locator(".desk-bar__home")).to_have_text(first.practice.name)
    menu(page, f"Wechseln zu {second.practice.name}")

    expect(page.locator(".desk-bar__home")).to_have_text(second.practice.name)
    page.get_by_title("Nächster Tag").click()
    expect(page.locator(".entry")).to_contain_text("Altbestand, Ada")


def test_a_second_passkey_opens_too_and_the_first_can_go(site: str, open_page: OpenPage) -> None:
    made = with_a_patient()
    page = open_page()
    authenticator = add_authenticator(page)
    join(page, invitation_to(site, made), "Ina Inhaberin")
    at_work(page, "Ina Inhaberin")
    kept = credentials(page, authenticator)[0]

    menu(page, "Passkeys und Sitzungen")
    expect(page.get_by_text("Sie haben nur einen Passkey")).to_be_visible()
    page.get_by_role("link", name="Passkey hinzufügen").click()
    page.get_by_label("Name, an dem Sie ihn erkennen").fill("Telefon")
    session = page.virtual_authenticator
    session.send("WebAuthn.removeCredential", {"authenticatorId": authenticator, "credentialId": kept["credentialId"]})
    page.get_by_role("button", name="Passkey anlegen").click()
    page.wait_for_url("**/desk/sicherheit/")
    expect(page.get_by_text("Sie haben nur einen Passkey")).to_be_hidden()
    log_out(page)
    page.get_by_role("button", name="Mit Passkey anmelden").click()
    at_work(page, "Ina Inhaberin")
    menu(page, "Passkeys und Sitzungen")
    page.locator(".rows__one", has_not_text="dieser").first.get_by_role("button", name="Entfernen").click()

    expect(page.get_by_text("Sie haben nur einen Passkey")).to_be_visible()
    page.goto(f"{site}/desk/")
    page.get_by_title("Nächster Tag").click()
    expect(page.locator(".entry")).to_contain_text("Altbestand, Ada")


def test_a_swapped_key_lets_nobody_in_until_an_owner_puts_it_back(site: str, open_page: OpenPage) -> None:
    made = make_practice(told=True)
    page = open_page(errors_allowed=("status of 4", "status of 5"))
    add_authenticator(page)
    join(page, invitation_to(site, made), "Ina Inhaberin")
    at_work(page, "Ina Inhaberin")
    log_out(page)
    swap_key(made.id)

    page.get_by_role("button", name="Mit Passkey anmelden").click()
    expect(page.get_by_role("heading", name="Der Schlüssel der Praxis wurde vertauscht")).to_be_visible()
    visitor_page = open_page()
    visitor_page.goto(f"{site}/praxis/{made.practice.slug}/")
    expect(visitor_page.get_by_text("Die Online-Buchung dieser Praxis ist gerade geschlossen")).to_be_visible()

    page.get_by_role("button", name="Mit Passkey wieder einsetzen").click()
    expect(page.get_by_role("heading", name="Der Schlüssel ist wieder eingesetzt")).to_be_visible()
    page.get_by_role("link", name="Zur Anmeldung").click()
    page.get_by_role("button", name="Mit Passkey anmelden").click()
    at_work(page, "Ina Inhaberin")
    page.get_by_role("link", name="1 Alarm ist offen: ansehen, was zu tun ist").click()
    page.get_by_role("button", name="Erledigt").click()
    visitor_page.reload()
    expect(visitor_page.get_by_text("Die Online-Buchung dieser Praxis ist gerade geschlossen")).to_be_hidden()


def test_a_browser_notices_what_the_server_cannot_know(site: str, open_page: OpenPage) -> None:
    made = make_practice(told=True)
    page = open_page()
    add_authenticator(page)
    join(page, invitation_to(site, made), "Ina Inhaberin")
    at_work(page, "Ina Inhaberin")
    own = fingerprint(bytes(made.practice.public_key))
    assert page.evaluate(f"localStorage.getItem('sprechzeit-key:{made.id}')") == own
    log_out(page)
    earlier = fingerprint(generate_key_pair().public)  # as if everything in the database had been exchanged since
    page.evaluate(f"localStorage.setItem('sprechzeit-key:{made.id}', '{earlier}')")

    page.get_by_role("button", name="Mit Passkey anmelden").click()
    expect(page.get_by_role("heading", name="Dieser Browser kennt einen anderen Schlüssel")).to_be_visible()
    expect(page.get_by_text(earlier)).to_be_visible()
    with wearing(Role.DESK), acting_for(made.id):
        assert DeskSession.objects.filter(practice=made.id).count() == 0
    assert [one.cause for one in alarms(made, "key-swapped")] == ["browser"]

    page.get_by_label("Fingerabdruck vom Notfallblatt").fill(own.upper().replace("-", " "))
    page.get_by_role("button", name="Merken und neu anmelden").click()
    page.get_by_role("button", name="Mit Passkey anmelden").click()
    at_work(page, "Ina Inhaberin")
