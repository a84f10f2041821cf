"""The patients' pages on the server's side: the search over all practices and what follows; runs inside.

First the next free starts of all practices are brought up to date, as the worker does when it begins. Requests go
through the whole product but the network (``bench/inside.py``); the pages of the largest practice are measured, which
has the most to look at.
"""

from __future__ import annotations

import gzip
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict
from itertools import cycle
from random import Random
from typing import Any
from urllib.parse import urlencode

from django.test import Client
from django.urls import reverse

from sprechzeit.bench.errors import BenchError
from sprechzeit.bench.furniture import visit_type_id
from sprechzeit.bench.profile import CODES, SPECIALTIES, profile_of
from sprechzeit.bench.scale import SEED, Plan, Scale, plans
from sprechzeit.bench.timing import timing_of
from sprechzeit.booking.next_free import renew
from sprechzeit.database.roles import Role
from sprechzeit.database.tenancy import wearing
from sprechzeit.identifiers import PracticeId

WARM_UP = 10
LEVEL = 6  # of gzip, as nginx has it


def run(scale: dict[str, Any], count: int) -> dict[str, Any]:
    """``count`` requests of each page."""
    planned = plans(Scale(**scale))
    kept = _keep([plan.practice for plan in planned])
    client = Client(SERVER_NAME="localhost")
    largest, middle = planned[0], planned[len(planned) // 2]
    everything = reverse("front:search")
    pages: dict[str, Iterator[str]] = {
        "search over all practices": cycle([everything]),
        "search with place and filters": _searches(),
        "start page": cycle([reverse("front:start")]),
        "a practice's page": cycle([reverse("front:practice", args=[middle.slug])]),
        "the largest practice's page": cycle([reverse("front:practice", args=[largest.slug])]),
        "times": cycle([_times(middle)]),
        "the largest practice's times": cycle([_times(largest)]),
    }
    return {
        "kept": kept,
        "pages": {name: _measured(_opening(client, urls), count) for name, urls in pages.items()},
        "kilobytes": len(gzip.compress(client.get(everything).content, LEVEL)) / 1000,
    }


def _keep(practices: list[int]) -> dict[str, Any]:
    latencies: list[float] = []
    with wearing(Role.WORKER):
        for practice in practices:
            begun = time.perf_counter()
            renew(PracticeId(practice))
            latencies.append(time.perf_counter() - begun)
    return asdict(timing_of(latencies, sum(latencies)))


def _searches() -> Iterator[str]:
    """Different ones each time: a place, mostly a specialty, sometimes more."""
    random = Random(f"{SEED}/front-search")  # noqa: S311 - the same every time
    while True:
        asked = {
            "ort": random.choice(CODES),
            "umkreis": random.choice(["10", "20", "50"]),
            "fach": random.choice([*SPECIALTIES, ""]),
            "kasse": random.choice(["", "statutory", "private"]),
            "sprache": random.choice(["", "", "tr"]),
            "reihenfolge": random.choice(["", "naehe"]),
            "neu": random.choice(["", "1"]),
        }
        yield f"{reverse('front:search')}?{urlencode({name: value for name, value in asked.items() if value})}"


def _times(plan: Plan) -> str:
    """The page with the times, for somebody who has answered what is asked before."""
    said = {"wer": "bekannt", "kasse": (profile_of(plan.practice).insurances or ["private"])[0]}
    return f"{reverse('front:times', args=[plan.slug, visit_type_id(plan.practice, 0)])}?{urlencode(said)}"


def _opening(client: Client, urls: Iterator[str]) -> Callable[[], object]:
    def once() -> object:
        answer = client.get(next(urls))
        if answer.status_code != 200:
            raise BenchError(f"a page answered {answer.status_code}")
        return answer

    return once


def _measured(call: Callable[[], object], count: int) -> dict[str, Any]:
    latencies: list[float] = []
    for _ in range(WARM_UP + count):
        begun = time.perf_counter()
        call()
        latencies.append(time.perf_counter() - begun)
    counted = latencies[WARM_UP:]
    return asdict(timing_of(counted, sum(counted)))
