"""What patients and the desk type is looked for in everything that could be stolen: dump, jobs, sessions, logs.

A real server and a real worker run as their own processes; the dump is pg_dump's, made by the database's superuser.
"""

from __future__ import annotations

import base64
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from secrets import choice, randbelow
from urllib.parse import quote
from uuid import UUID

import httpx
import psycopg
import pytest

from sprechzeit.booking.models import Appointment
from sprechzeit.database.connections import EMBEDDED_DATABASE
from sprechzeit.database.embedded import EmbeddedServer
from sprechzeit.database.embedded.rules import SUPERUSER
from sprechzeit.database.roles import Role
from sprechzeit.database.tenancy import acting_for, wearing
from sprechzeit.drill.forms import forms_of, found_in
from sprechzeit.retention.tasks import retention
from tests.backed_up import backed_up
from tests.conftest import FOLDER
from tests.factories import Made, in_days, make_bookable, make_session

CONSONANTS = "bcdfghjklmnpqrstvwxz"


def new_word(length: int = 12) -> str:
    return "".join(choice(CONSONANTS) for _ in range(length)).capitalize()


@dataclass(frozen=True)
class Marked:
    """A person of whom every field can be recognised wherever it turns up."""

    first_name: str
    last_name: str
    mailbox: str
    phone: str
    note: str

    @classmethod
    def new(cls) -> Marked:
        phone = f"+4930{10_000_000 + randbelow(89_999_999)}"
        return cls(new_word() + "ü", new_word() + "ß", new_word(), phone, new_word() + "ö")

    @property
    def fields(self) -> dict[str, str]:
        return {
            "first_name": self.first_name,
            "last_name": self.last_name,
            "email": f"{self.mailbox}@example.org",
            "phone": self.phone,
            "birth_date": "29.02.1904",
        }

    @property
    def markers(self) -> list[str]:
        # the number without its plus sign, as a log or an index would have it too
        return [self.first_name, self.last_name, self.mailbox, self.phone.removeprefix("+49"), self.note]


@dataclass
class Running:
    """The product at work."""

    address: str
    folder: Path


def start(folder: Path, name: str, *command: str, **environment: str) -> subprocess.Popen[bytes]:
    with (folder / f"{name}.log").open("wb") as log:
        return subprocess.Popen(
            [sys.executable, "-m", "sprechzeit", *command],
            env={**os.environ, "SPRECHZEIT_DATA": str(FOLDER), **environment},
            stdout=log,
            stderr=log,
            start_new_session=True,
        )


def wait(what: Callable[[], bool], *processes: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + 60
    while not what():
        assert time.monotonic() < end
        assert all(process.poll() is None for process in processes)
        time.sleep(0.1)


def answers(address: str) -> bool:
    try:
        return httpx.get(address, timeout=5).status_code == 200
    except httpx.HTTPError:
        return False


@pytest.fixture(scope="module")
def product(database: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    folder = tmp_path_factory.mktemp("running")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    address = f"http://localhost:{port}"
    server = start(folder, "server", "serve", "--port", str(port), "--workers", "1", PUBLIC_URL=address)
    worker = start(folder, "worker", "worker")
    try:
        wait(lambda: answers(address), server, worker)
        wait(lambda: b"procrastinate" in (folder / "worker.log").read_bytes(), server, worker)
        yield Running(address, folder)
    finally:
        for process in (server, worker):
            process.send_signal(signal.SIGTERM)
        for process in (server, worker):
            process.wait(30)


def book_by_the_pages(client: httpx.Client, made: Made, visit_type: int, person: Marked) -> None:
    """Book, after a first attempt that is refused, and look at everything that the patient can look at."""
    practice = f"/praxis/{made.practice.slug}/"
    chosen = {"art": str(visit_type), "bei": "alle", "zeit": in_days(1, 9).isoformat()}
    form = client.post(f"{practice}halten/", data=chosen).headers["Location"]
    refused = client.post(form, data={**person.fields, "birth_date": "30.02.1904"})
    longer = client.post(form, data={**person.fields, "laenger": "1"})
    again = re.findall(r'action="([^"]+/angaben/[^"]+)"', longer.text)[0]
    booked = client.post(again, data=person.fields)
    assert booked.status_code == 303, booked.text
    manage = booked.headers["Location"].partition("?")[0]
    assert [one.status_code for one in (refused, longer, booked)] == [422, 200, 303]
    for page in ("", "verschieben/", "absagen/", "termin.ics"):
        assert client.get(manage + page).status_code == 200
    # what is sent later by the manage link, and a first attempt that is refused
    for page, sent in (
        ("kontakt/", {"email": person.last_name}),
        ("kontakt/", {"email": person.fields["email"], "phone": person.phone, "schluessel": person.mailbox}),
        ("schreiben/", {"text": person.note * 60}),
        ("schreiben/", {"text": f"{person.note}\n{person.last_name}", "schluessel": person.note}),
    ):
        assert client.post(manage + page, data=sent).status_code in {303, 422}
    # what a mistaken program might send: the name in an address, in a header, in a field of its own
    client.get(f"{practice}?{quote(person.last_name)}=1")
    client.get(f"/{quote(person.last_name)}/", headers={"referer": f"http://x/{person.mailbox}"})
    client.post(f"{practice}halten/", data={**chosen, "schluessel": person.last_name, "zeit": person.last_name})


def book_by_the_api(client: httpx.Client, made: Made, visit_type: int, person: Marked) -> None:
    practice = f"/api/v1/practices/{made.practice.slug}"
    held = client.post(
        f"{practice}/holds",
        json={"visit_type": visit_type, "start": in_days(1, 10).isoformat()},
        headers={"Idempotency-Key": person.mailbox},
    ).json()["hold"]
    body = {"hold": held, **person.fields}
    refused = [
        client.post(f"{practice}/appointments", json={**body, "email": person.last_name}),
        client.post(f"{practice}/appointments", json={**body, person.first_name: person.last_name}),
        client.post(f"{practice}/appointments", json={**body, "first_name": [person.first_name]}),
        client.post(
            f"{practice}/appointments", content=json.dumps(body)[:-1], headers={"content-type": "application/json"}
        ),
        client.get(f"/api/v1/practices?after={quote(person.last_name)}%00"),
    ]
    booked = client.post(f"{practice}/appointments", json=body)
    assert all(400 <= one.status_code < 500 for one in refused)
    assert booked.status_code == 201


def enter_at_the_desk(client: httpx.Client, made: Made, visit_type: int, people: list[Marked]) -> None:
    """Book for a new patient, search, open day and card, take over what was booked online, and mend the records."""
    person = people[-1]
    client.cookies.set("desk", make_session(made), domain="localhost.local", path="/")
    page = client.get("/desk/neu/")
    assert page.status_code == 200
    (token, *_) = re.findall(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.text)
    day = f"{in_days(1, 11).astimezone(made.practice.zone):%Y-%m-%d}"

    def send(path: str, **data: str) -> httpx.Response:
        return client.post(path, data={"csrfmiddlewaretoken": token, **data})

    form = {"art": str(visit_type), "bei": "", "tag": day, "uhrzeit": "11:00", "key": person.mailbox}
    refused = send("/desk/neu/", **form, **{**person.fields, "email": person.last_name})
    booked = send("/desk/neu/", **form, **person.fields)
    assert (refused.status_code, booked.status_code) == (422, 302)
    for text in (person.last_name, person.first_name.lower(), person.phone, "29.02.1904"):
        assert person.last_name in send("/desk/patienten/", q=text).text
    assert person.last_name in client.get(f"/desk/?tag={day}").text
    with wearing(Role.DESK), acting_for(made.id):
        appointments = list(Appointment.objects.filter(practice=made.id))
    assert len(appointments) == 3
    for one in appointments:
        card = client.get(f"/desk/termin/{one.id}/")
        assert card.status_code == 200
        if one.intake_id:
            (who,) = [typed for typed in people if typed.phone in card.text]
            told = {"version": str(one.version), "message": f"Liebe {who.last_name}, das geht nicht."}
            assert send(f"/desk/termin/{one.id}/ablehnen/", **told).status_code == 422
            assert who.last_name in client.get("/desk/eingang/").text
            assert send(f"/desk/termin/{one.id}/uebernehmen/").status_code == 302
        else:
            assert person.phone in card.text
            move = {"version": str(one.version), "tag": day, "uhrzeit": "11:30"}
            assert send(f"/desk/termin/{one.id}/verschieben/", **move).status_code == 302
            (patient,) = patients_of(made, one.id)
            mend_the_record(send, client, patient, person)
    client.get(f"/desk/patienten/?q={quote(person.last_name)}")
    client.get(f"/desk/?tag={quote(person.last_name)}")


def patients_of(made: Made, appointment: UUID) -> list[UUID]:
    with wearing(Role.DESK), acting_for(made.id):
        return list(Appointment.objects.filter(id=appointment).values_list("patient_id", flat=True))


def mend_the_record(send: Callable[..., httpx.Response], client: httpx.Client, patient: UUID, person: Marked) -> None:
    """Write a note, enter the same person once more, merge the two, undo that, merge again; each refused once."""
    card = f"/desk/patient/{patient}/"
    noted = {**person.fields, "note": f"{person.note}\n{person.last_name}"}
    refused = send(f"{card}berichtigen/", version="1", **{**noted, "phone": person.note})
    changed = send(f"{card}berichtigen/", version="1", **noted)
    late = send(f"{card}berichtigen/", version="1", **{**noted, "note": person.note * 2})
    assert [one.status_code for one in (refused, changed, late)] == [422, 302, 409]
    assert person.note in client.get(card).text
    assert person.last_name in send("/desk/patienten/neu/", **noted, key=person.note).text
    again = send("/desk/patienten/neu/", **noted, key=person.note, trotzdem="1").headers["Location"]
    both = {"mit": again.split("/")[-2], "other_version": "1"}
    wrong = send(f"{card}zusammenfuehren/", **both, version="2", take_note=person.note)
    merged = send(f"{card}zusammenfuehren/", **both, version="2", take_note="other")
    page = client.get(f"{card}trennen/")
    (merge,) = re.findall(r'name="merge" value="([^"]+)"', page.text)
    undone = send(f"{card}trennen/", merge=merge, version="3")
    third = send(f"{card}zusammenfuehren/", **{**both, "other_version": "2"}, version="4")
    assert [one.status_code for one in (wrong, merged, undone, third)] == [422, 302, 302, 302]


@pytest.fixture(scope="module")
def typed(product: Running) -> list[Marked]:
    """People who came by each of the three doors."""
    made, visit_type = make_bookable(birth_date_purpose="Für die Vorsorge.")
    people = [Marked.new(), Marked.new(), Marked.new()]
    with httpx.Client(base_url=product.address, timeout=30) as client:
        book_by_the_pages(client, made, visit_type.id, people[0])
    with httpx.Client(base_url=product.address, timeout=30) as client:
        book_by_the_api(client, made, visit_type.id, people[1])
    with httpx.Client(base_url=product.address, timeout=30) as client:
        enter_at_the_desk(client, made, visit_type.id, people)
    return people


def places(content: bytes, people: list[Marked]) -> list[str]:
    """Where and in which form; the marker itself is told, it is invented."""
    return [f"{marker}: {form}" for one in people for marker in one.markers for form in found_in(content, marker)]


@pytest.fixture(scope="module")
def embedded() -> EmbeddedServer:
    return EmbeddedServer(FOLDER / "postgres")


def test_a_full_dump_of_the_database_holds_none_of_it(
    typed: list[Marked], embedded: EmbeddedServer, tmp_path: Path
) -> None:
    dump = tmp_path / "dump.sql"

    subprocess.run(
        [embedded.program("pg_dump"), "--dbname", embedded.url(SUPERUSER, EMBEDDED_DATABASE), "--file", dump],
        check=True,
        timeout=120,
    )

    content = dump.read_bytes()
    assert b"COPY public.intake" in content
    assert b"COPY public.patient" in content
    assert b"COPY public.patient_merge" in content
    assert b"COPY public.patient_note" in content
    assert content.count(b"\\\\x") > 10  # sealed columns are there, in hex
    assert places(content, typed) == []


@pytest.mark.parametrize("name", ["server", "worker"])
def test_the_logs_of_server_and_worker_hold_none_of_it(typed: list[Marked], product: Running, name: str) -> None:
    content = (product.folder / f"{name}.log").read_bytes()

    assert content
    assert (b"front:details" in content) == (name == "server")
    assert places(content, typed) == []


def test_postgresqls_log_holds_none_of_it(typed: list[Marked], embedded: EmbeddedServer) -> None:
    content = embedded.place.log.read_bytes()

    assert content
    assert places(content, typed) == []


def test_both_files_of_a_backup_hold_none_of_it(typed: list[Marked], tmp_path: Path) -> None:
    files = backed_up(tmp_path)

    assert len(files) == 2
    for name, content in files.items():
        assert content.count(b"\\\\x") > 5  # keys or sealed columns are there, in hex
        assert places(content, typed) == [], name


def test_jobs_and_sessions_hold_none_of_it(typed: list[Marked], embedded: EmbeddedServer) -> None:
    with wearing(Role.WORKER):
        retention.configure(lock="marker").defer(timestamp=0)  # so that there is one, with its arguments
    with psycopg.connect(embedded.url(SUPERUSER, EMBEDDED_DATABASE)) as connection:
        found = connection.execute("select tablename from pg_tables where tablename like 'procrastinate%'").fetchall()
        jobs = [table for (table,) in found]
        assert "procrastinate_jobs" in jobs
        for table in (*jobs, "desk_session", "audit_event", "idempotency_key", "retention_report", "record_key"):
            rows = connection.execute(f"select t::text from {table} t").fetchall()
            assert rows or table != "procrastinate_jobs"
            content = "\n".join(row[0] for row in rows).encode()
            assert places(content, typed) == [], table


MARKER = "Wärmflasche7"


def written(marker: str) -> dict[str, bytes]:
    """The marker amid other text, written down by other code than the search's."""
    text = f"vorher {marker} nachher"
    return {
        "plain": text.encode(),
        "small": text.lower().encode(),
        "capital": text.upper().encode(),
        "hex": text.encode().hex().encode(),
        "hex of small letters": text.lower().encode().hex().encode(),
        "capital hex": text.encode().hex().upper().encode(),
        "bytea": b"\\\\x" + text.encode().hex().encode(),
        "URL": quote(text).encode(),
        "URL of small letters": quote(text.lower()).encode(),
        "URL, every byte": "".join(f"%{byte:02X}" for byte in text.encode()).encode(),
        "JSON": json.dumps({"name": text}).encode(),
        "JSON in UTF-8": json.dumps({"name": text}, ensure_ascii=False).encode(),
        "UTF-16": text.encode("utf-16"),
        "UTF-16-BE": text.encode("utf-16-be"),
        "hex of UTF-16": text.encode("utf-16-le").hex().encode(),
        "Latin-1": text.encode("latin-1"),
        **{f"Base64 {n}": base64.b64encode(b"x" * n + text.encode()) for n in range(3)},
        **{f"Base64url {n}": base64.urlsafe_b64encode(b"\xff" * n + text.encode()) for n in range(3)},
        **{f"Base64 of UTF-16 {n}": base64.b64encode(b"x" * n + text.encode("utf-16-le")) for n in range(3)},
        **{f"Base64 at the end {n}": base64.b64encode(b"x" * n + marker.encode()) for n in range(3)},
        **{f"Base64 of small letters {n}": base64.b64encode(b"x" * n + marker.lower().encode()) for n in range(3)},
    }


@pytest.mark.parametrize("form", written(MARKER))
def test_the_search_finds_a_planted_marker(form: str) -> None:
    content = os.urandom(1000) + written(MARKER)[form] + os.urandom(1000)

    assert found_in(content, MARKER)


def test_the_search_finds_nothing_where_nothing_is() -> None:
    content = os.urandom(100_000) + "vorher Wärmflasche nachher".encode() + os.urandom(100_000).hex().encode()

    assert found_in(content, MARKER) == []
    assert all(len(form) >= 10 for form in forms_of(MARKER).values())
