from __future__ import annotations

import csv
import io
from datetime import timedelta
from uuid import UUID

import pytest
from django.http import HttpResponse
from django.test import Client

from sprechzeit import clock
from sprechzeit.audit.record import SYSTEM, VISITOR, Actor, record
from sprechzeit.database.roles import Role
from sprechzeit.database.tenancy import acting_for, wearing
from sprechzeit.identifiers import new_id
from sprechzeit.origin import Origin, coming_from
from sprechzeit.patients.create import create_patient
from sprechzeit.staff.membership import add_membership
from sprechzeit.staff.models import DeskSession, Member, Membership, Passkey
from sprechzeit.staff.token import Scope, make_token
from sprechzeit.web.desk.trail_csv import harmless
from tests.booking.booked import events
from tests.factories import Made, at_desk, make_person, make_practice, visitor
from tests.web.page import Page

NOBODY = "0192f6c8-1111-7222-8333-444455556666"
TRAIL = "/desk/protokoll/"
CSV = "/desk/protokoll/csv/"
COLUMNS = 12


def write(made: Made, action: str, actor: Actor = SYSTEM, *subjects: UUID, **details: object) -> None:
    with acting_for(made.id):
        record(made.id, actor, action, subjects, details)


def add_patient(made: Made, last_name: str) -> UUID:
    with wearing(Role.DESK):
        return create_patient(made.keys, made.actor, make_person(last_name=last_name))


def add_member(made: Made, name: str, role: Membership.Role = Membership.Role.RECEPTION) -> Actor:
    with wearing(Role.DESK), acting_for(made.id):
        member = Member.objects.create()
        add_membership(made.keys, member.id, role, name)
    return Actor("member", str(member.id))


def lines(text: str, word: str) -> list[str]:
    """The table's rows that hold the word."""
    return [row for row in text.split("<tr>")[1:] if word in row.split("</tr>")[0]]


def rows_of(answer: HttpResponse) -> list[list[str]]:
    assert answer.status_code == 200
    text = b"".join(answer.streaming_content).decode("utf-8")
    assert text.startswith("\ufeff")
    return list(csv.reader(io.StringIO(text.removeprefix("\ufeff")), delimiter=";"))


def page(client: Client, **query: str) -> str:
    answer = client.get(TRAIL, query)
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.parametrize("role", Membership.Role.values)
@pytest.mark.parametrize("url", [TRAIL, CSV, f"{TRAIL}patient/{NOBODY}/"])
def test_only_owners_read_the_trail(role: str, url: str) -> None:
    made = make_practice()
    with wearing(Role.DESK), acting_for(made.id):
        Membership.objects.filter(practice=made.id, member=made.member).update(role=role)

    answer = at_desk(made).get(url)

    if role == Membership.Role.OWNER:
        assert answer.status_code in {200, 404}
    else:
        assert answer.status_code == 403
        assert [event.details for event in events(made, "permission.refused")] == [{"permission": "trail"}]


@pytest.mark.parametrize("url", [TRAIL, CSV, f"{TRAIL}patient/{NOBODY}/"])
def test_without_a_session_there_is_only_the_way_to_log_in(url: str) -> None:
    answer = visitor().get(url)

    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/desk/anmelden/")


def test_each_line_tells_who_what_whose_and_from_where() -> None:
    made = make_practice()
    empfang = add_member(made, "Frau Empfang")
    patient = add_patient(made, "Größer")
    with coming_from(Origin(address="192.0.2.7")):
        write(made, "appointment.view", empfang, new_id(), patient)
    write(made, "day.view", empfang, patient, *[new_id() for _ in range(29)], count=30)
    write(made, "appointment.book", VISITOR, new_id(), source="front")
    write(made, "key.begin", SYSTEM, number=2)

    text = page(at_desk(made))

    (viewed,) = lines(text, "Termin mit allen Angaben angesehen")
    assert "Frau Empfang" in viewed
    assert f'<a href="{TRAIL}patient/{patient}/">Größer, Erika</a>' in viewed
    assert "192.0.2.7" in viewed
    (day,) = lines(text, "Tag im Kalender mit Namen angesehen")
    assert ">30<" in day
    assert "Größer" not in day  # of many only the number is told
    (booked,) = lines(text, "Termin gebucht")
    assert "online, ohne Anmeldung" in booked
    (key,) = lines(text, "Umschlüsselung begonnen")
    assert "Sprechzeit selbst" in key


def test_the_time_is_that_of_the_practice() -> None:
    made = make_practice(time_zone="Asia/Tokyo")
    write(made, "rule.add")
    (event,) = events(made, "rule.add")

    (line,) = lines(page(at_desk(made)), "Sprechzeit eingetragen")

    assert f"{event.at + timedelta(hours=9):%d.%m.%Y <span>%H:%M:%S}" in line


def test_roles_states_and_fields_are_told_in_words() -> None:
    made = make_practice()
    other = add_member(made, "Herr Wechsel")
    write(made, "member.change-role", made.actor, UUID(other.id), role="assistant", before="reception")
    write(made, "appointment.mark", made.actor, new_id(), status="no-show")
    write(made, "appointment.move", made.actor, new_id(), fields=["starts_at", "never_heard_of"])

    text = page(at_desk(made))

    assert "Empfang → MFA" in lines(text, "Rolle geändert")[0]
    assert "Herr Wechsel" in lines(text, "Rolle geändert")[0]
    assert "nicht erschienen" in lines(text, "Stand eines Termins geändert")[0]
    assert "Zeit, never_heard_of" in lines(text, "Termin verschoben")[0]


def test_programs_and_members_who_left_have_words_too() -> None:
    made, gone = make_practice(), Actor("member", str(new_id()))
    with wearing(Role.DESK):
        token = make_token(
            made.keys, made.actor, name="Praxisprogramm", scopes=[Scope.CALENDAR_READ], days=1, member=made.member
        )
    write(made, "day.view", Actor("token", str(UUID(hex=token.split("-")[1][:32]))), count=3)
    write(made, "day.view", Actor("token", str(new_id())), count=4)
    write(made, "day.view", gone, count=5)

    text = page(at_desk(made))

    assert "Programm: Praxisprogramm" in text
    assert "Programm, widerrufen" in text
    assert f"nicht mehr im Team ({gone.id[-6:]})" in text
    assert f'<option value="{gone.id}" selected>' in page(at_desk(made), wer=gone.id)


def test_the_look_itself_stands_in_the_trail_with_the_patients_whose_names_it_opened() -> None:
    made = make_practice()
    patient = add_patient(made, "Größer")
    client = at_desk(made)

    page(client, art="einstellungen")
    page(client)

    nothing_opened, opened = events(made, "trail.view")
    assert (nothing_opened.subjects, nothing_opened.actor) == ([], str(made.member))
    assert (opened.subjects, opened.details) == ([patient], {"count": 1})


def test_it_is_filtered_by_member_patient_day_and_kind() -> None:
    made = make_practice()
    empfang, patient = add_member(made, "Frau Empfang"), add_patient(made, "Größer")
    write(made, "appointment.view", empfang, new_id(), patient)
    write(made, "rule.add", made.actor)
    write(made, "appointment.book", VISITOR, new_id())
    client = at_desk(made)
    today = clock.now().astimezone(made.practice.zone).date()
    viewed, rule, booked = "Termin mit allen Angaben", "Sprechzeit eingetragen", "Termin gebucht"

    def shown(**query: str) -> list[str]:
        text = page(client, **query)
        return [what for what in (viewed, rule, booked) if lines(text, what)]

    assert shown() == [viewed, rule, booked]
    assert shown(wer=empfang.id) == [viewed]
    assert shown(wer="patienten") == [booked]
    assert shown(art="einstellungen") == [rule]
    assert shown(art="einsicht") == [viewed]
    assert shown(patient=str(patient)) == [viewed]
    assert shown(von=str(today), bis=str(today), wer=str(made.member)) == [rule]
    assert shown(bis=str(today - timedelta(days=2))) == []
    assert shown(von=str(today + timedelta(days=2))) == []


def test_the_filter_is_a_plain_form_and_stays_filled_in() -> None:
    made = make_practice()
    empfang = add_member(made, "Frau Empfang")
    answer = at_desk(made).get(TRAIL, {"wer": empfang.id, "art": "termine", "von": "2026-01-01"})

    read = Page(answer)
    form = read.form(with_field="wer")

    assert (form.action, form.method) == (TRAIL, "get")
    assert form.fields == {"wer": empfang.id, "art": "termine", "von": "2026-01-01", "bis": ""}
    assert {"", str(made.member), empfang.id, "programme", "patienten", "system"} == set(form.choices["wer"])
    assert read.inline == []
    assert f"{CSV}?wer={empfang.id}&von=2026-01-01&art=termine" in read.links


def test_pages_of_fifty_with_a_link_to_the_next() -> None:
    made = make_practice()
    with acting_for(made.id):
        for number in range(60):
            record(made.id, SYSTEM, "rule.add", details={"rule": number})
    client = at_desk(made)

    first = client.get(TRAIL, {"art": "einstellungen"})
    (more,) = [link for link in Page(first).links if "vor=" in link]
    second = client.get(TRAIL + more)

    assert len(lines(first.content.decode(), "Sprechzeit eingetragen")) == 50
    assert len(lines(second.content.decode(), "Sprechzeit eingetragen")) == 10
    assert [link for link in Page(second).links if "vor=" in link] == []
    assert "art=einstellungen" in more
    assert f"{TRAIL}?art=einstellungen" in Page(second).links


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"von": "gestern"}, "von"),
        ({"von": "0001-01-01"}, "von"),
        ({"bis": "2026-02-30"}, "bis"),
        ({"von": "2026-02-02", "bis": "2026-02-01"}, "bis"),
        ({"art": "alles%"}, "art"),
        ({"wer": "x' or 1=1"}, "wer"),
        ({"wer": "\0"}, "wer"),
    ],
)
def test_a_filter_that_cannot_be_read_is_told_at_its_field_and_shows_nothing(query: dict[str, str], field: str) -> None:
    made = make_practice()
    client = at_desk(made)

    answer = client.get(TRAIL, query)

    assert answer.status_code == 422
    assert Page(answer).errors[field]
    assert "<table" not in answer.content.decode()
    assert client.get(CSV, query).status_code == 422
    assert events(made, "trail.view") == events(made, "trail.export") == []


def test_a_patient_that_is_none_and_a_page_number_that_is_none() -> None:
    client = at_desk(make_practice())

    assert client.get(TRAIL, {"patient": "x"}).status_code == 422
    assert client.get(TRAIL, {"vor": "x"}).status_code == 200
    assert "Mehr steht nicht im Protokoll." in page(client, vor="1")


def test_who_has_seen_a_patient_is_summed_up() -> None:
    made = make_practice()
    empfang, patient = add_member(made, "Frau Empfang"), add_patient(made, "Größer")
    for _ in range(3):
        write(made, "day.view", empfang, patient, *[new_id() for _ in range(9)], count=10)
    write(made, "day.view", made.actor, new_id())
    client = at_desk(made)

    answer = client.get(f"{TRAIL}patient/{patient}/")
    text = answer.content.decode()

    assert "Wer hat die Daten von Größer, Erika gesehen?" in text
    assert ">3<" in lines(text, "Frau Empfang")[0]
    assert len(lines(text, "Tag im Kalender mit Namen angesehen")) == 3
    (look,) = events(made, "trail.view")
    assert (look.subjects, look.actor) == ([patient], str(made.member))


def test_nothing_of_another_practice_is_found() -> None:
    made, other = make_practice(), make_practice()
    patient = add_patient(other, "Fremdmann")
    client = at_desk(made)

    answer = client.get(f"{TRAIL}patient/{patient}/")

    assert answer.status_code == 404
    assert "Fremdmann" not in answer.content.decode()
    assert "Fremdmann" not in page(client, patient=str(patient))
    assert len(events(other, "patient.create")) == 1


def test_the_file_holds_the_filtered_events_without_patients_names() -> None:
    made = make_practice()
    empfang, patient = add_member(made, "Frau Empfang"), add_patient(made, "Größer")
    with coming_from(Origin(address="2001:db8::7")):
        write(made, "appointment.view", empfang, patient, new_id())
    write(made, "rule.add", made.actor)
    (event,) = events(made, "appointment.view")

    answer = at_desk(made).get(CSV, {"wer": empfang.id})
    head, row = rows_of(answer)

    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert f'filename="protokoll-{made.practice.slug}-' in answer.headers["Content-Disposition"]
    assert answer.headers["Cache-Control"] == "no-store"
    assert len(head) == len(row) == COLUMNS
    assert head[:3] == ["Nummer", "Zeit", "Wer"]
    assert row[0] == str(event.number)
    assert row[1] == event.at.astimezone(made.practice.zone).isoformat(sep=" ", timespec="seconds")
    assert row[2:6] == ["Frau Empfang", empfang.id, "2001:db8::7", "Termin mit allen Angaben angesehen"]
    assert row[8] == "appointment.view"
    assert row[10].split() == [str(one) for one in event.subjects]
    assert row[11] == bytes(event.hash).hex()
    assert "Größer" not in "".join(row)


def test_the_file_is_english_on_the_english_page() -> None:
    made = make_practice()
    write(made, "rule.add")

    head, row = rows_of(at_desk(made).get(f"/en{CSV}", {"art": "einstellungen"}))

    assert head[0] == "Number"
    assert row[5] != "Sprechzeit eingetragen"


def test_an_export_stands_in_the_trail_with_its_size() -> None:
    made = make_practice()
    patient = add_patient(made, "Größer")
    client = at_desk(made)

    rows_of(client.get(CSV, {"patient": str(patient)}))
    rows_of(client.get(CSV, {"art": "protokoll"}))

    first, second = events(made, "trail.export")
    assert (first.subjects, first.details, first.actor) == ([patient], {"count": 1}, str(made.member))
    assert (second.subjects, second.details) == ([], {"count": 1})


@pytest.mark.parametrize("name", ["=1+1", "+49", "-2", "@SUM(A1)", '=HYPERLINK("http://x")'])
def test_no_name_becomes_a_formula(name: str) -> None:
    made = make_practice()
    write(made, "rule.add", add_member(made, name))

    row = rows_of(at_desk(made).get(CSV, {"art": "einstellungen"}))[1]

    assert row[2] == f"'{name}"


@pytest.mark.parametrize(("cell", "written"), [("\t=1", "'\t=1"), ("\r=1", "'\r=1"), ("a=1", "a=1"), ("", "")])
def test_only_what_begins_a_formula_is_changed(cell: str, written: str) -> None:
    assert harmless(cell) == written


def test_the_file_wants_the_passkey_again() -> None:
    made = make_practice()
    client = at_desk(made)
    with wearing(Role.DESK), acting_for(made.id):
        passkey = Passkey.objects.create(member_id=made.member, credential_id=new_id().bytes, public_key=b"-")
        DeskSession.objects.filter(practice=made.id).update(
            passkey=passkey, proved_at=clock.now() - timedelta(minutes=6)
        )

    refused = client.get(CSV, {"art": "termine"})
    shown = client.get(TRAIL)

    assert refused.status_code == 403
    assert events(made, "trail.export") == []
    assert shown.status_code == 200
