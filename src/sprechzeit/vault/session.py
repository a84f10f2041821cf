"""Split sessions: neither the session's row nor the browser's cookie opens anything without the other."""

from __future__ import annotations

import os
from dataclasses import dataclass

from sprechzeit.vault.box import KEY_SIZE, close_box, open_box
from sprechzeit.vault.framing import frame
from sprechzeit.vault.secret import Secret, require_length

LABEL = b"sprechzeit/v1/session"


@dataclass(frozen=True, slots=True)
class Split:
    """``row`` goes into the session's row, ``cookie_key`` (32 bytes) into the cookie and nowhere else."""

    row: bytes
    cookie_key: Secret


def split(bundle: Secret, session: bytes) -> Split:
    """Close the bundle under a new random key, for this session only (``session``: its identifier)."""
    cookie_key = Secret(os.urandom(KEY_SIZE))
    return Split(row=close_box(cookie_key, bundle, _purpose(session)), cookie_key=cookie_key)


def split_also(bundle: Secret, cookie_key: Secret, session: bytes) -> bytes:
    """The row of another bundle under the same cookie: a member of two practices has one cookie and two rows."""
    return close_box(cookie_key, bundle, _purpose(session))


def join(row: bytes, cookie_key: Secret, session: bytes) -> Secret:
    """The bundle, if row, cookie and session belong together; otherwise ``CannotOpen``."""
    require_length(cookie_key, KEY_SIZE, "a cookie key")
    return open_box(cookie_key, row, _purpose(session))


def _purpose(session: bytes) -> bytes:
    if not session:
        raise ValueError("a session needs an identifier")
    return frame(LABEL, session)
