"""Book once by the API's own door and write down every statement it sends; runs inside (``bench/inside.py``).

The bare transactions replay these statements to the letter, after what was booked here has been taken away.
"""

from __future__ import annotations

from datetime import timedelta
from math import ceil
from random import Random
from typing import Any

from django.db import connections
from django.test import Client
from django.test.utils import CaptureQueriesContext

from sprechzeit import clock
from sprechzeit.bench.errors import BenchError
from sprechzeit.bench.people import person
from sprechzeit.bench.sample import Sample, samples
from sprechzeit.bench.scale import SEED, Scale
from sprechzeit.database.roles import Role
from sprechzeit.database.tenancy import ALIASES, wearing
from sprechzeit.practices.models import Practice
from sprechzeit.timetable.availability import free_slots

FROM, UNTIL = timedelta(days=2), timedelta(days=60)
DRAWN = 4  # so many times as bookings, so that nearly every clinician comes up
SPARE = 5  # slots, because some clinicians have fewer


def run(scale: dict[str, Any], count: int) -> list[dict[str, Any]]:
    """``count`` bookings of different slots: what to send to the API, and the statements that it came to."""
    random = Random(f"{SEED}/bookings")  # noqa: S311 - the same every time
    client = Client(SERVER_NAME="localhost")
    clinicians = list(dict.fromkeys(samples(Scale(**scale), DRAWN * count)))
    each = ceil(count / len(clinicians)) + SPARE
    bookings = [booking for sample in clinicians for booking in _bookings(sample, each, random)]
    if len(bookings) < count:
        raise BenchError(f"there are only {len(bookings)} free slots, {count} are needed")
    random.shuffle(bookings)
    return [{**booking, "statements": _captured(client, booking)} for booking in bookings[:count]]


def _bookings(sample: Sample, count: int, random: Random) -> list[dict[str, Any]]:
    now = clock.now()
    with wearing(Role.FRONT):
        free = free_slots(sample.practice, sample.visit_type, now + FROM, now + UNTIL, resource=sample.resource)
        insurances = Practice.objects.values_list("insurances", flat=True).get(id=sample.practice)
    claims = {"is_new": False, "insurance": [*insurances, "statutory"][0]}  # welcome everywhere
    starts = [slot.start for slot in free]
    found: list[dict[str, Any]] = []
    for start in sorted(random.sample(starts, min(count, len(starts)))):
        who = person(random)
        found.append(
            {
                "path": f"/api/v1/practices/{sample.slug}",
                "hold": {
                    "visit_type": sample.visit_type,
                    "start": start.isoformat(),
                    "resource": sample.resource,
                    "claims": claims,
                },
                "person": {
                    "first_name": who.first_name,
                    "last_name": who.last_name,
                    "email": who.email,
                    "phone": who.phone,
                    "claims": claims,
                },
            }
        )
    return found


def _captured(client: Client, booking: dict[str, Any]) -> list[str]:
    """Statements with their values, transactions included, as the server gets them."""
    connection = connections[ALIASES[Role.FRONT]]
    connection.queries_log.clear()  # it forgets the oldest beyond 9,000
    with CaptureQueriesContext(connection) as captured:
        held = client.post(f"{booking['path']}/holds", booking["hold"], content_type="application/json")
        if held.status_code != 201:
            raise BenchError(f"a hold was answered with {held.status_code}")
        body = {**booking["person"], "hold": held.json()["hold"]}
        made = client.post(f"{booking['path']}/appointments", body, content_type="application/json")
        if made.status_code != 201:
            raise BenchError(f"a booking was answered with {made.status_code}")
    return [str(query["sql"]) for query in captured.captured_queries]
