"""A morning's reminders: planned over all practices, then handed to a mail server by two workers.

The appointments are laid in for this and taken away again. Quiet hours are put out meanwhile, because a benchmark may
run at night. Planning runs inside (``bench/inside.py``).
"""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
from django.conf import settings

from sprechzeit import clock
from sprechzeit.bench.errors import BenchError
from sprechzeit.booking.plan_reminders import plan_reminders
from sprechzeit.database.roles import Role
from sprechzeit.database.tenancy import wearing
from sprechzeit.identifiers import new_id
from sprechzeit.messages.letter import Letter, seal_letter, with_stop
from sprechzeit.messages.models import Message, NotifierAddress
from sprechzeit.messages.notifier_key import make_notifier_key
from sprechzeit.practices.models import Practice

WORKERS = 2
PATIENCE = 600.0
PROC = Path("/proc")
MIB = 1024
# One in twelve of the hour's five minutes each; patients come round robin, with a consent of their own.
LAY_IN = """
    with numbered as (
        select practice_id, id as patient_id, row_number() over (partition by practice_id order by id) - 1 as number,
            row_number() over () as one
        from patient
    ), several as (
        select *, generate_series(1, ceil(%(count)s::numeric / (select count(*) from patient))::int) as time
        from numbered
    )
    insert into appointment (id, practice_id, visit_type_id, starts_at, ends_at, resource_ids, status, source,
        patient_id, version, created_at, changed_at)
    select gen_random_uuid(), practice_id,
        (select min(id) from visit_type where visit_type.practice_id = several.practice_id),
        %(from)s + number %% 12 * interval '5 minutes' + interval '48 hours',
        %(from)s + number %% 12 * interval '5 minutes' + interval '48.5 hours',
        '{}', 'booked', 'desk', patient_id, 1, %(from)s - interval '30 days', %(mark)s
    from several order by time, one limit %(count)s
"""
CONSENT = """
    insert into consent (id, practice_id, patient_id, purpose, wording, source, given_at)
    select gen_random_uuid(), practice_id, id, 'reminder-email', 'bench', 'desk', now() from patient
    on conflict do nothing
"""
LAID_IN = "select id, practice_id, starts_at, ends_at from appointment where changed_at = %s order by id"
PUT_OUT = "update practice set quiet_until = quiet_from"
ADDRESSED = "select about from notifier_address where length(sealed) > 1"
ONLY_ADDRESSED = (
    f"delete from message where about not in ({ADDRESSED})",  # noqa: S608 - our own
    f"delete from appointment where changed_at = '2000-01-01+00' and id not in ({ADDRESSED})",  # noqa: S608 - our own
    "update message set due_at = now()",
)
TAKE_AWAY = (
    "delete from message",
    "delete from notifier_address",
    "delete from consent where wording = 'bench'",
    "delete from appointment where changed_at = '2000-01-01+00'",
    "update practice set quiet_until = '07:00'",
)


def run(url: str, count: int, handed: int) -> dict[str, Any]:
    """Lay ``count`` appointments in, plan their reminders, and leave ``handed`` of these due now."""
    make_notifier_key(settings.ENVIRONMENT.key_folder)
    with psycopg.connect(url) as connection:
        connection.execute("set session_replication_role = replica")
        for statement in (*TAKE_AWAY, PUT_OUT, CONSENT):
            connection.execute(statement)
        laid_in = {"count": count, "from": clock.now(), "mark": "2000-01-01+00"}
        connection.execute(LAY_IN, laid_in)
        _keep_addresses(connection, handed)
        connection.commit()
        connection.autocommit = True
        connection.execute("vacuum analyze appointment, consent, notifier_address, message")
        begun = time.perf_counter()
        with wearing(Role.WORKER):
            practices = list(Practice.objects.order_by("id"))
            planned = sum(plan_reminders(practice) for practice in practices)
            took = time.perf_counter() - begun
            again = time.perf_counter()
            twice = sum(plan_reminders(practice) for practice in practices)
        if planned != count or twice:
            raise BenchError(f"{planned} reminders were planned instead of {count}, {twice} of them twice")
        for statement in ONLY_ADDRESSED:  # the workers would plan the others again
            connection.execute(statement)
    return {"seconds": took, "again": time.perf_counter() - again, "practices": len(practices)}


def _keep_addresses(connection: psycopg.Connection, handed: int) -> None:
    """Real ones for those that will be handed over; sealing each of the others would only cost time."""
    table = NotifierAddress._meta.db_table
    rows = connection.execute(LAID_IN, ["2000-01-01+00"]).fetchall()
    columns = "id, practice_id, about, channel, language, sealed, stop_hash, created_at, delete_after"
    with connection.cursor().copy(f"copy {table} ({columns}) from stdin") as copy:
        for number, (about, practice, _start, end) in enumerate(rows):
            row = new_id()
            link = f"https://bench.example/praxis/bench-{practice}/mein-termin/AAAAAAAAAAAAAAAAAAAAAA/"
            letter, stop = with_stop(Letter(to=f"patient{number}@bench.example", link=link))
            sealed = seal_letter(letter, practice, table, row) if number < handed else b"-"
            copy.write_row((row, practice, about, Message.Channel.EMAIL.value, "de", sealed, stop, clock.now(), end))


def deliver(url: str, environment: Mapping[str, str], folder: Path, handed: int) -> dict[str, float]:
    """Let two workers hand over what is due: messages a second, and what their memory grew by in MiB."""
    with _sink(folder) as port:
        mailing = {**environment, "SMTP_URL": f"smtp://127.0.0.1:{port}", "MAIL_FROM": "termine@bench.example"}
        with _workers({**mailing, "PUBLIC_URL": "https://bench.example"}, folder) as workers:
            early, end = 0.0, time.monotonic() + PATIENCE
            while (found := _count(port))[0] < handed:
                if time.monotonic() > end or any(one.poll() is not None for one in workers):
                    raise BenchError("the workers do not deliver; worker.log in the benchmark's folder says why")
                if not early and found[0] > handed / 5:
                    early = _resident(workers)
                time.sleep(0.1)
            grown = _resident(workers) - early
    with psycopg.connect(url, autocommit=True) as connection:
        states = connection.execute("select state, count(*) from message group by state").fetchall()
        connection.execute("set session_replication_role = replica")
        for statement in TAKE_AWAY:
            connection.execute(statement)
    count, first, last = found
    if count != handed or states != [("sent", handed)]:
        raise BenchError(f"{count} mails came instead of {handed}; {states}")
    return {"a_second": count / (last - first), "grown": grown}


@contextmanager
def _sink(folder: Path) -> Iterator[int]:
    told = folder / "sink.port"
    told.unlink(missing_ok=True)
    command = [sys.executable, "-m", "sprechzeit.bench.sink", str(told)]
    process = subprocess.Popen(command)  # noqa: S603 - our own program
    try:
        while not (told.exists() and told.read_text()):
            if process.poll() is not None:
                raise BenchError("the mail server of the benchmark does not start")
            time.sleep(0.05)
        yield int(told.read_text())
    finally:
        process.terminate()
        process.wait()


@contextmanager
def _workers(environment: Mapping[str, str], folder: Path) -> Iterator[list[subprocess.Popen[bytes]]]:
    with (folder / "worker.log").open("wb") as log:
        command = [sys.executable, "-m", "sprechzeit", "worker"]
        started = [
            subprocess.Popen(command, env=environment, stdout=log, stderr=log)  # noqa: S603 - our own program
            for _ in range(WORKERS)
        ]
        try:
            yield started
        finally:
            for process in started:
                process.terminate()
            for process in started:
                process.wait()


def _count(port: int) -> tuple[int, float, float]:
    with socket.create_connection(("127.0.0.1", port)) as connection, connection.makefile("rwb") as file:
        file.readline()
        file.write(b"COUNT\r\n")
        file.flush()
        _code, count, first, last = file.readline().split()
    return int(count), float(first), float(last)


def _resident(workers: list[subprocess.Popen[bytes]]) -> float:
    """Of the larger of them, in MiB; 0 where the system does not tell."""
    found = [0]
    for process in workers:
        status = PROC / str(process.pid) / "status"
        if status.exists():
            found += [int(line.split()[1]) for line in status.read_text().splitlines() if line.startswith("VmRSS")]
    return max(found) / MIB
