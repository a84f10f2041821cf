"""Tell open desks what changed: one listening connection per process, LISTEN/NOTIFY of PostgreSQL.

The triggers of migration ``0003_tell_desks`` notify with the practice's number and the start that changed; nothing
personal travels. A listener that lost its connection tells everybody to look again once it is back: nothing is missed.
LISTEN does not pass a pooler in transaction mode; then ``is_listening`` stays False and desks fall back to polling.
"""

from __future__ import annotations

import queue
import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import psycopg
import structlog
from django.db import connections
from django.db.models import Count, Max

from sprechzeit.booking.models import Appointment, Block
from sprechzeit.database.connections import direct_parameters
from sprechzeit.database.tenancy import acting_for
from sprechzeit.identifiers import PracticeId
from sprechzeit.timetable.wall_clock import local_midnight

CHANNEL = "sprechzeit_desks"
WAITING = 200  # changes that a slow desk may be behind; then it is told to look at everything
RETRY = 2.0  # seconds
log = structlog.get_logger("sprechzeit.live")


@dataclass(frozen=True)
class Change:
    """Something changed at this moment of the calendar; None: anything may have."""

    start: datetime | None

    def day(self, zone: ZoneInfo) -> date | None:
        """The local day that it concerns."""
        return self.start.astimezone(zone).date() if self.start else None


ANYTHING = Change(None)


class Hub:
    """Hands changes to the desks of their practice. One per process, begun with the first desk."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting: dict[int, set[queue.Queue[Change]]] = defaultdict(set)
        self._thread: threading.Thread | None = None
        self.is_listening = threading.Event()

    @contextmanager
    def subscribed(self, practice: PracticeId) -> Iterator[queue.Queue[Change]]:
        """Inside, changes of the practice arrive in the queue."""
        mine: queue.Queue[Change] = queue.Queue(WAITING)
        with self._lock:
            self._waiting[practice].add(mine)
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="live", daemon=True)
                self._thread.start()
        try:
            yield mine
        finally:
            with self._lock:
                self._waiting[practice].discard(mine)
                if not self._waiting[practice]:
                    del self._waiting[practice]

    def count(self) -> int:
        """How many desks wait here."""
        with self._lock:
            return sum(len(queues) for queues in self._waiting.values())

    def _run(self) -> None:
        while True:
            try:
                with psycopg.connect(**direct_parameters("desk"), autocommit=True) as connection:
                    connection.execute(f"listen {CHANNEL}")
                    self.is_listening.set()
                    self._hand_to_all(ANYTHING)  # what happened while nobody listened
                    for notify in connection.notifies():
                        self._hand_over(notify.payload)
            except psycopg.Error:
                log.warning("live listener lost its connection", exc_info=True)
            self.is_listening.clear()
            time.sleep(RETRY)

    def _hand_over(self, payload: str) -> None:
        practice, _, start = payload.partition(" ")
        change = Change(datetime.fromtimestamp(int(start), UTC))
        with self._lock:
            queues = list(self._waiting.get(int(practice), ()))
        for one in queues:
            _put(one, change)

    def _hand_to_all(self, change: Change) -> None:
        with self._lock:
            queues = [one for of_practice in self._waiting.values() for one in of_practice]
        for one in queues:
            _put(one, change)


def _put(waiting: queue.Queue[Change], change: Change) -> None:
    try:
        waiting.put_nowait(change)
    except queue.Full:  # too far behind: forget the single ones, look at everything
        with suppress(queue.Empty):
            while True:
                waiting.get_nowait()
        waiting.put_nowait(ANYTHING)


hub = Hub()


def stand_of(practice: PracticeId, zone: ZoneInfo, days: tuple[date, date]) -> str:
    """Changes whenever an appointment or a block of these local days (half-open) does: for desks that poll."""
    since, until = (local_midnight(day, zone) for day in days)
    with acting_for(practice):
        stands = [
            table.objects.filter(practice=practice, starts_at__gte=since, starts_at__lt=until).aggregate(
                count=Count("id"), last=Max("changed_at")
            )
            for table in (Appointment, Block)
        ]
    return " ".join(f"{one['count']}-{one['last'].timestamp() if one['last'] else 0}" for one in stands)


def give_connection_back() -> None:
    """While a desk waits it must not keep a connection of the pool."""
    for connection in connections.all(initialized_only=True):
        connection.close()
