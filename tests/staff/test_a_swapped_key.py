"""A public key is swapped in the database: the next log-in, session, token or minute finds it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from sprechzeit import clock
from sprechzeit.audit.models import Event
from sprechzeit.audit.pair import told_print
from sprechzeit.audit.record import SYSTEM, record
from sprechzeit.database.roles import Role
from sprechzeit.database.tenancy import acting_for, wearing
from sprechzeit.doctor.check import State
from sprechzeit.doctor.pairs import check_pairs
from sprechzeit.patients.models import Intake
from sprechzeit.practices.models import Practice
from sprechzeit.retention.run import forget_what_is_due
from sprechzeit.staff.errors import KeySwapped
from sprechzeit.staff.invite import invite
from sprechzeit.staff.models import Membership
from sprechzeit.staff.sheet import PrintedSheet, confirm_sheet, make_sheet, words_asked
from sprechzeit.staff.swapped import watch_pairs
from sprechzeit.staff.token import Scope, make_token, open_token
from sprechzeit.vault import fingerprint, generate_key_pair
from tests.factories import Made, at_desk, in_days, make_bookable, make_practice, visitor
from tests.guard.watched import alarms
from tests.staff.authenticator import Authenticator
from tests.swapping import put_all_back, put_key, swap_key
from tests.web.front import walk


@pytest.fixture(autouse=True)
def all_keys_are_put_back() -> Iterator[None]:
    yield
    put_all_back()


def post(client: Client, path: str, body: dict[str, Any]) -> Any:
    return client.post(f"/desk/{path}", body, "application/json")


def with_a_passkey(made: Made) -> Authenticator:
    """A new owner of the practice, who has joined by the real pages."""
    device, client = Authenticator(), visitor()
    with wearing(Role.DESK):
        invitation = invite(made.keys, SYSTEM, Membership.Role.OWNER)
    options = post(client, "einladung/beginn/", {"invitation": invitation}).json()
    answer = {**device.register(options), "invitation": invitation, "name": "Ina Inhaberin"}
    assert post(client, "einladung/abschluss/", answer).status_code == 200
    return device


def log_in(client: Client, device: Authenticator, path: str = "anmelden/abschluss/") -> Any:
    options = post(client, "anmelden/beginn/", {}).json()
    return post(client, path, device.prove(options))


def confirmed_sheet(made: Made) -> PrintedSheet:
    with wearing(Role.DESK):
        sheet = make_sheet(made.keys, made.actor)
        confirm_sheet(made.id, made.actor, sheet.id, [sheet.words[place - 1] for place in words_asked(sheet.id)])
    return sheet


def events(made: Made, action: str) -> list[Event]:
    with wearing(Role.DESK), acting_for(made.id):
        return list(Event.objects.filter(practice=made.id, action=action).order_by("number"))


def is_closed(made: Made) -> bool:
    return Practice.objects.filter(id=made.id, key_doubted_at__isnull=False).exists()


def watch() -> int:
    with wearing(Role.WORKER):
        return watch_pairs()


def settle_all(client: Client, made: Made) -> None:
    for alarm in alarms(made, "key-swapped"):
        client.post(f"/desk/alarme/{alarm.id}/erledigt/", {"note": "geklärt"})


def test_the_trail_tells_the_fingerprint_from_the_first_event_on() -> None:
    made = make_practice(told=True)

    (event,) = events(made, "pair.make")

    assert event.number == 1
    assert event.details == {"fingerprint": fingerprint(bytes(made.practice.public_key))}


def test_a_log_in_with_the_passkey_is_refused_with_an_alarm() -> None:
    made = make_practice(told=True)
    device = with_a_passkey(made)
    thief = swap_key(made.id)
    client = visitor()

    answer = log_in(client, device)

    assert (answer.status_code, answer.json()["code"]) == (409, "key-swapped")
    assert "desk" not in client.cookies
    (alarm,) = alarms(made, "key-swapped")
    assert (alarm.severity, alarm.details) == ("critical", {"found": fingerprint(thief.public), "way": "log-in"})
    (event,) = events(made, "pair.swapped")
    assert event.details["found"] == fingerprint(thief.public)
    assert is_closed(made)


def test_an_open_session_stops_at_its_next_page() -> None:
    made = make_practice(told=True)
    client = at_desk(made)
    assert client.get("/desk/").status_code == 200
    swap_key(made.id)

    answer = client.get("/desk/")

    assert (answer.status_code, answer.headers["Location"]) == (302, "/desk/schluessel/vertauscht/")
    assert len(alarms(made, "key-swapped")) == 1
    assert "Was Sie jetzt tun" in client.get("/desk/schluessel/vertauscht/").content.decode()


def test_a_token_an_invitation_and_the_sheet_are_refused_too() -> None:
    made = make_practice(told=True)
    sheet = confirmed_sheet(made)
    with wearing(Role.DESK):
        token = make_token(
            made.keys, made.actor, name="Praxis", scopes=[Scope.CALENDAR_READ], days=1, member=made.member
        )
        invitation = invite(made.keys, SYSTEM)
    swap_key(made.id)

    with wearing(Role.DESK), pytest.raises(KeySwapped):
        open_token(token)
    client = visitor()
    by_token = client.get("/api/v1/desk/appointments?day=2026-11-25", headers={"Authorization": f"Bearer {token}"})
    options = post(client, "einladung/beginn/", {"invitation": invitation}).json()
    by_link = post(
        client, "einladung/abschluss/", {**Authenticator().register(options), "invitation": invitation, "name": "Neu"}
    )
    by_sheet = client.post("/desk/notfall/", {"slug": made.practice.slug, "words": " ".join(sheet.words)})

    assert [one.status_code for one in (by_token, by_link, by_sheet)] == [409, 409, 409]
    assert by_token.json()["type"].endswith("key-swapped")
    assert alarms(made, "key-swapped")[0].count == 4


def test_the_worker_finds_it_within_a_minute_and_before_any_log_in() -> None:
    made, untouched = make_practice(told=True), make_practice(told=True)
    assert watch() == 0
    swap_key(made.id)

    assert (watch(), watch()) == (1, 0)

    (alarm,) = alarms(made, "key-swapped")
    assert (alarm.count, alarm.details["way"]) == (1, "watcher")
    assert [is_closed(made), is_closed(untouched)] == [True, False]


def test_what_is_no_key_at_all_is_found_as_well() -> None:
    made = make_practice(told=True)
    put_key(made.id, b"short")

    assert watch() == 1


def test_doctor_names_the_practice() -> None:
    made = make_practice(told=True)
    assert check_pairs().state is not State.WRONG
    swap_key(made.id)

    check = check_pairs()

    assert check.state is State.WRONG
    assert str(made.id) in check.seen


def test_a_later_event_cannot_talk_the_key_over() -> None:
    made = make_practice(told=True)
    thief = swap_key(made.id)
    with wearing(Role.WORKER), acting_for(made.id):
        record(made.id, SYSTEM, "pair.carry", details={"fingerprint": fingerprint(thief.public)})

    assert watch() == 1


def test_nobody_books_online_until_an_owner_has_settled_it() -> None:
    made, visit_type = make_bookable(told=True)
    with wearing(Role.DESK), acting_for(made.id):
        Practice.objects.filter(id=made.id).update(phone="030 1234567")
    patient = visitor()
    form = walk.Page(patient.get(walk.details_url(patient, made, visit_type, in_days(1, 9)))).form(
        with_field="first_name"
    )
    swap_key(made.id)
    watch()

    page = patient.get(walk.practice_url(made)).content.decode()
    held = walk.hold(patient, made, visit_type, in_days(1, 10))
    sent = form.send(patient, **walk.TYPED)

    assert "Die Online-Buchung dieser Praxis ist gerade geschlossen. Bitte rufen Sie an: 030 1234567" in page
    assert (held.status_code, sent.status_code) == (503, 503)
    assert "030 1234567" in held.content.decode()
    with wearing(Role.DESK), acting_for(made.id):
        assert not Intake.objects.filter(practice=made.id).exists()

    put_key(made.id, bytes(made.practice.public_key))
    assert walk.hold(patient, made, visit_type, in_days(1, 10)).status_code == 503
    settle_all(at_desk(made), made)
    assert walk.hold(patient, made, visit_type, in_days(1, 10)).status_code == 303


def test_an_owner_puts_the_key_back_with_the_passkey_and_sees_what_is_at_risk() -> None:
    made, visit_type = make_bookable(told=True)
    device = with_a_passkey(made)
    thief, patient = swap_key(made.id), visitor()
    walk.book(patient, made, visit_type, in_days(1, 9))  # sealed to the thief
    watch()

    answer = log_in(visitor(), device, "schluessel/vertauscht/passkey/")

    assert (answer.status_code, answer.json()["next"]) == (200, "/desk/schluessel/vertauscht/?zurueck=1")
    assert bytes(Practice.objects.get(id=made.id).public_key) == bytes(made.practice.public_key)
    (event,) = events(made, "pair.restore")
    assert event.details == {
        "fingerprint": fingerprint(bytes(made.practice.public_key)),
        "found": fingerprint(thief.public),
    }
    assert is_closed(made)
    desk = visitor()
    assert log_in(desk, device).status_code == 200
    day = in_days(1, 9).date().isoformat()
    assert desk.get(f"/desk/?tag={day}").status_code == 200
    page = desk.get("/desk/schluessel/").content.decode()
    assert "Buchungen, die sich nicht öffnen lassen" in page
    assert visit_type.name in page
    assert "Im Protokoll der Praxis steht derselbe Fingerabdruck" in page
    (marked,) = events(made, "pair.unreadable")
    assert marked.details == {"bookings": 1, "messages": 0, "session": marked.details["session"]}
    settle_all(desk, made)
    assert not is_closed(made)


def test_the_sheet_puts_it_back_too_and_a_wrong_one_does_not() -> None:
    made, other = make_practice(told=True), make_practice(told=True)
    sheet, others = confirmed_sheet(made), confirmed_sheet(other)
    swap_key(made.id)
    client = visitor()

    wrong = client.post(
        "/desk/schluessel/vertauscht/blatt/", {"slug": made.practice.slug, "words": " ".join(others.words)}
    )
    assert wrong.status_code == 422
    assert bytes(Practice.objects.get(id=made.id).public_key) != bytes(made.practice.public_key)
    right = client.post(
        "/desk/schluessel/vertauscht/blatt/", {"slug": made.practice.slug, "words": " ".join(sheet.words)}
    )

    assert "wieder eingesetzt" in right.content.decode()
    assert bytes(Practice.objects.get(id=made.id).public_key) == bytes(made.practice.public_key)


def test_only_an_owners_passkey_puts_it_back() -> None:
    made = make_practice(told=True)
    device = with_a_passkey(made)
    with wearing(Role.DESK), acting_for(made.id):
        Membership.objects.filter(practice=made.id).exclude(member=made.member).update(role="reception")
    thief = swap_key(made.id)

    answer = log_in(visitor(), device, "schluessel/vertauscht/passkey/")

    assert answer.status_code == 403
    assert bytes(Practice.objects.get(id=made.id).public_key) == thief.public


def test_a_browser_that_remembers_another_key_ends_the_session_and_closes_booking() -> None:
    made = make_practice(told=True)
    client = at_desk(made)
    page = client.get("/desk/").content.decode()
    assert f'data-key-print="{fingerprint(bytes(made.practice.public_key))}"' in page
    before = fingerprint(generate_key_pair().public)

    answer = client.post("/desk/schluessel/abweichend/", {"remembered": before})

    assert answer.status_code == 204
    assert client.get("/desk/").status_code == 302
    (alarm,) = alarms(made, "key-swapped")
    assert (alarm.cause, alarm.details["remembered"]) == ("browser", before)
    assert is_closed(made)


def test_the_fingerprint_outlives_the_events_that_are_cut_off() -> None:
    with clock.travelled(-1200 * timedelta(days=1)):
        made = make_practice(told=True)
    own = fingerprint(bytes(made.practice.public_key))
    with clock.travelled(-1100 * timedelta(days=1)), wearing(Role.WORKER), acting_for(made.id):
        record(made.id, SYSTEM, "day.view")

    with wearing(Role.WORKER):
        forget_what_is_due(made.id)
        told = told_print(made.id)

    assert not events(made, "pair.make")
    assert [one.details for one in events(made, "pair.carry")] == [{"fingerprint": own}]
    assert told == own
