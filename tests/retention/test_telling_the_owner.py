"""What went is mailed to the owner: numbers, and nothing else; when nothing went, once a month."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from urllib.parse import quote

import psycopg
import pytest
from django.db import IntegrityError

from sprechzeit import clock
from sprechzeit.database.connections import EMBEDDED_DATABASE
from sprechzeit.database.embedded import EmbeddedServer
from sprechzeit.database.embedded.rules import SUPERUSER
from sprechzeit.database.roles import Role
from sprechzeit.database.tenancy import acting_for, wearing
from sprechzeit.practices.models import Practice
from sprechzeit.retention.mail import tell_owner
from sprechzeit.retention.models import RetentionReport
from sprechzeit.retention.run import forget_what_is_due
from sprechzeit.retention.tasks import retention
from tests.audit.mail_server import PASSWORD, USER, Inbox, mail_server, mailing_by, make_certificate
from tests.booking.booked import book_by_phone
from tests.conftest import FOLDER
from tests.factories import Made, in_days, make_bookable, make_person

LOGIN = f"{USER}:{quote(PASSWORD, safe='')}"


@pytest.fixture
def certificate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = make_certificate(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(path))
    return path


def practice_with_patient(email: str = "inhaberin@example.org") -> Made:
    made, visit_type = make_bookable()
    book_by_phone(made, visit_type, in_days(1, 9), make_person(last_name="Vergessen"))
    with wearing(Role.DESK), acting_for(made.id):
        Practice.objects.filter(id=made.id).update(email=email)
    made.practice.refresh_from_db()
    return made


def night(made: Made, days: float) -> bool:
    with clock.travelled(timedelta(days=days)), wearing(Role.WORKER):
        forget_what_is_due(made.id)
        return tell_owner(made.practice)


def pending(made: Made) -> dict[str, int]:
    with wearing(Role.WORKER), acting_for(made.id):
        return dict(RetentionReport.objects.get(practice_id=made.id).pending)


def test_numbers_are_mailed_when_something_went(certificate: Path) -> None:
    made = practice_with_patient()

    inbox = Inbox()
    with mail_server(certificate, inbox) as port, mailing_by(f"smtp+starttls://{LOGIN}@localhost:{port}"):
        told = [night(made, 120), night(made, 121), night(made, 149), night(made, 151)]

    assert told == [True, False, False, True]
    first, second = (mail.get_content() for mail in inbox.mails)
    assert "Patienten: 1" in first
    assert "Es war nichts zu löschen." in second
    assert "Vergessen" not in first
    assert made.practice.slug not in inbox.mails[0].as_string()
    assert inbox.mails[0]["To"] == "inhaberin@example.org"
    assert inbox.mails[0]["Auto-Submitted"] == "auto-generated"
    assert pending(made) == {}


def test_what_could_not_be_mailed_is_told_with_the_next(certificate: Path) -> None:
    made = practice_with_patient()

    with mailing_by("smtp+starttls://localhost:1", patience=1):
        failed = night(made, 120)
    kept = pending(made)
    inbox = Inbox()
    with mail_server(certificate, inbox) as port, mailing_by(f"smtp+starttls://{LOGIN}@localhost:{port}"):
        told = night(made, 121)

    assert (failed, kept, told) == (False, {"patients": 1}, True)
    assert "Patienten: 1" in inbox.mails[0].get_content()


def test_without_an_address_nothing_is_mailed_and_the_numbers_wait() -> None:
    made = practice_with_patient(email="")

    assert night(made, 120) is False
    assert pending(made) == {"patients": 1}


def test_the_night_goes_through_all_practices() -> None:
    one, two = practice_with_patient(""), practice_with_patient("")

    with clock.travelled(timedelta(days=120)):
        retention(0)

    assert pending(one)["patients"] == 1
    assert pending(two)["patients"] == 1


def test_a_practice_that_fails_keeps_no_other_from_it() -> None:
    one, two = practice_with_patient(""), practice_with_patient("")
    server = EmbeddedServer(FOLDER / "postgres").url(SUPERUSER, EMBEDDED_DATABASE)
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute("create table blocker (patient uuid references patient)")
        connection.execute("insert into blocker select id from patient where practice_id = %s", [one.id])
        try:
            with clock.travelled(timedelta(days=120)), pytest.raises(IntegrityError):
                retention(0)
            with clock.travelled(timedelta(days=120)), wearing(Role.WORKER), acting_for(one.id):
                assert not RetentionReport.objects.filter(practice_id=one.id).exists()
        finally:
            connection.execute("drop table blocker")

    assert pending(two)["patients"] == 1
