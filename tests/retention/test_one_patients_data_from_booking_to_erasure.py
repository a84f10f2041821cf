"""One patient's data on its way through time: what is where at each step, sealed or clear, and who can open it.

The table in docs/data-protection.md is made here and compared; ``WRITE_TABLES=1`` writes it anew. What a step leaves in
the database is found by comparing all tables with what was there before the patient came, so that a new table shows up
by itself; and every table that could hold something of a patient has to be either walked through or excused below.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest
from psycopg.rows import dict_row

from sprechzeit import clock
from sprechzeit.booking.accept import accept
from sprechzeit.booking.claims import NOTHING_SAID
from sprechzeit.booking.clipboard import forget_clipboards
from sprechzeit.booking.code_by_mail import ask_for_code, confirm_code
from sprechzeit.booking.hold import hold
from sprechzeit.booking.models import Appointment
from sprechzeit.booking.note import write_note
from sprechzeit.booking.open_consultation import forget_numbers
from sprechzeit.booking.plan_reminders import plan_reminders
from sprechzeit.booking.prune import prune
from sprechzeit.booking.status import mark
from sprechzeit.booking.undo import forget_steps
from sprechzeit.booking.write_to_practice import answer_practice
from sprechzeit.database.connections import EMBEDDED_DATABASE
from sprechzeit.database.embedded import EmbeddedServer
from sprechzeit.database.embedded.rules import SUPERUSER
from sprechzeit.database.roles import APPLICATION, Role
from sprechzeit.database.tenancy import wearing
from sprechzeit.messages.forget import forget_messages
from sprechzeit.patients.merge import forget_merges
from sprechzeit.retention.run import forget_what_is_due
from sprechzeit.rights.ask import ask_by_link
from sprechzeit.rights.close import refuse
from sprechzeit.rights.models import RightsRequest
from sprechzeit.staff.forget import forget_ended
from sprechzeit.waiting.ask import ask_earlier
from sprechzeit.waiting.offering import look
from sprechzeit.waiting.wishes import Wishes
from tests.audit.mail_server import make_certificate
from tests.booking.booked import rows
from tests.conftest import FOLDER
from tests.factories import Made, in_days, make_bookable, make_person, type_id
from tests.messages.mailbox import codes_mailed
from tests.messages.post_box import running
from tests.messages.posted import deliver_all, mailing_to, settle_others

PAGE = Path(__file__).parents[2] / "docs" / "data-protection.md"
BEGIN, END = "<!-- table made by a test: begin -->\n", "<!-- table made by a test: end -->\n"
URL = EmbeddedServer(FOLDER / "postgres").url(SUPERUSER, EMBEDDED_DATABASE)

PRACTICE = "practice's key and the record's own"
NOTIFIER = "notifier's key"
TABLES = {
    # table: what of the patient, whose keys open the sealed part
    "hold": ("which slot is kept; a keyed hash of the code", ""),
    "occupancy": ("that the slot is taken", ""),
    "intake": ("what was typed", PRACTICE),
    "patient": ("the record", PRACTICE),
    "appointment": ("time, visit type, status; hash of the link", ""),
    "appointment_note": ("the practice's comment", PRACTICE),
    "patient_note": ("what was written by the link", PRACTICE),
    "rights_request": ("what was asked for, until when, what came of it", ""),
    "rights_text": ("what was written with it", PRACTICE),
    "consent": ("purposes and wording", ""),
    "record_key": ("the records' own keys", ""),
    "notifier_address": ("address and links", NOTIFIER),
    "address_confirmation": ("that the owner confirmed the address", ""),
    "waiting_entry": ("wishes for an earlier time", ""),
    "message": ("state and time; code and links until sent", NOTIFIER),
    "undo_step": ("what was before a change, for ten minutes", ""),
    "audit_event": ("who did what: identifiers", ""),
}
"""All tables that hold something of this patient at some time, in the order in which the page tells them."""

NOT_OF_ONE_PATIENT = {
    "alarm": "of a practice; identifiers of members and sessions, a sealed note",
    "canary": "appointments and tokens that are nobody's",
    "audit_checkpoint": "where the trail begins",
    "incident": "of a practice; what happened, sealed, and identifiers of members",
    "support_session": "a technician's, with its reason",
    "block": "time kept free; its reason is deleted after 90 days",
    "clipboard_item": "appointments that a member has cut or copied; hours",
    "day_sheet": "the newest printed days, closed for the passphrase; made anew each day",
    "desk_session": "a member's session",
    "enrolment": "an invitation of a member",
    "challenge": "of a log-in, minutes",
    "key_grant": "a member's grant",
    "member": "a member",
    "membership": "a member's name",
    "api_token": "a program's access",
    "passkey": "a member's",
    "patient_merge": "only of merged records, 30 days (tests/booking/test_keys_go_with_their_records.py)",
    "idempotency_key": "hashed keys and identifiers, two days",
    "waiting_offer": "names an entry and a time; goes with the entry (tests/waiting)",
    "queue_number": "of an open consultation; nobody knows whose",
    "recall": "that a check-up is due, of who has agreed to be invited; goes with the record (tests/recall)",
    "recovery_sheet": "the practice's",
    "saved_view": "a member's",
    "sealed_data_key": "the practice's",
    "retention_report": "numbers",
}
"""Every other table with a sealed column or a reference by UUID, and why it tells nothing of this walk's patient."""

COULD_HOLD = """
    select distinct table_name from information_schema.columns
    where table_schema = 'public' and table_name not like 'procrastinate%%'
        and (column_name like '%%sealed' or data_type = 'uuid' or udt_name = '_uuid')
"""


@dataclass
class Walk:
    """What each step left, by table: ``sealed``, ``key``, ``clear`` or nothing."""

    made: Made
    before: dict[str, set[str]]
    steps: list[str] = field(default_factory=list)
    found: dict[str, list[str]] = field(default_factory=dict)
    readers: dict[str, str] = field(default_factory=dict)

    def look(self, step: str) -> None:
        """Compare all tables with what was there before the patient came."""
        now = {table: states for table, states in everything(self.before).items() if states}
        for table in {*now, *self.found}:
            self.found.setdefault(table, [""] * len(self.steps)).append(now.get(table, ""))
        self.steps.append(step)


def tables() -> list[str]:
    with psycopg.connect(URL) as connection:
        found = connection.execute("select tablename from pg_tables where schemaname = 'public' order by 1").fetchall()
    return [name for (name,) in found]


def snapshot() -> dict[str, set[str]]:
    with psycopg.connect(URL) as connection:
        return {
            table: {key for (key,) in connection.execute(f"select {identity(connection, table)} from {table} t")}
            for table in tables()
        }


def identity(connection: psycopg.Connection, table: str) -> str:
    """The primary key, as text."""
    found = connection.execute(
        "select attname from pg_index join pg_attribute on attrelid = indrelid and attnum = any(indkey)"
        " where indrelid = %s::regclass and indisprimary order by attnum",
        [table],
    ).fetchall()
    return "concat_ws('/', " + ", ".join(f"t.{name}" for (name,) in found) + ")"


def everything(before: dict[str, set[str]]) -> dict[str, str]:
    """By table: what the rows are that were not there before."""
    states = {}
    with psycopg.connect(URL, row_factory=dict_row) as connection:
        for table in tables():
            with psycopg.connect(URL) as plain:
                key = identity(plain, table)
            new = [
                row
                for row in connection.execute(f"select *, {key} as whole_key from {table} t")
                if row["whole_key"] not in before[table]
            ]
            sealed = any(row[name] is not None for row in new for name in row if name.endswith("sealed"))
            if new:
                states[table] = "sealed" if sealed else "key" if table == "record_key" else "clear"
    return states


def night(made: Made) -> None:
    """All that the nightly jobs do for one practice."""
    with wearing(Role.WORKER):
        for job in (
            prune,
            forget_steps,
            forget_numbers,
            forget_clipboards,
            forget_ended,
            forget_merges,
            forget_messages,
        ):
            job(made.id)
        look(made.id)
        forget_what_is_due(made.id)


@pytest.fixture(scope="module")
def walk(database: None, tmp_path_factory: pytest.TempPathFactory) -> Walk:
    certificate = make_certificate(tmp_path_factory.mktemp("certificate"))
    settle_others()
    made, visit_type = make_bookable(reminder_hours=[2])
    walked = Walk(made, snapshot())
    monkeypatch = pytest.MonkeyPatch()
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    with running(certificate) as box, mailing_to(box.port):
        go(walked, type_id(visit_type))
    monkeypatch.undo()
    assert [mail["To"] for mail in box.mails] == ["erika@example.org"] * 3  # code, confirmation, reminder
    return walked


def go(walk: Walk, visit_type: int) -> None:
    made = walk.made
    held = hold(made.id, visit_type, in_days(1, 9))
    walk.look("slot held")
    ask_for_code(made.id, held.secret, make_person(), claims=NOTHING_SAID, consents=("reminder-email",))
    walk.look("form sent, code mailed")
    (code,) = codes_mailed(made)
    deliver_all()
    booked = confirm_code(made.id, held.secret, code, claims=NOTHING_SAID)
    deliver_all()
    ask_earlier(made.id, booked.manage_secret, Wishes())
    walk.look("booked, mail sent")
    answer_practice(made.id, booked.manage_secret, "Ich bringe den Befund mit.")
    ask_by_link(made.id, booked.manage_secret, RightsRequest.Kind.CORRECTION, "Ich heiße anders.")
    with wearing(Role.DESK):
        accept(made.keys, made.actor, booked.appointment_id)
        write_note(made.keys, made.actor, booked.appointment_id, "Rollstuhl", seen="")
        refuse(made.id, made.actor, rows(made, RightsRequest)[0].id, "withdrawn")
    walk.look("taken over at the desk")
    with clock.travelled(in_days(1, 9) - timedelta(hours=2) - clock.now()):
        with wearing(Role.WORKER):
            plan_reminders(made.practice)
        walk.look("reminder waits")
        deliver_all()
    with clock.travelled(in_days(1, 9) - clock.now()), wearing(Role.DESK):
        (appointment,) = rows(made, Appointment)
        mark(made.id, made.actor, appointment.id, Appointment.Status.ARRIVED, version=appointment.version)
        walk.look("visit")
    for days, step in ((3, "2 days after"), (31.99, "31 days"), (92, "91 days"), (368, "a year")):
        with clock.travelled(timedelta(days=days)):
            night(made)
            walk.look(step)


def rights(table: str) -> set[str]:
    """The roles that may read the sealed columns of a table, or of the keys the keys."""
    with psycopg.connect(URL) as connection:
        return {
            role.value
            for role in APPLICATION
            for (may,) in connection.execute(
                "select has_column_privilege(%s, %s, column_name, 'select') from information_schema.columns"
                " where table_schema = 'public' and table_name = %s"
                " and (column_name like '%%sealed' or column_name = 'key')",
                [role.value, table, table],
            )
            if may
        }


def readers(table: str) -> str:
    names = {Role.DESK: "desk", Role.FRONT: "front", Role.WORKER: "worker"}
    return ", ".join(names[Role(role)] for role in sorted(rights(table))) or "nobody"


def as_markdown(walk: Walk) -> str:
    head = f"| table | what | opens it | {' | '.join(walk.steps)} |\n"
    lines = [head, "|" + " --- |" * (3 + len(walk.steps)) + "\n"]
    for table, (what, key) in TABLES.items():
        if key:
            opened = f"{readers(table)}, with the {key}"
        elif table == "record_key":
            opened = f"{readers(table)}; opens nothing alone"
        else:
            opened = "not sealed"
        cells = " | ".join(walk.found.get(table, [""] * len(walk.steps)))
        lines.append(f"| `{table}` | {what} | {opened} | {cells} |\n")
    return "".join(lines)


def test_the_page_tells_what_is_where_at_each_step(walk: Walk) -> None:
    made = as_markdown(walk)
    page = PAGE.read_text(encoding="utf-8")
    before, _, rest = page.partition(BEGIN)
    told, _, after = rest.partition(END)
    if os.environ.get("WRITE_TABLES"):
        PAGE.write_text(f"{before}{BEGIN}{made}{END}{after}", encoding="utf-8")
        told = made

    assert told == made


def test_no_table_but_these_ever_holds_anything_of_the_patient(walk: Walk) -> None:
    unknown = set(walk.found) - set(TABLES) - {"idempotency_key", "retention_report"}

    assert {table for table in unknown if any(walk.found[table])} == set()


def test_every_table_that_could_hold_something_is_walked_through_or_excused(walk: Walk) -> None:
    with psycopg.connect(URL) as connection:
        could = {table for (table,) in connection.execute(COULD_HOLD.replace("%%", "%"))}

    assert could - set(TABLES) - set(NOT_OF_ONE_PATIENT) == set()
    assert {table for table in TABLES if not any(walk.found.get(table, []))} == set()


def test_the_walk_notices_a_new_table(walk: Walk) -> None:
    with psycopg.connect(URL, autocommit=True) as connection:
        connection.execute("create table forgotten (id uuid primary key, letter_sealed bytea)")
        try:
            could = {table for (table,) in connection.execute(COULD_HOLD.replace("%%", "%"))}
            connection.execute("insert into forgotten values (gen_random_uuid(), 'x')")
            assert "forgotten" in could - set(TABLES) - set(NOT_OF_ONE_PATIENT)
            assert everything({**snapshot(), "forgotten": set()})["forgotten"] == "sealed"
        finally:
            connection.execute("drop table forgotten")


def test_what_says_who_it_is_is_sealed_at_every_step(walk: Walk) -> None:
    for table, (_what, key) in TABLES.items():
        if key == PRACTICE:
            assert set(walk.found[table]) <= {"", "sealed"}, table


def test_the_patients_side_opens_nothing_and_the_worker_only_addresses(walk: Walk) -> None:
    for table, (_what, key) in TABLES.items():
        allowed = (
            {Role.DESK.value} if key == PRACTICE or table == "record_key" else {Role.WORKER.value} if key else set()
        )
        assert rights(table) <= allowed, table


def test_in_the_end_nothing_is_left_but_the_trail(walk: Walk) -> None:
    left = {table for table, cells in walk.found.items() if cells[-1]}

    assert left == {"audit_event", "retention_report"}
