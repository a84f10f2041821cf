"""The desk on the server's side: a full day with names, and the search by name; runs inside (``bench/inside.py``).

Requests go through the whole product but the network: session, opening, templates, and compression apart.
"""

from __future__ import annotations

import gzip
import time
from collections.abc import Callable
from dataclasses import asdict
from datetime import timedelta
from random import Random
from typing import Any
from uuid import UUID

from django.test import Client
from django.urls import reverse

from sprechzeit import clock
from sprechzeit.bench.calendar import ZONE
from sprechzeit.bench.desk_day import APPOINTMENTS, fill_day
from sprechzeit.bench.errors import BenchError
from sprechzeit.bench.keys import keys_of
from sprechzeit.bench.people import person
from sprechzeit.bench.scale import SEED, Scale, plans
from sprechzeit.bench.timing import timing_of
from sprechzeit.database.roles import Role
from sprechzeit.database.tenancy import acting_for, wearing
from sprechzeit.identifiers import PracticeId
from sprechzeit.staff.models import Membership
from sprechzeit.staff.session import begin
from sprechzeit.web.desk.door import cookie_name

AHEAD = timedelta(days=300)  # nothing else is booked so far ahead
WARM_UP = 10
LEVEL = 6  # of gzip, as nginx has it


def run(scale: dict[str, Any], count: int) -> dict[str, Any]:
    """``count`` requests for the day, and as many searches in each of the largest practices."""
    wanted = Scale(**scale)
    first = PracticeId(plans(wanted)[0].practice)
    day = (clock.now().astimezone(ZONE) + AHEAD).date()
    with wearing(Role.DESK):
        columns = fill_day(first, day)
    client = _at_desk(first)
    address = f"{reverse('desk:day')}?tag={day}&spalten={','.join(map(str, columns))}"
    page = _require_full(client.get(address).content)
    searches = {}
    for plan in plans(wanted)[: len(wanted.largest)]:
        searches[str(plan.patients)] = _measured(_search(PracticeId(plan.practice)), count)
    return {
        "day": _measured(lambda: client.get(address), count),
        "kilobytes": len(gzip.compress(page, LEVEL)) / 1000,
        "searches": searches,
    }


def _at_desk(practice: PracticeId) -> Client:
    """A browser of a member whose session is fresh."""
    with wearing(Role.DESK):
        with acting_for(practice):
            member: UUID = Membership.objects.filter(practice=practice, role="owner").values_list("member", flat=True)[
                0
            ]
        cookie = begin(practice, member, keys_of(practice), passkey=None)
    client = Client(SERVER_NAME="localhost")
    client.cookies[cookie_name()] = cookie
    return client


def _require_full(page: bytes) -> bytes:
    if (found := page.count(b'id="t-')) != APPOINTMENTS:
        raise BenchError(f"the day shows {found} appointments, not {APPOINTMENTS}")
    return page


def _search(practice: PracticeId) -> Callable[[], object]:
    """Types the first letters of invented names."""
    client = _at_desk(practice)
    random = Random(f"{SEED}/search")  # noqa: S311 - the same every time

    def once() -> object:
        who = person(random)
        text = f"{who.last_name[:3]} {who.first_name[:2]}"
        answer = client.post(reverse("desk:patients"), {"q": text}, headers={"HX-Request": "true"})
        if answer.status_code != 200:
            raise BenchError(f"the search answered {answer.status_code}")
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
