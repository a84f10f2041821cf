"""What can go wrong around the server, told in one line that says what to do."""

from __future__ import annotations

import errno
import re
from collections.abc import Iterator
from contextlib import contextmanager
from subprocess import SubprocessError

DISK_FULL = "The disk is full: PostgreSQL needs at least 300 MB free where its data folder lies."
FOREIGN_SERVER = "Another PostgreSQL already uses this data folder: stop it first."

_WORST = re.compile(r"(?:FATAL|PANIC):\s+(.*)")


class EmbeddedError(Exception):
    """The embedded PostgreSQL cannot do what was asked; the text is one line for people."""


@contextmanager
def failures_told() -> Iterator[None]:
    """Turn the operating system's errors into one line for people.

    Raises
    ------
    EmbeddedError
        In place of ``OSError`` and ``SubprocessError``.
    """
    try:
        yield
    except OSError as error:
        raise EmbeddedError(_line_of(error)) from error
    except SubprocessError as error:
        raise EmbeddedError(f"PostgreSQL could not be run as its own user: {error}") from error


def _line_of(error: OSError) -> str:
    where = error.filename or "the data folder of PostgreSQL"
    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return DISK_FULL
    if error.errno in {errno.EACCES, errno.EPERM}:
        return f"No permission for {where}: start as the user it belongs to, or use another data folder."
    if error.errno == errno.EROFS:
        return f"{where} cannot be written: the disk is mounted read-only."
    return f"{where} cannot be used: {error.strerror or error}."


def failure_in(output: str) -> EmbeddedError:
    """The reason in the words of a PostgreSQL program, from its last fatal line."""
    if "No space left on device" in output or "Disk quota exceeded" in output:
        return EmbeddedError(DISK_FULL)
    if 'lock file "postmaster.pid" already exists' in output:
        return EmbeddedError(FOREIGN_SERVER)
    worst = _WORST.findall(output)
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    reason = worst[-1] if worst else lines[-1] if lines else "it ended without a word"
    return EmbeddedError(f"PostgreSQL does not start: {reason}")
