"""Who a message is for stands in the mail's envelope and nowhere else: not in the dump, the jobs or any log.

Server and worker are processes of their own; what is typed goes in by the pages, and the code comes from the mail.
"""

from __future__ import annotations

import re
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path

import httpx
import psycopg
import pytest

from sprechzeit.database.connections import EMBEDDED_DATABASE
from sprechzeit.database.embedded import EmbeddedServer
from sprechzeit.database.embedded.rules import SUPERUSER
from sprechzeit.web.front.details_form import TICKED
from tests.audit.mail_server import make_certificate
from tests.backed_up import backed_up
from tests.conftest import FOLDER
from tests.factories import Made, in_days, make_bookable
from tests.messages.post_box import PostBox, running
from tests.messages.posted import LOGIN, settle_others
from tests.test_marker_leaks_nowhere import Marked, answers, places, start, wait


@dataclass
class Walked:
    """What was typed, what came by mail, and where the logs lie."""

    person: Marked
    box: PostBox
    folder: Path
    made: Made


def text_of(mail: EmailMessage) -> str:
    part = mail.get_body(("plain",))
    assert part is not None
    return str(part.get_content())


def wait_for_mail(box: PostBox, count: int) -> EmailMessage:
    end = time.monotonic() + 30
    while len(box.mails) < count:
        assert time.monotonic() < end, box.envelopes
        time.sleep(0.02)
    return box.mails[count - 1]


def book(client: httpx.Client, made: Made, visit_type: int, person: Marked, box: PostBox) -> None:
    """With a wrong code first; then move, cancel, and one mail whose address the server refuses with a quotation."""
    practice = f"/praxis/{made.practice.slug}/"
    chosen = {"art": str(visit_type), "bei": "alle", "zeit": in_days(1, 9).isoformat()}
    form = client.post(f"{practice}halten/", data=chosen).headers["Location"]
    asked = client.post(form, data={**person.fields, "reminder-sms": TICKED})
    assert asked.status_code == 303, asked.text
    code_page = asked.headers["Location"]
    (code,) = re.findall(r"^ +(\d{6})\r?$", text_of(wait_for_mail(box, 1)), re.MULTILINE)
    wrong = client.post(code_page, data={"mail_code": "000000" if code != "000000" else "111111"})
    booked = client.post(code_page, data={"mail_code": code})
    assert (wrong.status_code >= 400, booked.status_code) == (True, 303)
    manage = booked.headers["Location"].partition("?")[0]
    assert manage in text_of(wait_for_mail(box, 2))
    box.answers["RCPT"] = [f"451 <{person.mailbox}@example.org> mailbox of {person.last_name} is busy"]
    moved = client.post(f"{manage}verschieben/", data={"bei": "alle", "zeit": in_days(2, 9).isoformat()})
    assert moved.status_code == 303
    end = time.monotonic() + 30
    while len(box.envelopes) < 3:
        assert time.monotonic() < end
        time.sleep(0.02)
    # One that never arrives: it stays among the failed ones, with a reason in our words.
    box.answers["RCPT"] = [f"550 <{person.mailbox}@example.org> no such user {person.last_name}"]
    again = client.post(f"{manage}verschieben/", data={"bei": "alle", "zeit": in_days(3, 9).isoformat()})
    assert again.status_code == 303
    while len(box.envelopes) < 4:
        assert time.monotonic() < end
        time.sleep(0.02)
    assert client.post(f"{manage}absagen/").status_code == 303


@pytest.fixture(scope="module")
def walked(database: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Walked]:
    settle_others()
    folder = tmp_path_factory.mktemp("running")
    certificate = make_certificate(folder)
    made, visit_type = make_bookable()
    person = Marked.new()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    address = f"http://localhost:{port}"
    with running(certificate) as box:
        mailing = {
            "SMTP_URL": f"smtp+starttls://{LOGIN}@localhost:{box.port}",
            "MAIL_FROM": "termine@example.org",
            "SSL_CERT_FILE": str(certificate),
            "SMS_URL": "https://localhost:1/",  # the number is kept; nothing goes there before a reminder is due
            "SMS_SECRET": "geheim",
            "SMS_FROM": "Praxis",
            "PUBLIC_URL": address,
        }
        server = start(folder, "server", "serve", "--port", str(port), "--workers", "1", **mailing)
        worker = start(folder, "worker", "worker", **mailing)
        try:
            wait(lambda: answers(address), server, worker)
            with httpx.Client(base_url=address, timeout=30) as client:
                book(client, made, visit_type.id, person, box)
            yield Walked(person, box, folder, made)
        finally:
            for process in (server, worker):
                process.send_signal(signal.SIGTERM)
            for process in (server, worker):
                process.wait(40)


def test_a_full_dump_holds_none_of_it_though_messages_wait(walked: Walked, tmp_path: Path) -> None:
    server, dump = EmbeddedServer(FOLDER / "postgres"), tmp_path / "dump.sql"

    subprocess.run(
        [server.program("pg_dump"), "--dbname", server.url(SUPERUSER, EMBEDDED_DATABASE), "--file", dump],
        check=True,
        timeout=120,
    )

    content = dump.read_bytes()
    assert b"COPY public.notifier_address" in content
    assert places(content, [walked.person]) == []


def test_messages_addresses_and_jobs_hold_none_of_it(walked: Walked) -> None:
    server = EmbeddedServer(FOLDER / "postgres")
    with psycopg.connect(server.url(SUPERUSER, EMBEDDED_DATABASE)) as connection:
        for table in ("message", "notifier_address", "procrastinate_jobs", "procrastinate_events", "audit_event"):
            rows = connection.execute(f"select t::text from {table} t").fetchall()
            assert rows or table.startswith("procrastinate")
            assert places("\n".join(row[0] for row in rows).encode(), [walked.person]) == [], table
        kept = connection.execute(
            "select channel from notifier_address where practice_id = %s order by channel", [walked.made.id]
        ).fetchall()
        kinds = connection.execute(
            "select kind, state, reason from message where practice_id = %s order by created_at", [walked.made.id]
        ).fetchall()

    assert kinds[:2] == [("code", "sent", ""), ("confirmation", "sent", "")]
    assert ("cancellation", "waiting", "") in kinds
    assert kept == [("email",), ("sms",)]
    changes = [(state, reason) for kind, state, reason in kinds if kind == "change"]
    assert changes == [("stopped", "address-busy"), ("failed", "address-refused")]  # the dead letter


def test_both_files_of_a_backup_hold_none_of_it_though_messages_wait_and_failed(walked: Walked, tmp_path: Path) -> None:
    files = backed_up(tmp_path)

    assert any(b"COPY public.notifier_address" in content for content in files.values())
    for name, content in files.items():
        assert places(content, [walked.person]) == [], name


@pytest.mark.parametrize("name", ["server", "worker"])
def test_the_logs_of_server_and_worker_hold_none_of_it(walked: Walked, name: str) -> None:
    content = (walked.folder / f"{name}.log").read_bytes()

    assert (b"messages sent" in content) == (name == "worker")
    assert places(content, [walked.person]) == []


def test_postgresqls_log_holds_none_of_it(walked: Walked) -> None:
    content = EmbeddedServer(FOLDER / "postgres").place.log.read_bytes()

    assert places(content, [walked.person]) == []


def test_the_mails_and_their_envelopes_hold_the_address_and_nothing_else_of_the_person(walked: Walked) -> None:
    content = "\n".join(walked.box.envelopes) + "\n".join(one.as_string() for one in walked.box.mails)
    found = places(content.encode(), [walked.person])

    assert len(walked.box.mails) == 2
    assert walked.box.envelopes == [f"termine@example.org -> {walked.person.mailbox}@example.org"] * 4
    assert found  # the search does find the address
    assert {one.partition(":")[0] for one in found} == {walked.person.mailbox}
    assert "Sprechstunde" not in content
