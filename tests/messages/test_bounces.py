"""A mail server reports that a mail came back: the desk sees it, and nothing of the report is kept."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest
from click.testing import Result
from django.db import connections
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from sprechzeit.booking.cancel import cancel_appointment
from sprechzeit.cli.commands import app
from sprechzeit.database.roles import Role
from sprechzeit.database.tenancy import current_alias, wearing
from sprechzeit.identifiers import new_id
from sprechzeit.messages.bounce import mark_bounced
from sprechzeit.messages.models import Message
from sprechzeit.messages.report import MOST, NotAReport, read_report
from sprechzeit.messages.words import reason_in_words
from tests.factories import Made, at_desk, make_practice
from tests.messages.post_box import DsnPostBox, PostBox, running
from tests.messages.posted import deliver_all, mailing_to, messages, put_in, settle_others, states
from tests.messages.told import booked, mailing
from tests.web.page import Page

REPORTS = Path(__file__).parent / "reports"
FAILED = ("postfix-failed", "exim-failed", "expired")


def report(name: str, message: UUID, host: str = "localhost") -> bytes:
    """One as this server writes it, about this message."""
    text = (REPORTS / f"{name}.eml").read_text(encoding="ascii")
    xtext = str(message).replace("-", "+2D")
    return text.replace("{id}", str(message)).replace("{host}", host).replace("{xtext}", xtext).encode()


def bounce(content: bytes) -> Result:
    return CliRunner().invoke(app, ["bounce"], input=content)


def sent(box: PostBox) -> tuple[Made, UUID]:
    made, visit_type = mailing()
    booked(made, visit_type, last_name="Ferne")
    deliver_all()
    return made, messages(made)[0].id


@pytest.fixture
def dsn(database: None, certificate: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[DsnPostBox]:
    settle_others()
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    box = DsnPostBox()
    with running(certificate, box), mailing_to(box.port):
        yield box


def test_a_server_that_knows_reports_is_told_by_which_number_to_name_the_message(dsn: DsnPostBox) -> None:
    made = make_practice()
    put_in(made, "erika@example.org")
    put_in(made, "otto@example.org")

    deliver_all()

    first, second = (str(one.id).upper() for one in messages(made))
    assert sorted(dsn.options) == sorted(
        ["RET=HDRS", f"ENVID={first}", "NOTIFY=FAILURE", "RET=HDRS", f"ENVID={second}", "NOTIFY=FAILURE"]
    )
    assert len(dsn.mails) == 2


def test_one_that_does_not_is_asked_for_none(box: PostBox) -> None:
    made = make_practice()
    put_in(made, "erika@example.org")

    deliver_all()

    assert states(made) == [("sent", "", 1)]  # it would have answered 555 to any option


@pytest.mark.parametrize("name", FAILED)
def test_what_came_back_has_failed_and_stands_on_the_desk(box: PostBox, name: str) -> None:
    made, message = sent(box)

    done = bounce(report(name, message))

    assert (done.exit_code, done.output) == (0, "")
    assert states(made) == [("failed", "bounced", 1)]
    page = Page(at_desk(made).get("/desk/nachrichten/"))
    assert "Ferne, Erika" in page.text
    assert reason_in_words("bounced") in page.text


def test_a_delay_changes_nothing(box: PostBox) -> None:
    made, message = sent(box)

    done = bounce(report("postfix-delayed", message))

    assert (done.exit_code, states(made)) == (0, [("sent", "", 1)])


def test_reported_twice_it_is_listed_once_and_what_was_settled_stays_so(box: PostBox) -> None:
    made, message = sent(box)
    bounce(report("postfix-failed", message))
    client = at_desk(made)
    client.post(f"/desk/nachrichten/{message}/erledigt/")

    done = bounce(report("postfix-failed", message))

    assert done.exit_code == 0
    assert "Ferne" not in Page(client.get("/desk/nachrichten/")).text


def test_one_that_was_stopped_stays_stopped(box: PostBox) -> None:
    made, visit_type = mailing()
    booking = booked(made, visit_type)
    with wearing(Role.DESK):
        cancel_appointment(made.id, made.actor, booking.appointment_id, version=1)
    stopped = next(one.id for one in messages(made, state="stopped"))

    with wearing(Role.WORKER):
        assert mark_bounced(stopped)

    assert messages(made, state="stopped")[0].id == stopped


@pytest.mark.parametrize("name", FAILED)
def test_a_number_that_is_none_of_ours_is_refused(box: PostBox, name: str) -> None:
    made, _message = sent(box)

    done = bounce(report(name, new_id()))

    assert done.exit_code == 65
    assert "no delivery report" in done.output
    assert states(made) == [("sent", "", 1)]


def test_another_hosts_message_id_is_none_of_ours(box: PostBox) -> None:
    _made, message = sent(box)

    assert bounce(report("exim-failed", message, "mail.example.net")).exit_code == 65


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\x00\xfe",
        b"Subject: Hallo\n\nGuten Tag\n",
        b"Content-Type: multipart/report; boundary=x\n\n--x--\n",
        b"Content-Type: multipart/report; boundary=x\n\n--x\nContent-Type: message/delivery-status\n\nAction: failed\n",
        b"Content-Type: multipart/report\n\n",
        b"x" * (MOST + 2),
    ],
)
def test_anything_else_is_refused_in_one_line(database: None, content: bytes) -> None:
    done = bounce(content)

    assert done.exit_code == 65
    assert done.output == "sprechzeit: this is no delivery report about one of our messages\n"


def test_nothing_of_a_report_is_told_or_logged(box: PostBox, capfd: pytest.CaptureFixture[str]) -> None:
    made, message = sent(box)
    capfd.readouterr()

    outputs = [bounce(report(name, one)).output for name in FAILED for one in (message, new_id())]

    logged = capfd.readouterr()
    assert "geheim" not in "".join(outputs) + logged.out + logged.err
    assert "geheim" not in str([vars(one) for one in messages(made)])


def test_the_worker_finds_one_message_by_its_number_and_no_other_of_any_practice(box: PostBox) -> None:
    _made, message = sent(box)

    with wearing(Role.WORKER):
        assert mark_bounced(message)
        assert not Message.objects.exists()
    with wearing(Role.DESK):
        assert not mark_bounced(message)
        connections[current_alias()].close()


@given(st.binary(max_size=400))
def test_any_bytes_are_a_report_or_none(content: bytes) -> None:
    with pytest.raises(NotAReport):
        read_report(content)


@given(st.sampled_from([*FAILED, "postfix-delayed"]), st.data())
def test_a_damaged_report_is_read_or_refused(name: str, data: st.DataObject) -> None:
    content = report(name, new_id())
    start = data.draw(st.integers(0, len(content)))
    length = data.draw(st.integers(0, 60))
    damaged = content[:start] + data.draw(st.binary(max_size=40)) + content[start + length :]

    try:
        found = read_report(damaged)
    except NotAReport:
        return

    assert isinstance(found.message, UUID)
    assert found.has_failed or name == "postfix-delayed" or damaged != content
