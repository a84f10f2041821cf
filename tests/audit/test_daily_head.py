from __future__ import annotations

import json
import re
import socket
import ssl
import stat
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from django.conf import settings
from typer.testing import CliRunner

from sprechzeit.audit.head import Head, HeadsUnreadable, anchor_heads, anchored_heads, head_of
from sprechzeit.audit.mail_heads import mail_heads
from sprechzeit.audit.record import SYSTEM, record
from sprechzeit.booking.tasks import nightly
from sprechzeit.cli.commands import app
from sprechzeit.database.roles import Role
from sprechzeit.database.tenancy import acting_for, wearing
from sprechzeit.practices.models import Practice
from tests.audit.forging import trail_of
from tests.audit.mail_server import PASSWORD, USER, Inbox, mail_server, mailing_by, make_certificate
from tests.factories import Made, make_practice

Anchored = list[tuple[Practice, Head]]
LOGIN = f"{USER}:{quote(PASSWORD, safe='')}"


@pytest.fixture
def certificate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = make_certificate(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(path))  # trusted as the system's own list is
    return path


@pytest.fixture
def silent_server() -> Iterator[int]:
    """A server that takes the connection and never says a word."""
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        yield server.getsockname()[1]


def owner_of(count: int = 2, email: str = "inhaberin@example.org") -> Made:
    made = trail_of(count)
    with wearing(Role.DESK), acting_for(made.id):
        Practice.objects.filter(id=made.id).update(email=email)
        made.practice.refresh_from_db()
    return made


def head(made: Made) -> Head:
    with wearing(Role.WORKER):
        found = head_of(made.id)
    assert found is not None
    return found


def anchored(*practices: Made) -> Anchored:
    return [(made.practice, head(made)) for made in practices]


def mail_all(port: int, found: Anchored, *, scheme: str = "smtp+starttls", login: str = LOGIN) -> int:
    with mailing_by(f"{scheme}://{login}@localhost:{port}", patience=1):
        return mail_heads(found)


def test_each_head_is_a_line_of_a_file_that_only_its_owner_reads(tmp_path: Path) -> None:
    made = trail_of(2)

    with wearing(Role.WORKER):
        anchor_heads(tmp_path)
        with acting_for(made.id):
            record(made.id, SYSTEM, "test.write")
        anchor_heads(tmp_path)

    path = tmp_path / "audit-heads" / f"{made.practice.slug}.jsonl"
    lines = [json.loads(line) for line in path.read_text().splitlines()]
    assert [(line["practice"], line["number"]) for line in lines] == [(made.id, 2), (made.id, 3)]
    assert lines[1]["hash"] == head(made).hash
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert [one.number for one in anchored_heads(tmp_path)[made.id]] == [2, 3]


def test_an_empty_trail_and_a_demo_have_no_head(tmp_path: Path) -> None:
    empty, demo = make_practice(), make_practice(kind=Practice.Kind.DEMO)
    with acting_for(demo.id):
        record(demo.id, SYSTEM, "test.write")

    with wearing(Role.WORKER):
        anchor_heads(tmp_path)

    assert not {empty.id, demo.id} & anchored_heads(tmp_path).keys()


@pytest.mark.parametrize("line", ["", "x", "{}", "[]", '{"practice": 1, "number": 2}', "null"])
def test_a_line_that_is_no_head_is_told_with_its_place(tmp_path: Path, line: str) -> None:
    (tmp_path / "audit-heads").mkdir()
    (tmp_path / "audit-heads" / "praxis.jsonl").write_text(line + "\n")

    with pytest.raises(HeadsUnreadable) as error:
        anchored_heads(tmp_path)

    assert "praxis.jsonl line 1" in error.value.message


def test_without_a_folder_nothing_is_anchored(tmp_path: Path) -> None:
    assert anchored_heads(tmp_path) == {}


def test_the_mail_says_in_both_languages_what_it_is_for_and_how_to_check_it(certificate: Path) -> None:
    made, inbox = owner_of(3), Inbox()
    now = head(made)

    with mail_server(certificate, inbox) as port:
        assert mail_all(port, [(made.practice, now)]) == 1

    (mail,) = inbox.mails
    text = mail.get_content()
    assert inbox.encrypted == [True]
    assert (mail["To"], mail["From"]) == ("inhaberin@example.org", "termine@example.org")
    assert mail["Auto-Submitted"] == "auto-generated"
    command = f"sprechzeit audit verify --practice {made.practice.slug} --head 3:{now.hash}"
    assert text.count(command) == 2
    assert "Zugriffsprotokolls Ihrer Praxis" in text
    assert "your practice" in text
    assert mail["Subject"] == "Sprechzeit: Stand des Protokolls, Ereignis 3"


def test_the_command_in_the_mail_works(certificate: Path) -> None:
    made, inbox = owner_of(), Inbox()
    with mail_server(certificate, inbox) as port:
        mail_all(port, anchored(made))
    command = re.search(r"sprechzeit (audit verify .+)", inbox.mails[0].get_content())
    assert command is not None

    done = CliRunner().invoke(app, command[1].split())

    assert done.exit_code == 0, done.output


def test_nothing_personal_is_in_the_mail(certificate: Path) -> None:
    made, inbox = owner_of(), Inbox()

    with mail_server(certificate, inbox) as port:
        mail_all(port, anchored(made))

    whole = inbox.mails[0].as_string()
    assert made.practice.name not in whole
    assert str(made.member) not in whole


def test_without_an_address_or_a_server_nothing_is_mailed(certificate: Path) -> None:
    with_address, without, inbox = owner_of(), owner_of(email=""), Inbox()

    with mail_server(certificate, inbox) as port:
        assert mail_all(port, anchored(without)) == 0
    assert mail_heads(anchored(with_address)) == 0  # no SMTP_URL is set here

    assert inbox.mails == []


def test_a_refused_recipient_does_not_keep_the_others_from_their_mail(certificate: Path) -> None:
    inbox = Inbox(refused={"gibt-es-nicht@example.org"})
    practices = [owner_of(), owner_of(email="gibt-es-nicht@example.org"), owner_of(email="dritte@example.org")]

    with mail_server(certificate, inbox) as port:
        assert mail_all(port, anchored(*practices)) == 2

    assert [mail["To"] for mail in inbox.mails] == ["inhaberin@example.org", "dritte@example.org"]


def test_a_wrong_password_is_no_error_of_ours(certificate: Path) -> None:
    inbox = Inbox()

    with mail_server(certificate, inbox) as port:
        assert mail_all(port, anchored(owner_of()), login=f"{USER}:falsch") == 0

    assert inbox.mails == []


def test_a_server_with_a_certificate_that_nobody_vouches_for_gets_neither_password_nor_mail(
    tmp_path: Path,
) -> None:
    inbox = Inbox()

    with mail_server(make_certificate(tmp_path), inbox) as port:
        assert mail_all(port, anchored(owner_of())) == 0

    assert inbox.mails == []


def test_a_server_that_speaks_tls_from_the_start(certificate: Path) -> None:
    """``smtps://``: a small server that only shows that the first byte is of TLS."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate)
    said: list[bytes] = []

    def serve(server: socket.socket) -> None:
        connection, _ = server.accept()
        with context.wrap_socket(connection, server_side=True) as encrypted:
            encrypted.sendall(b"220 here\r\n")
            said.append(encrypted.recv(100))

    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        thread = threading.Thread(target=serve, args=[server])
        thread.start()
        mail_all(server.getsockname()[1], anchored(owner_of()), scheme="smtps")
        thread.join(10)

    assert said[0].startswith(b"ehlo ")


@pytest.mark.parametrize("practices", [1, 3])
def test_a_server_that_does_not_answer_costs_its_patience_once(silent_server: int, practices: int) -> None:
    found = anchored(*[owner_of() for _ in range(practices)])
    begun = time.monotonic()

    assert mail_all(silent_server, found) == 0

    assert time.monotonic() - begun < 2.5


def test_a_server_that_is_not_there_is_no_error_of_ours() -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]

    assert mail_all(port, anchored(owner_of())) == 0


def test_the_night_anchors_and_mails_and_goes_on_when_the_mail_does_not(silent_server: int) -> None:
    made = owner_of(4)
    folder = settings.ENVIRONMENT.data_folder

    with mailing_by(f"smtp://localhost:{silent_server}", patience=0.2):
        nightly(timestamp=0)

    assert anchored_heads(folder)[made.id][-1].number == 4


def test_the_command_writes_and_mails_on_request(certificate: Path) -> None:
    made, inbox = owner_of(email="auf-wunsch@example.org"), Inbox()

    with (
        mail_server(certificate, inbox) as port,
        mailing_by(f"smtp+starttls://{LOGIN}@localhost:{port}", patience=5),
    ):
        done = CliRunner().invoke(app, ["audit", "head", "--practice", made.practice.slug, "--anchor"])

    assert done.exit_code == 0
    assert re.search(r"\d+ heads written, \d+ mailed", done.output)
    assert "auf-wunsch@example.org" in [mail["To"] for mail in inbox.mails]
