"""What an event of the trail costs the request that writes it; runs inside (``bench/inside.py``)."""

from __future__ import annotations

import time
from dataclasses import asdict
from random import Random
from typing import Any
from uuid import UUID

from sprechzeit.audit.record import Actor, record
from sprechzeit.bench.scale import SEED, Scale, plans
from sprechzeit.bench.timing import timing_of
from sprechzeit.database.roles import Role
from sprechzeit.database.tenancy import acting_for, wearing
from sprechzeit.identifiers import PracticeId

BEFORE = 1_000
BATCH = 100


def run(scale: dict[str, Any], count: int) -> dict[str, Any]:
    """Timing of ``count`` events, each in a transaction of its own as in a request, after ``BEFORE`` others.

    Only ``record`` is on the clock: the transaction around it is the verb's that it tells of.
    """
    random = Random(f"{SEED}/trail")  # noqa: S311 - the same every time
    practice = PracticeId(max(plans(Scale(**scale)), key=lambda plan: plan.patients).practice)
    actor = Actor("member", str(UUID(int=random.getrandbits(128))))
    with wearing(Role.DESK):
        for _ in range(BEFORE // BATCH):
            with acting_for(practice):
                for _ in range(BATCH):
                    _write(practice, actor, random)
        latencies = [_timed(practice, actor, random) for _ in range(count)]
    return asdict(timing_of(latencies, sum(latencies)))


def _timed(practice: PracticeId, actor: Actor, random: Random) -> float:
    with acting_for(practice):
        begun = time.perf_counter()
        _write(practice, actor, random)
        return time.perf_counter() - begun


def _write(practice: PracticeId, actor: Actor, random: Random) -> None:
    """A look at one appointment: the most frequent event."""
    record(practice, actor, "appointment.view", [UUID(int=random.getrandbits(128)) for _ in range(2)])
