"""Start, stop and reach one embedded PostgreSQL."""

from __future__ import annotations

import fcntl
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import psycopg

from sprechzeit.database import roles
from sprechzeit.database.embedded import folders, processes
from sprechzeit.database.embedded.binaries import installed_programs, programs_for
from sprechzeit.database.embedded.create import create, is_created
from sprechzeit.database.embedded.failures import EmbeddedError, failure_in, failures_told
from sprechzeit.database.embedded.place import PORT, find_place
from sprechzeit.database.embedded.rules import SUPERUSER, check_settings, write_rules

START_SECONDS = 600.0  # replaying the log of a crash can take minutes
ANSWER_SECONDS = 10.0
LARGEST_LOG = 10_000_000  # bytes


def silently(line: str) -> None:
    """The progress of those who want none."""


def _encoded(text: str) -> str:
    return quote(text, safe="")


class EmbeddedServer:
    """The server whose data lie in ``folder``. Making one costs nothing and changes nothing.

    Parameters
    ----------
    folder
        Everything that the server writes is in here (as root below a closed parent: ``/var/lib/sprechzeit``).
    settings
        PostgreSQL's names and values, over our defaults of memory; they count from the next real start.

    Raises
    ------
    ValueError
        For a setting that would open the server to others or let statements into its log.
    """

    port = PORT

    def __init__(self, folder: Path, *, settings: Mapping[str, str] | None = None) -> None:
        self.place = find_place(folder)
        self.settings = check_settings(settings or {})

    @property
    def socket_dir(self) -> Path:
        return self.place.socket_dir

    def url(self, role: str, database: str) -> str:
        """``postgresql://role@/database?host=<socket folder>``, percent-encoded.

        Below ``/tmp`` it also names the user that must be at the other end of the socket.
        """
        url = f"postgresql://{_encoded(role)}@/{_encoded(database)}?host={_encoded(str(self.socket_dir))}"
        if self.socket_dir.parent != self.place.home:
            url += f"&requirepeer={_encoded(self.place.server_user())}"
        return url

    def program(self, name: str) -> Path:
        """A client program of this version (``psql``, ``pg_dump``, ``pgbench``); raises ``EmbeddedError``."""
        return installed_programs() / name

    def is_running(self) -> bool:
        """Whether the server is up and takes connections."""
        with failures_told():
            pid = processes.postmaster(self.place)
            return pid is not None and processes.status(self.place, pid) == "ready"

    def start(self, progress: Callable[[str], None] = silently) -> None:
        """Start unless it runs already; create at first, recover after a crash; wait until it answers.

        Raises
        ------
        EmbeddedError
            With one line for people.
        """
        with self._alone(progress):
            if self._adopted(progress):
                return
            processes.end(self.place, patience=0)  # orphans of a postmaster that was killed
            folders.check_space(self.place)
            folders.make_private(self.place)
            processes.forget_dead(self.place)
            programs = programs_for(self.place, progress)
            if not is_created(self.place):
                progress("Creating the database cluster")
                create(self.place, programs)
            write_rules(self.place, self.settings)
            self._launch(programs, progress)

    def stop(self) -> None:
        """Stop it, if it runs, and wait until its last process has gone.

        Raises
        ------
        EmbeddedError
            With one line for people.
        """
        if not self.place.home.exists():
            return
        with self._alone(silently):
            # PostgreSQL 18.4 hangs when told to stop while it recovers from a crashed session.
            processes.wait_until(lambda: not self._recovers(), ANSWER_SECONDS)
            processes.end(self.place)

    def erase(self) -> None:
        """Stop it and delete everything it ever wrote, wherever that lies. Raises ``EmbeddedError``."""
        self.stop()
        with failures_told():
            folders.erase(self.place)

    def ensure_roles_and_database(self, database: str) -> None:
        """Create the application's roles and a database where they are missing. Raises psycopg's errors."""
        url = self.url(SUPERUSER, "postgres")
        with self._alone(silently), psycopg.connect(url, autocommit=True) as connection:
            roles.ensure_roles(connection)
            roles.ensure_database(connection, database)

    @contextmanager
    def _alone(self, progress: Callable[[str], None]) -> Iterator[None]:
        """One process at a time changes the state of this server."""
        with failures_told():
            folders.make_home(self.place, progress)
            with (self.place.home / folders.LOCK).open("w") as lock:
                try:
                    fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                except BlockingIOError:
                    progress("Waiting for another start or stop of the same server")
                    fcntl.flock(lock, fcntl.LOCK_EX)
                yield

    def _adopted(self, progress: Callable[[str], None]) -> bool:
        pid = processes.postmaster(self.place)
        if pid is None or not self._becomes_ready(pid, progress):
            return False
        if processes.wait_until(self._answers, ANSWER_SECONDS):
            return True
        processes.end(self.place)  # it lives but cannot be reached: somebody deleted its socket
        return False

    def _launch(self, programs: Path, progress: Callable[[str], None]) -> None:
        log = self.place.log
        if log.exists() and log.stat().st_size > LARGEST_LOG:
            log.replace(log.with_name("postgres.log.1"))
        before = log.stat().st_size if log.exists() else 0
        progress("Starting PostgreSQL")
        pid = processes.launch(self.place, programs)
        if not self._becomes_ready(pid, progress):
            with log.open("rb") as written:
                written.seek(before)
                raise failure_in(written.read().decode("utf-8", errors="replace"))
        if not processes.wait_until(self._answers, ANSWER_SECONDS):
            raise EmbeddedError("PostgreSQL runs but refuses this user; its log may tell why.")

    def _becomes_ready(self, pid: int, progress: Callable[[str], None]) -> bool:
        """Wait while it starts; ``False`` when it ended instead."""
        told = time.monotonic()

        def decided() -> bool:
            nonlocal told
            if time.monotonic() - told > 5:
                told = time.monotonic()
                progress("PostgreSQL is still recovering its data or shutting down")
            return not processes.lives(pid) or processes.status(self.place, pid) == "ready"

        if not processes.wait_until(decided, START_SECONDS):
            raise EmbeddedError(f"PostgreSQL was not ready after {START_SECONDS / 60:.0f} minutes.")
        return processes.lives(pid)

    def _recovers(self) -> bool:
        if processes.postmaster(self.place) is None:
            return False
        try:
            psycopg.connect(self.url(SUPERUSER, "postgres"), connect_timeout=5).close()
        except psycopg.OperationalError as error:  # libpq hands over no SQLSTATE here; lc_messages is C
            return any(words in str(error) for words in ("recovery mode", "starting up", "not yet accepting"))
        return False

    def _answers(self) -> bool:
        try:
            with psycopg.connect(self.url(SUPERUSER, "postgres"), connect_timeout=5) as connection:
                connection.execute("select 1")
        except psycopg.OperationalError:
            return False
        return True
