"""``make bench``: load, measure, tell. Exit code and ``bench.json`` say whether every budget was kept."""

from __future__ import annotations

import os
import platform
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any, Literal

import psycopg

from sprechzeit.bench.booking import forget, measure_booking, measure_slots
from sprechzeit.bench.inside import run_inside
from sprechzeit.bench.progress import Progress
from sprechzeit.bench.reminders import deliver
from sprechzeit.bench.report import Budget, Measure, Report, compared, print_table, share_of, write_json
from sprechzeit.bench.scale import SCALES, SEED_SCALE, Scale
from sprechzeit.bench.store import Store, open_store
from sprechzeit.bench.timing import Timing
from sprechzeit.bench.web import web_server
from sprechzeit.database.roles import Role

LOAD = Budget("at most", 15 * 60)
AVAILABILITY = Budget("at most", 3)
BOOKING = Budget("at least", 40)
TRAIL = Budget("at most", 1)
MEMORY = Budget("at most", 150)
DAY = Budget("at most", 100)
DAY_SIZE = Budget("at most", 150)
SEARCH = {3_000: Budget("at most", 25), 20_000: Budget("at most", 120), 100_000: Budget("at most", 500)}
PLANNING = Budget("at most", 60)
HANDING_OVER = Budget("at least", 200)
GROWING = Budget("at most", 10)
REMINDERS = 100_000
HANDED = 10_000
PUBLIC_PAGE = Budget("at most", 50)
PUBLIC_SIZE = Budget("at most", 60)
PAGES = 200
SAMPLES = 300
ROUNDS = 5
EVENTS = 1000


def run(scale: Literal["small", "seed"], folder: Path, *, fresh: bool = False) -> Report:
    """Run the whole benchmark in ``folder/bench`` and write ``folder/bench.json``.

    Parameters
    ----------
    folder
        Usually ``.data``; the demo's database in it is not touched.
    fresh
        Load anew even when a database of this scale is there.

    Raises
    ------
    BenchError, EmbeddedError
        With one line for people.
    """
    progress = Progress()
    wanted = SCALES[scale]
    store = open_store(folder / "bench", wanted, progress, fresh=fresh)
    try:
        report = Report(scale, machine(store), _load(store), tuple(measure(store, wanted, progress)))
    finally:
        store.server.stop()
    write_json(report, folder / "bench.json")
    print_table(report, sys.stdout)
    return report


def measure(store: Store, scale: Scale, progress: Progress) -> list[Measure]:
    """All measures, in the report's order."""
    progress.say("Asking for free slots, by the product and by its SQL alone in turns")
    arguments = {
        "scale": asdict(scale),
        "url": store.url(Role.FRONT.value),
        "count": SAMPLES,
        "rounds": ROUNDS,
    }
    free = run_inside("availability", arguments, store.environment(), store.folder)
    progress.say(f"Writing {EVENTS:,} events to the trail")
    event = Timing(**run_inside("trail", {"scale": asdict(scale), "count": EVENTS}, store.environment(), store.folder))
    progress.say("Opening full days at the desk and searching for names")
    desk = run_inside("desk", {"scale": asdict(scale), "count": PAGES}, store.environment(), store.folder)
    progress.say("Keeping the next free starts, searching over all practices, opening the patients' pages")
    public = run_inside("search", {"scale": asdict(scale), "count": PAGES}, store.environment(), store.folder)
    progress.say(f"Planning {REMINDERS:,} reminders, handing {HANDED:,} of them over by two workers")
    arguments = {"url": store.url(), "count": REMINDERS, "handed": HANDED}
    planned = run_inside("reminders", arguments, store.environment(), store.folder)
    delivered = deliver(store.url(), store.environment(), store.folder, HANDED)
    forget(store)
    with web_server(store.environment(), store.folder) as web:
        over_http = measure_slots(scale, web)
        api, bare = measure_booking(store, scale, web, progress)
        memory = web.resident_mib()
    return [
        Measure("loading, sealed", store.load.total, "s", LOAD if scale == SEED_SCALE else None),
        compared(
            f"availability: one clinician, 31 days, {free['slots']:.0f} slots",
            Timing(**free["product"]),
            Timing(**free["reference"]),
            AVAILABILITY,
        ),
        Measure("availability over HTTP, one client", over_http.p50_ms, "ms", timing=over_http),
        share_of("booking by the API, hold and appointment", api, bare, BOOKING),
        *_desk(desk),
        *_public(public),
        Measure(
            f"reminders: planning {REMINDERS:,} for {planned['practices']:,} practices",
            planned["seconds"],
            "s",
            PLANNING,
        ),
        Measure("reminders: looking again when all are planned", planned["again"], "s"),
        Measure("reminders: handed over by two workers", delivered["a_second"], "/s", HANDING_OVER),
        Measure("reminders: what a worker grew by meanwhile", delivered["grown"], "MiB", GROWING),
        Measure("trail: writing an event", event.p50_ms, "ms", TRAIL, event),
        Measure("memory of a server process", memory, "MiB", MEMORY),
    ]


def _desk(found: dict[str, Any]) -> list[Measure]:
    day = Timing(**found["day"])
    measures = [
        Measure("desk: day with 10 columns and 300 appointments, p99", day.p99_ms, "ms", DAY, day),
        Measure("desk: that day, compressed", found["kilobytes"], "kB", DAY_SIZE),
    ]
    for patients, timing in found["searches"].items():
        searched = Timing(**timing)
        name = f"desk: search by name among {int(patients):,} patients, p99"
        measures.append(Measure(name, searched.p99_ms, "ms", SEARCH.get(int(patients)), searched))
    return measures


def _public(found: dict[str, Any]) -> list[Measure]:
    kept = Timing(**found["kept"])
    measures = [Measure("next free: keeping one practice's, p99", kept.p99_ms, "ms", None, kept)]
    for name, timing in found["pages"].items():
        page = Timing(**timing)
        measures.append(Measure(f"front: {name}, p99", page.p99_ms, "ms", PUBLIC_PAGE, page))
    return [*measures, Measure("front: 20 results, compressed", found["kilobytes"], "kB", PUBLIC_SIZE)]


def machine(store: Store) -> dict[str, str | int]:
    """What the figures were measured on."""
    with psycopg.connect(store.url()) as connection:
        version = connection.info.parameter_status("server_version") or ""
    return {
        "cores": os.cpu_count() or 1,
        "processor": platform.machine(),
        "system": platform.system(),
        "python": platform.python_version(),
        "postgresql": version,
    }


def _load(store: Store) -> dict[str, float | bool]:
    return {**asdict(store.load), "total": store.load.total, "reused": store.reused}
