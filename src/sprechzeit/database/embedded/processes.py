"""The server's processes: which ones are ours, start one, end all.

They are told by the cluster's name, which PostgreSQL puts into the title of each. A process number alone
proves nothing: after a crash it may be somebody else's, or a dead child's that nobody reaps (containers).
"""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

from sprechzeit.database.embedded.create import CLEAN_ENVIRONMENT
from sprechzeit.database.embedded.failures import EmbeddedError
from sprechzeit.database.embedded.place import Place

_PROC = Path("/proc")
# The shell ends at once: the server is nobody's child and never the zombie of a process that lives long.
_DETACH = '"$@" >&2 & echo $!'


def launch(place: Place, programs: Path) -> int:
    """Start the postmaster in its own session, out of reach of the terminal's Ctrl-C; returns its number."""
    options = (f"config_file={place.config / 'postgresql.conf'}", f"cluster_name={place.marker}")
    command = [str(programs / "postgres"), "-D", str(place.data), "-c", options[0], "-c", options[1]]
    with place.log.open("ab") as log:
        done = subprocess.run(  # noqa: S603 - our own program and arguments
            ["/bin/sh", "-c", _DETACH, "sh", *command],
            env=CLEAN_ENVIRONMENT,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=log,
            check=True,
            start_new_session=True,
            **place.run_as_server(),
        )
    return int(done.stdout)


def postmaster(place: Place) -> int | None:
    """Number of the running postmaster of this cluster."""
    for pid, command in _ours(place):
        if not command.startswith("postgres: "):
            return pid
    return None


def cluster_processes(place: Place) -> list[int]:
    """Numbers of all living processes of this cluster."""
    return [pid for pid, _command in _ours(place)]


def status(place: Place, pid: int) -> str:
    """What the postmaster says of itself: ``starting``, ``ready``, ``stopping``; at first nothing."""
    lines = _pid_file(place)
    return lines[7].strip() if len(lines) > 7 and lines[0].strip() == str(pid) else ""


def lives(pid: int) -> bool:
    """Whether the process exists and is more than an unreaped zombie."""
    try:
        os.kill(pid, 0)
        after_name = (_PROC / str(pid) / "stat").read_bytes().rpartition(b")")[2]
    except ProcessLookupError:
        return False
    except FileNotFoundError:  # gone meanwhile, or a system without /proc
        return not _PROC.joinpath("self").exists()
    except PermissionError:
        return True
    return after_name.split()[0] not in {b"Z", b"X"}


def end(place: Place, patience: float = 120) -> None:
    """Fast shutdown: sessions are broken off, the data are written; harder means after ``patience`` seconds.

    Raises
    ------
    EmbeddedError
        A process does not even end when killed (a disk that hangs).
    """
    if pid := postmaster(place):
        _signal(pid, signal.SIGINT)
        if _gone(place, patience):
            return
    for hard, seconds in ((signal.SIGQUIT, 5), (signal.SIGKILL, 5)):
        for pid, _command in _ours(place):
            _signal(pid, hard)
        if _gone(place, seconds):
            return
    raise EmbeddedError("PostgreSQL's processes do not end; look for a disk that hangs.")


def forget_dead(place: Place) -> None:
    """Remove what a killed server left, unless the process number in it is another postmaster's."""
    lines = _pid_file(place)
    number = lines[0].strip() if lines else ""
    if number.isdigit() and "/postgres -D " in _command_of(int(number)):
        return
    socket = place.socket_dir / ".s.PGSQL.5432"
    for path in (place.data / "postmaster.pid", socket, socket.with_name(socket.name + ".lock")):
        path.unlink(missing_ok=True)


def _pid_file(place: Place) -> list[str]:
    try:
        return (place.data / "postmaster.pid").read_text(encoding="utf-8", errors="replace").splitlines()
    except FileNotFoundError:
        return []


def _signal(pid: int, number: signal.Signals) -> None:
    with suppress(ProcessLookupError):
        os.kill(pid, number)


def _gone(place: Place, seconds: float) -> bool:
    return wait_until(lambda: next(_ours(place), None) is None, seconds)


def wait_until(true: Callable[[], bool], seconds: float) -> bool:
    """Ask again and again, at first quickly; whether it became true in time."""
    end_at = time.monotonic() + seconds
    pause = 0.01
    while not true():
        if time.monotonic() > end_at:
            return False
        time.sleep(pause)
        pause = min(pause * 1.5, 0.25)
    return True


def _ours(place: Place) -> Iterator[tuple[int, str]]:
    title, argument = f"postgres: {place.marker}: ", f"cluster_name={place.marker}"
    for pid, command in _commands(place.uid):
        if command.startswith(title) or (
            "/postgres -D " in command and not command.startswith("/bin/sh ") and argument in command.split()
        ):
            yield pid, command


def _commands(uid: int) -> Iterator[tuple[int, str]]:
    if not _PROC.joinpath("self").exists():
        yield from _commands_by_ps("-U", str(uid))
        return
    for entry in _PROC.iterdir():
        if entry.name.isdigit():
            with suppress(OSError):  # it ended meanwhile
                if entry.stat().st_uid == uid:
                    yield int(entry.name), _command_of(int(entry.name))


def _command_of(pid: int) -> str:
    if not _PROC.joinpath("self").exists():
        return next((command for _pid, command in _commands_by_ps("-p", str(pid))), "")
    try:
        return (_PROC / str(pid) / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    except OSError:
        return ""


def _commands_by_ps(*which: str) -> Iterator[tuple[int, str]]:
    done = subprocess.run(  # noqa: S603 - our own arguments
        ["/bin/ps", "-ww", *which, "-o", "pid=,command="], capture_output=True, text=True, check=False
    )
    for line in done.stdout.splitlines():
        pid, _, command = line.strip().partition(" ")
        yield int(pid), command.strip()
