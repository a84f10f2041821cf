"""The worker's thread that delivers messages: woken by LISTEN/NOTIFY when one is put in, and by the clock.

Several workers may run; each message is one's.
"""

from __future__ import annotations

import threading
import time
from functools import cache

import psycopg
import structlog
from django.conf import settings
from django.db import DatabaseError, InterfaceError, connections

from sprechzeit.database.connections import direct_parameters
from sprechzeit.database.roles import Role
from sprechzeit.database.tenancy import current_alias, wearing
from sprechzeit.messages.channels import Channel, FileChannel, mails_folder
from sprechzeit.messages.deliver import Notifier, Outcome, deliver_due
from sprechzeit.messages.notifier_key import NotifierKeyMissing
from sprechzeit.messages.notifier_keys import NotifierKeys
from sprechzeit.messages.post import CHANNEL
from sprechzeit.messages.sms import SmsChannel
from sprechzeit.messages.smtp import SmtpChannel

POLL = 5.0  # seconds; for what becomes due by the clock, and for a note that was lost
RETRY = 2.0
PAUSES = (5.0, 15.0, 60.0)  # of a channel that is away
log = structlog.get_logger("sprechzeit.messages")


class Courier:
    """``start`` begins the thread, ``stop`` ends it after the message it has in hand."""

    def __init__(self) -> None:
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, name="messages", daemon=True)
        self._failures: dict[str, int] = {}  # in a row, by channel
        self._rests_until: dict[str, float] = {}
        self._channels = cache(channel_of)
        self.is_listening = threading.Event()

    def start(self) -> None:
        self._thread.start()

    def stop(self, patience: float = 30.0) -> None:
        self._stopped.set()
        self._thread.join(patience)

    def _run(self) -> None:
        notifier = self._wait_for_key()
        if notifier is None:
            return
        with wearing(Role.WORKER):
            while not self._stopped.is_set():
                try:
                    with psycopg.connect(**direct_parameters(current_alias()), autocommit=True) as connection:
                        connection.execute(f"listen {CHANNEL}")
                        self.is_listening.set()
                        while not self._stopped.is_set():
                            self._deliver(notifier)
                            self._hear(connection)
                except (psycopg.Error, DatabaseError, InterfaceError):
                    log.warning("the courier of messages lost its connection", exc_info=True)
                    self._stopped.wait(RETRY)
                finally:
                    self.is_listening.clear()
                    self._close()
                    connections[current_alias()].close()

    def _wait_for_key(self) -> Notifier | None:
        """Without a key nothing can be put in either; it may be made while the worker runs."""
        is_told = False
        while not self._stopped.is_set():
            try:
                return Notifier(NotifierKeys(settings.ENVIRONMENT.key_folder), self._channels)
            except (NotifierKeyMissing, OSError):
                if not is_told:
                    log.warning("no messages are sent: the notifier's key cannot be read (sprechzeit notifier-key)")
                is_told = True
                self._stopped.wait(POLL)
        return None

    def _deliver(self, notifier: Notifier) -> None:
        """A channel that is away rests; the others go on meanwhile."""
        resting = {channel for channel, until in self._rests_until.items() if until > time.monotonic()}
        away = set(resting)
        counts = deliver_due(notifier, until=self._stopped.is_set, away=away)
        if counts[Outcome.SENT]:
            log.info("messages sent", count=counts[Outcome.SENT])
            self._failures = {channel: count for channel, count in self._failures.items() if channel in away}
        for channel in away - resting:
            log.warning("a channel does not take messages now", channel=channel)
            self._close()
            failures = self._failures.get(channel, 0)
            self._rests_until[channel] = time.monotonic() + PAUSES[min(failures, len(PAUSES) - 1)]
            self._failures[channel] = failures + 1

    def _hear(self, connection: psycopg.Connection) -> None:
        """Wait for a note or the clock; a mail server's connection is not kept over a pause."""
        patience = 1.0
        waited = 0.0
        while not self._stopped.is_set() and waited < POLL:
            if next(iter(connection.notifies(timeout=patience, stop_after=1)), None) is not None:
                return
            waited += patience
            self._close()

    def _close(self) -> None:
        for way in ("smtp", "sms", "file"):
            self._channels(way).close()


def channel_of(way: str) -> Channel:
    """The channel that ``channels.way_of`` names."""
    match way:
        case "smtp":
            return SmtpChannel()
        case "sms":
            return SmsChannel()
        case _file:
            return FileChannel(mails_folder())
