"""The sheet goes out each morning and each evening, to those who want it, through a real SMTP server."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import quote

import pytest

from sprechzeit import clock
from sprechzeit.booking.mail_day_sheets import mail_day_sheets
from sprechzeit.booking.models import DaySheet
from sprechzeit.booking.tasks import day_sheets
from sprechzeit.database.roles import Role
from sprechzeit.database.tenancy import acting_for, wearing
from sprechzeit.practices.models import Practice
from tests.audit.mail_server import PASSWORD, USER, Inbox, mail_server, mailing_by, make_certificate
from tests.booking.booked import book_by_phone, events
from tests.booking.day_sheets import made_file, names, opened, with_passphrase
from tests.factories import Made, in_days, make_bookable, make_person


@pytest.fixture(autouse=True)
def nobody_else_wants_it(database: None) -> None:
    with wearing(Role.DESK):
        for practice in Practice.objects.filter(day_sheet_by_mail=True):
            with acting_for(practice.id):
                Practice.objects.filter(id=practice.id).update(day_sheet_by_mail=False)


@pytest.fixture
def inbox(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Inbox]:
    """A mail server that is there."""
    certificate, box = make_certificate(tmp_path), Inbox()
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    with (
        mail_server(certificate, box) as port,
        mailing_by(f"smtp+starttls://{USER}:{quote(PASSWORD, safe='')}@localhost:{port}", patience=2),
    ):
        yield box


def wanting(email: str = "praxis@example.org", **fields: str) -> Made:
    made, visit_type = make_bookable(**fields)
    with_passphrase(made)
    book_by_phone(made, visit_type, in_days(1, 9), make_person(last_name="Posthorn", first_name="Pia"))
    with wearing(Role.DESK), acting_for(made.id):
        Practice.objects.filter(id=made.id).update(email=email, day_sheet_by_mail=True)
    return made


def make_at(made: Made, moment: datetime) -> bytes:
    with clock.travelled(moment - clock.now()):
        return made_file(made)


def mail_at(moment: datetime) -> int:
    with wearing(Role.WORKER), clock.travelled(moment - clock.now()):
        return mail_day_sheets()


def test_the_closed_file_is_attached_and_the_mail_says_what_it_is_and_is_not(inbox: Inbox) -> None:
    made = wanting()
    file = make_at(made, in_days(0, 17, 3))

    assert mail_at(in_days(0, 17, 10)) == 1

    [mail] = inbox.mails
    body, attached = mail.get_body(), list(mail.iter_attachments())
    assert body is not None
    assert (mail["To"], mail["Subject"]) == ("praxis@example.org", "Sprechzeit: Tagesblatt für den Notfall")
    assert mail["Auto-Submitted"] == "auto-generated"
    assert inbox.encrypted == [True]
    for sentence in ("Was es ist:", "Was es nicht ist:", "What it is:", "What it is not:"):
        assert sentence in body.get_content()
    assert [one.get_content_type() for one in attached] == ["text/html"]
    assert (attached[0].get_filename() or "").endswith("_17-03.html")
    content = attached[0].get_content().replace("\r\n", "\n").encode()
    assert content.rstrip() == file.rstrip()
    assert names(opened(content)) == ["Posthorn, Pia"]
    assert len(events(made, "day-sheet.mail")) == 1


def test_nothing_personal_can_be_read_in_it(inbox: Inbox) -> None:
    made = wanting()
    make_at(made, in_days(0, 17, 3))

    mail_at(in_days(0, 17, 10))

    whole = inbox.mails[0].as_string().lower()
    assert "posthorn" not in whole
    assert made.practice.name not in str(inbox.mails[0]["Subject"])


def test_one_goes_out_in_the_evening_and_one_in_the_morning(inbox: Inbox) -> None:
    made = wanting()

    make_at(made, in_days(0, 17, 3))
    sent = [mail_at(in_days(0, 17, 10)), mail_at(in_days(0, 17, 20))]
    make_at(made, in_days(0, 17, 45))
    sent += [mail_at(in_days(0, 17, 50)), mail_at(in_days(1, 6, 10))]
    make_at(made, in_days(1, 6, 30))
    sent += [mail_at(in_days(1, 6, 40)), mail_at(in_days(1, 7, 0))]

    assert sent == [1, 0, 0, 0, 1, 0]


def test_when_nobody_is_at_the_desk_in_the_evening_the_last_one_goes_out_after_an_hour(inbox: Inbox) -> None:
    made = wanting()
    make_at(made, in_days(0, 15, 50))
    with wearing(Role.DESK), acting_for(made.id):
        DaySheet.objects.filter(practice=made.id).update(sent_at=in_days(0, 6, 10))

    assert [mail_at(in_days(0, 17, 30)), mail_at(in_days(0, 18, 0)), mail_at(in_days(0, 18, 10))] == [0, 1, 0]


def test_those_who_do_not_want_it_or_have_no_address_and_demos_get_none(inbox: Inbox) -> None:
    unwanted, without, demo = wanting(), wanting(email=""), wanting(kind="demo")
    with wearing(Role.DESK), acting_for(unwanted.id):
        Practice.objects.filter(id=unwanted.id).update(day_sheet_by_mail=False)
    for made in (unwanted, without, demo):
        make_at(made, in_days(0, 17, 3))

    assert mail_at(in_days(0, 17, 10)) == 0


def test_a_refused_one_is_tried_again_and_keeps_no_other_from_its_mail(inbox: Inbox) -> None:
    inbox.refused = {"gibt-es-nicht@example.org"}
    for email in ("gibt-es-nicht@example.org", "gibt-es@example.org"):
        make_at(wanting(email), in_days(0, 17, 3))

    assert mail_at(in_days(0, 17, 10)) == 1
    inbox.refused = set()
    assert mail_at(in_days(0, 17, 20)) == 1


def test_without_a_mail_server_it_stays_unsent() -> None:
    made = wanting()
    make_at(made, in_days(0, 17, 3))

    with mailing_by("smtp://localhost:1", patience=0.2):
        assert mail_at(in_days(0, 17, 10)) == 0

    with wearing(Role.DESK), acting_for(made.id):
        assert DaySheet.objects.get(practice=made.id).sent_at is None


def test_the_job_does_it(inbox: Inbox) -> None:
    made = wanting()
    made_file(made)
    with wearing(Role.DESK), acting_for(made.id):
        DaySheet.objects.filter(practice=made.id).update(made_at=clock.now() - timedelta(seconds=1))

    day_sheets(timestamp=0)

    assert [mail["To"] for mail in inbox.mails] == ["praxis@example.org"]
