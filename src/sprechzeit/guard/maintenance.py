"""Whether the server is closed for maintenance: a file beside the data, because the database may be away meanwhile.

Every process looks at it at most once a second. With several machines it is switched on each of them.
"""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from sprechzeit import clock

NAME = "maintenance.json"
FRESH = 1.0  # seconds: so soon every process knows
LONGEST = 300  # characters of the message
SOONEST, USUAL = 30, 300  # seconds until a visitor's program should ask again
LONGEST_BREAK = timedelta(days=2)
_seen: dict[Path, tuple[float, Maintenance | None]] = {}


@dataclass(frozen=True)
class Maintenance:
    """Closed since a moment, for visitors perhaps until another (both aware), with a sentence of the host's."""

    since: datetime
    until: datetime | None = None
    message: str = ""

    @property
    def retry_after(self) -> int:
        """In seconds, as the header has it (RFC 9110, section 10.2.3)."""
        if self.until is None:
            return USUAL
        return max(SOONEST, int((self.until - clock.now()).total_seconds()))


def maintenance(folder: Path) -> Maintenance | None:
    """As of at most a second ago; None: the server is open. A file that cannot be read closes it too."""
    at, found = _seen.get(folder, (0.0, None))
    now = time.monotonic()
    if now - at > FRESH or not at:
        found = _read(folder / NAME)
        _seen[folder] = (now, found)
    return found


def close(folder: Path, *, until: datetime | None = None, message: str = "") -> Maintenance:
    """Close the server; again, with other words, when it is closed already.

    Raises
    ------
    ValueError
        The end is past or more than two days away, or the message is no line of at most 300 characters.
    """
    now = clock.now()
    if until is not None and not now < until <= now + LONGEST_BREAK:
        raise ValueError("the end must be in the future, and within two days")
    if len(message) > LONGEST or not message.isprintable():
        raise ValueError("the message must be one line of at most 300 characters")
    before = _read(folder / NAME)
    closed = Maintenance(before.since if before else now, until, message.strip())
    values = {
        "since": closed.since.isoformat(),
        "until": until.isoformat() if until else "",
        "message": closed.message,
    }
    fresh = folder / f"{NAME}.new"
    fresh.write_text(json.dumps(values), encoding="utf-8")
    fresh.chmod(0o644)  # every process reads it, whoever runs it; nothing in it is secret
    fresh.replace(folder / NAME)
    _seen.clear()
    return closed


def open_again(folder: Path) -> bool:
    """Open it; False when it was open."""
    was_closed = (folder / NAME).exists()
    (folder / NAME).unlink(missing_ok=True)
    _seen.clear()
    return was_closed


def _read(path: Path) -> Maintenance | None:
    try:
        values = json.loads(path.read_text(encoding="utf-8"))
        until = values["until"]
        return Maintenance(
            datetime.fromisoformat(values["since"]),
            datetime.fromisoformat(until) if until else None,
            str(values["message"]),
        )
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError):
        return Maintenance(clock.now())
