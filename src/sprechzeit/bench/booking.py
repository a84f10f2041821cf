"""Booking by the public API against the bare transactions: the same slots, the same clients, in turns."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import asdict
from http.client import HTTPConnection

import psycopg

from sprechzeit.bench.clients import at_once, bare, by_api
from sprechzeit.bench.errors import BenchError
from sprechzeit.bench.inside import run_inside
from sprechzeit.bench.progress import Progress
from sprechzeit.bench.sample import samples
from sprechzeit.bench.scale import Scale
from sprechzeit.bench.store import Store
from sprechzeit.bench.timing import Timing, timing_of
from sprechzeit.bench.web import Web
from sprechzeit.database.roles import Role

BOOKINGS = 1200
ROUNDS = 3
WARM_UP = 200
CLIENTS = 8
REQUESTS = 300  # for slots over HTTP

# The trail refuses this to everybody but a superuser who steps around triggers.
FORGET = (
    "delete from occupancy where hold_id is not null or appointment_id in "
    "(select id from appointment where created_at > %(since)s)",
    "delete from hold",
    "delete from appointment where created_at > %(since)s",
    "delete from intake where created_at > %(since)s",
    "delete from idempotency_key",
    "delete from opening where resource_id in (select id from resource where position >= 9000)",
    "delete from lane where resource_id in (select id from resource where position >= 9000)",
    "delete from resource where position >= 9000",
    "truncate audit_event",
)
BOOKED = """
    select count(*) from appointment join occupancy on occupancy.appointment_id = appointment.id
    where appointment.created_at > %s
"""


def measure_booking(store: Store, scale: Scale, web: Web, progress: Progress) -> tuple[Timing, Timing]:
    """Timings of the API (a call is a hold and an appointment) and of the bare transactions."""
    forget(store)
    progress.say(f"Booking {BOOKINGS:,} slots once, to write the statements down")
    bookings = run_inside("capture", {"scale": asdict(scale), "count": BOOKINGS}, store.environment(), store.folder)
    forget(store)
    by_side: dict[str, list[Timing]] = {"api": [], "bare": []}
    with progress.bar(f"Booking with {CLIENTS} clients, API and bare in turns", 2 * ROUNDS) as advance:
        for number in range(ROUNDS + 1):
            part = bookings if number else bookings[:WARM_UP]
            for side, make, target in (
                ("api", by_api, str(web.port)),
                ("bare", bare, store.url(Role.FRONT.value)),
            ):
                timing = at_once(make, target, part, CLIENTS)
                _require_booked(store, len(part))
                forget(store)
                if number:
                    by_side[side].append(timing)
                    advance(1)
    return median_of(by_side["api"]), median_of(by_side["bare"])


def median_of(rounds: Sequence[Timing]) -> Timing:
    """The round with the median rate."""
    return sorted(rounds, key=lambda timing: timing.per_second)[len(rounds) // 2]


def measure_slots(scale: Scale, web: Web) -> Timing:
    """GET of one clinician's free slots of 31 days, one client."""
    connection = HTTPConnection("127.0.0.1", web.port, timeout=60)
    latencies: list[float] = []
    chosen = samples(scale, REQUESTS)
    for sample in [*chosen[:30], *chosen]:  # the first ones only warm up
        begun = time.perf_counter()
        connection.request(
            "GET",
            f"/api/v1/practices/{sample.slug}/visit-types/{sample.visit_type}/slots?days=31&resource={sample.resource}",
        )
        answer = connection.getresponse()
        answer.read()
        if answer.status != 200:
            raise BenchError(f"the API answered {answer.status} to a request for slots")
        latencies.append(time.perf_counter() - begun)
    connection.close()
    counted = latencies[30:]
    return timing_of(counted, sum(counted))


def forget(store: Store) -> None:
    """Take away what any measurement booked, so that each round finds the same database."""
    with psycopg.connect(store.url(), autocommit=True) as connection:
        connection.execute("set session_replication_role = replica")
        for statement in FORGET:
            connection.execute(statement, {"since": store.loaded_at} if "%(" in statement else None)
        connection.execute("vacuum occupancy, hold, intake, idempotency_key")


def _require_booked(store: Store, count: int) -> None:
    with psycopg.connect(store.url()) as connection:
        row = connection.execute(BOOKED, [store.loaded_at]).fetchone()
    if row != (count,):
        raise BenchError(f"{count} bookings were sent, {row[0] if row else 0} are in the database")
