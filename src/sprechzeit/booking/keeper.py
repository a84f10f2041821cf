"""Keeps something of each practice up to date: a thread of the worker that hears of every change, LISTEN/NOTIFY.

The next free starts (``booking/next_free.py``), or the offers to those who wait (``waiting/offering.py``).
It looks at a practice again within a second of a change, when time alone makes a start too near or frees a hold, and
at all practices when it begins, whenever its connection was lost, and every ten minutes.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable
from datetime import datetime

import psycopg
import structlog
from django.db import DatabaseError, InterfaceError, OperationalError, connections

from sprechzeit import clock
from sprechzeit.booking.next_free import renew
from sprechzeit.database.connections import direct_parameters
from sprechzeit.database.roles import Role
from sprechzeit.database.tenancy import current_alias, wearing
from sprechzeit.identifiers import PracticeId
from sprechzeit.practices.changed import CHANNEL
from sprechzeit.practices.models import Practice

EVERYTHING = 600.0  # seconds
GAP = 0.5  # at the least between two looks at the same practice, so that a rush of bookings costs little
RETRY = 2.0
LONGEST_WAIT = 1.0
log = structlog.get_logger("sprechzeit.keeper")


class Keeper:
    """``start`` begins the thread, ``stop`` ends it after the practice it is at."""

    def __init__(self, look: Callable[[PracticeId], datetime | None] = renew, *, name: str = "next-free") -> None:
        """``look`` is called for a practice, in the worker's role, and tells when time alone will change something."""
        self._look_at = look
        self._due: dict[int, float] = {}  # practice and when to look at it, in monotonic seconds
        self._looked: dict[int, float] = {}
        self._waiting: list[int] = []  # of the look at everything; changes go first
        self._everything_at = 0.0
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self.is_listening = threading.Event()

    def start(self) -> None:
        self._thread.start()

    def stop(self, patience: float = 10.0) -> None:
        self._stopped.set()
        self._thread.join(patience)

    def _run(self) -> None:
        with wearing(Role.WORKER):
            while not self._stopped.is_set():
                try:
                    with psycopg.connect(**direct_parameters(current_alias()), autocommit=True) as connection:
                        connection.execute(f"listen {CHANNEL}")
                        self.is_listening.set()
                        self._everything_at = 0.0  # what happened while nobody listened
                        while not self._stopped.is_set():
                            self._hear(connection)
                            self._look()
                except (psycopg.Error, DatabaseError):
                    log.warning("a keeper lost its connection", task=self._thread.name, exc_info=True)
                    self._stopped.wait(RETRY)
                finally:
                    self.is_listening.clear()
                    connections[current_alias()].close()

    def _hear(self, connection: psycopg.Connection) -> None:
        """Note what changed; wait for it only when there is nothing to do."""
        for notify in connection.notifies(timeout=self._idle_seconds(), stop_after=1):
            practice, _, _moment = notify.payload.partition(" ")
            if practice.isdecimal():
                self._plan(int(practice), self._looked.get(int(practice), 0.0) + GAP)

    def _idle_seconds(self) -> float:
        if self._waiting:
            return 0.0
        now = time.monotonic()
        nearest = min([*self._due.values(), self._everything_at, now + LONGEST_WAIT])
        return max(0.0, nearest - now)

    def _plan(self, practice: int, moment: float) -> None:
        self._due[practice] = min(self._due.get(practice, moment), moment)

    def _look(self) -> None:
        now = time.monotonic()
        if now >= self._everything_at:
            self._everything_at = now + EVERYTHING
            self._waiting = list(Practice.objects.order_by("-id").values_list("id", flat=True))
        changed = [practice for practice, moment in self._due.items() if moment <= now]
        self._renew(changed or ([self._waiting.pop()] if self._waiting else []))

    def _renew(self, practices: Iterable[int]) -> None:
        for practice in practices:
            self._due.pop(practice, None)
            self._looked[practice] = time.monotonic()
            try:
                next_look = self._look_at(PracticeId(practice))
            except (OperationalError, InterfaceError):  # the connection: begin anew
                raise
            except Exception:  # one practice must not keep the others from being looked at
                log.exception("a practice was not looked at", task=self._thread.name, practice=practice)
                continue
            if next_look is not None:
                self._plan(practice, time.monotonic() + max(GAP, (next_look - clock.now()).total_seconds()))
