"""A patient asks what is kept about them and gets all of it, and nothing of anybody else (GDPR Art. 15 and 20)."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from typing import Any
from uuid import UUID

import psycopg
import pytest
from django.http import HttpResponse

from sprechzeit import clock
from sprechzeit.database.connections import EMBEDDED_DATABASE
from sprechzeit.database.embedded import EmbeddedServer
from sprechzeit.database.embedded.rules import SUPERUSER
from sprechzeit.database.roles import Role
from sprechzeit.database.tenancy import acting_for, wearing
from sprechzeit.guard.errors import Frozen
from sprechzeit.identifiers import new_id
from sprechzeit.practices.models import Practice
from sprechzeit.rights.access import Access, patient_access
from sprechzeit.rights.identity import Identity
from sprechzeit.staff.brake import freeze, release
from sprechzeit.staff.models import DeskSession, Membership, Passkey
from sprechzeit.staff.session import STEP_UP
from tests.booking.booked import events
from tests.conftest import FOLDER
from tests.factories import Made, at_desk, make_bookable
from tests.rights.filled import fill, texts_of

URL = EmbeddedServer(FOLDER / "postgres").url(SUPERUSER, EMBEDDED_DATABASE)
REFERENCES = (
    "request_id",
    "patient_id",
    "appointment_id",
    "intake_id",
    "entry_id",
    "about",
    "kept",
    "absorbed",
    "subjects",
)
IN_THE_REPORT = {
    "patient": "record",
    "appointment": "visits",
    "appointment_note": "visits.comment",
    "patient_note": "visits.notes",
    "intake": "visits.typed",
    "consent": "consents",
    "message": "messages",
    "notifier_address": "addresses",
    "address_confirmation": "confirmations",
    "recall": "recalls",
    "waiting_entry": "waits",
    "waiting_offer": "waits.offers",
    "patient_merge": "merged",
    "rights_request": "requests",
    "rights_text": "requests.text",
    "audit_event": "trail",
}
"""By table: what of the report is made of its rows."""

EXCUSED = {
    "hold": "a slot kept for minutes, before there is a patient; afterwards the appointment tells all of it",
    "occupancy": "the time of an appointment or block once more, so that nothing is booked over it",
    "undo_step": "the appointment's time and status before a change, for ten minutes, for whoever changed it",
    "clipboard_item": "that a member has cut or copied an appointment, for hours; nothing about the person",
}
"""Every other table with such a reference, and why its rows say nothing more."""


def tables_with_references() -> set[str]:
    with psycopg.connect(URL) as connection:
        rows = connection.execute(
            "select distinct table_name from information_schema.columns"
            " where table_schema = 'public' and table_name not like 'procrastinate%%' and column_name = any(%s)",
            [list(REFERENCES)],
        )
        return {table for (table,) in rows}


def part(access: Access, path: str) -> list[Any]:
    """What the report holds under a name, or under a name of each of its parts; only what is not empty."""
    name, _, inner = path.partition(".")
    found = getattr(access, name)
    of_each = [getattr(one, inner) for one in found] if inner else found if isinstance(found, tuple) else [found]
    return [one for one in of_each if one]


@pytest.fixture(scope="module")
def two(database: None) -> tuple[Made, UUID, UUID]:
    """A practice with two patients of whom everything is kept."""
    made, visit_type = make_bookable(days=3)
    with wearing(Role.DESK), acting_for(made.id):
        Practice.objects.filter(id=made.id).update(
            responsible="Dr. Vera Antwort", subdivision="BE", confirm_email=False
        )
    return made, fill(made, visit_type, "Eigen", days=2), fill(made, visit_type, "Fremd", days=3)


def ask(made: Made, patient: UUID, **form: str) -> HttpResponse:
    values = {"identity": "document", "format": "json", **form}
    return at_desk(made).post(f"/desk/patienten/{patient}/auskunft/", values)


def test_every_table_that_refers_to_a_patient_is_in_the_report_or_excused() -> None:
    assert tables_with_references() - set(IN_THE_REPORT) - set(EXCUSED) == set()
    assert set(IN_THE_REPORT) & set(EXCUSED) == set()
    assert set(EXCUSED) <= tables_with_references()


def test_the_catalogue_notices_a_new_table() -> None:
    with psycopg.connect(URL, autocommit=True) as connection:
        connection.execute("create table forgotten_letter (id uuid primary key, patient_id uuid)")
        try:
            assert "forgotten_letter" in tables_with_references() - set(IN_THE_REPORT) - set(EXCUSED)
        finally:
            connection.execute("drop table forgotten_letter")


@pytest.mark.parametrize(("table", "path"), IN_THE_REPORT.items())
def test_the_report_holds_what_each_table_holds(two: tuple[Made, UUID, UUID], table: str, path: str) -> None:
    made, own, _ = two
    with wearing(Role.DESK):
        access = patient_access(made.keys, made.actor, own, Identity.DOCUMENT, form="json")

    assert part(access, path)


def test_the_json_holds_all_that_was_put_in_and_nothing_of_another_patient(two: tuple[Made, UUID, UUID]) -> None:
    made, own, other = two

    answer = ask(made, own)

    told = answer.content.decode()
    assert answer.status_code == 200
    assert {one for one in texts_of("Eigen").values() if one not in told} == set()
    assert "Fremd" not in told
    assert str(other) not in told
    kinds = {one["resource"]["resourceType"] for one in json.loads(told)["entry"]}
    assert {"Patient", "Appointment", "Consent", "Communication", "AuditEvent", "ServiceRequest"} <= kinds
    for part_of_it in ("1980-02-01", "2031-05-17", "Dr. Vera Antwort", "Berliner Beauftragte", "waitlist"):
        assert part_of_it in told


def test_no_secret_and_no_network_address_is_given_out(two: tuple[Made, UUID, UUID]) -> None:
    made, own, _ = two

    names = set(re.findall(r'"(\w+)":', ask(made, own).content.decode()))

    assert not {one for one in names if "hash" in one.lower() or "secret" in one.lower() or one == "sealed"}
    assert "127.0.0.1" not in ask(made, own).content.decode()


def test_the_file_is_not_kept_by_the_browser_and_its_name_says_nothing(two: tuple[Made, UUID, UUID]) -> None:
    made, own, _ = two

    for form, kind in (("json", "application/json"), ("pdf", "application/pdf")):
        answer = ask(made, own, format=form)

        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["Content-Type"] == kind
        assert answer.headers["Content-Disposition"] == f'attachment; filename="auskunft.{form}"'


def test_the_pdf_tells_the_same_on_several_pages(two: tuple[Made, UUID, UUID]) -> None:
    made, own, _ = two

    content = ask(made, own, format="pdf").content

    assert content.startswith(b"%PDF")
    assert content.count(b"/Type /Page\n") + content.count(b"/Type /Page ") + content.count(b"/Type /Page/") >= 2
    told = content.decode("cp1252", errors="replace")
    missing = {one for name, one in texts_of("Eigen").items() if one not in told and name != "facts"}
    assert missing == set()
    assert "Fremd" not in told


def test_it_stands_in_the_trail_with_how_the_person_was_identified(two: tuple[Made, UUID, UUID]) -> None:
    made, own, _ = two

    ask(made, own, identity="call-back", format="pdf")

    event = events(made, "patient.access")[-1]
    assert event.subjects == [own]
    assert event.details == {"identity": "call-back", "format": "pdf"}
    assert event.actor == str(made.member)


def test_the_trail_tells_it_in_words(two: tuple[Made, UUID, UUID]) -> None:
    made, own, _ = two
    ask(made, own, identity="call-back")

    page = at_desk(made).get(f"/desk/protokoll/patient/{own}/").content.decode()

    assert "Auskunft über alle Daten eines Patienten erstellt" in page
    assert "durch Rückruf geprüft" in page


@pytest.mark.parametrize("identity", ["", "believed"])
def test_without_knowing_who_asks_nothing_is_given(two: tuple[Made, UUID, UUID], identity: str) -> None:
    made, own, _ = two
    before = len(events(made, "patient.access"))

    answer = ask(made, own, identity=identity)

    assert answer.status_code == 422
    assert "Bitte geben Sie an, wie Sie die Person geprüft haben." in answer.content.decode()
    assert "Eigen" not in answer.content.decode()
    assert len(events(made, "patient.access")) == before


def test_the_passkey_is_asked_for_again_when_it_was_used_too_long_ago(two: tuple[Made, UUID, UUID]) -> None:
    made, own, _ = two
    client = at_desk(made)
    with wearing(Role.DESK), acting_for(made.id, member=made.member):
        passkey = Passkey.objects.create(member_id=made.member, credential_id=new_id().bytes, public_key=b"-")
        DeskSession.objects.filter(practice=made.id, member=made.member).update(passkey=passkey)

    with clock.travelled(STEP_UP + timedelta(minutes=1)):
        answer = client.post(f"/desk/patienten/{own}/auskunft/", {"identity": "document", "format": "json"})

    assert answer.status_code == 403
    assert "Eigen" not in answer.content.decode()


def test_an_unknown_form_is_refused(two: tuple[Made, UUID, UUID]) -> None:
    made, own, _ = two

    assert ask(made, own, format="exe").status_code == 422


def test_another_practices_patient_is_not_found(two: tuple[Made, UUID, UUID]) -> None:
    _made, own, _ = two
    other, _ = make_bookable()

    assert ask(other, own).status_code == 404


def test_the_card_leads_to_it(two: tuple[Made, UUID, UUID]) -> None:
    made, own, _ = two
    url = f"/desk/patienten/{own}/auskunft/"
    client = at_desk(made)

    assert f'href="{url}"' in client.get(f"/desk/patient/{own}/").content.decode()
    assert client.get(url).status_code == 200


@pytest.mark.parametrize("role", ["read-only", "referrer"])
def test_who_may_not_change_records_gives_none(two: tuple[Made, UUID, UUID], role: str) -> None:
    made, own, _ = two
    with wearing(Role.DESK), acting_for(made.id):
        Membership.objects.filter(practice=made.id, member=made.member).update(role=role)

    try:
        assert ask(made, own).status_code == 403
    finally:
        with wearing(Role.DESK), acting_for(made.id):
            Membership.objects.filter(practice=made.id, member=made.member).update(role="owner")


def test_while_the_practice_has_stopped_exports_nothing_is_given(two: tuple[Made, UUID, UUID]) -> None:
    made, own, _ = two
    with wearing(Role.DESK):
        freeze(made.id, made.actor)
        try:
            with pytest.raises(Frozen):
                patient_access(made.keys, made.actor, own, Identity.DOCUMENT, form="json")
        finally:
            release(made.id, made.actor)
