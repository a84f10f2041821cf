"""The worker's thread that mails alarms: woken by LISTEN/NOTIFY in the moment that one is raised, and by the clock.

What was raised while no worker ran, and what a mail server did not take, is looked for at the start, whenever the
connection was lost, and every ten minutes.
"""

from __future__ import annotations

import threading
import time

import psycopg
import structlog
from django.db import DatabaseError, InterfaceError, connections

from sprechzeit.database.connections import direct_parameters
from sprechzeit.database.roles import Role
from sprechzeit.database.tenancy import current_alias, wearing
from sprechzeit.guard.alarm import CHANNEL
from sprechzeit.guard.mail_alarms import mail_alarms
from sprechzeit.identifiers import PracticeId
from sprechzeit.practices.models import Practice

EVERYTHING = 600.0  # seconds
WAIT = 1.0
RETRY = 10.0
log = structlog.get_logger("sprechzeit.alarm")


class Watcher:
    """``start`` begins the thread, ``stop`` ends it after the mail it has in hand."""

    def __init__(self) -> None:
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, name="alarms", daemon=True)
        self._due: dict[int | None, float] = {}  # practice (None: the host) and when, in monotonic seconds
        self._everything_at = 0.0
        self.is_listening = threading.Event()

    def start(self) -> None:
        self._thread.start()

    def stop(self, patience: float = 15.0) -> None:
        self._stopped.set()
        self._thread.join(patience)

    def _run(self) -> None:
        with wearing(Role.WORKER):
            while not self._stopped.is_set():
                try:
                    with psycopg.connect(**direct_parameters(current_alias()), autocommit=True) as connection:
                        connection.execute(f"listen {CHANNEL}")
                        self.is_listening.set()
                        self._everything_at = 0.0
                        while not self._stopped.is_set():
                            self._look()
                            for note in connection.notifies(timeout=WAIT, stop_after=1):
                                self._due[int(note.payload) if note.payload else None] = 0.0
                except (psycopg.Error, DatabaseError, InterfaceError):
                    log.warning("the watcher of alarms lost its connection", exc_info=True)
                    self._stopped.wait(WAIT)
                finally:
                    self.is_listening.clear()
                    connections[current_alias()].close()

    def _look(self) -> None:
        now = time.monotonic()
        if now >= self._everything_at:
            self._everything_at = now + EVERYTHING
            everybody: list[int | None] = [None, *Practice.objects.order_by("id").values_list("id", flat=True)]
            self._due |= dict.fromkeys(everybody, now)
        for practice in [one for one, moment in self._due.items() if moment <= now]:
            if self._stopped.is_set():
                return
            del self._due[practice]
            if not mail_alarms(PracticeId(practice) if practice is not None else None):
                self._due[practice] = now + RETRY
