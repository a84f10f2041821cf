"""WebAuthn challenges: random, single use, short-lived (Web Authentication Level 3, section 13.4.3)."""

from __future__ import annotations

import secrets
from datetime import timedelta
from uuid import UUID

from sprechzeit import clock
from sprechzeit.staff.errors import LoginRefused
from sprechzeit.staff.models import Challenge

LIFETIME = timedelta(minutes=5)


def issue(purpose: str) -> Challenge:
    """A new challenge for ``purpose`` ("login" or "register")."""
    return Challenge.objects.create(value=secrets.token_bytes(32), purpose=purpose, expires_at=clock.now() + LIFETIME)


def consume(challenge: str, purpose: str) -> bytes:
    """The challenge's value; afterwards it is gone.

    Raises
    ------
    LoginRefused
        It was never issued, is used, has expired or was issued for something else.
    """
    try:
        wanted = UUID(challenge)
    except (ValueError, AttributeError, TypeError):
        raise LoginRefused from None
    found = Challenge.objects.filter(id=wanted, purpose=purpose).first()
    deleted, _ = Challenge.objects.filter(id=wanted).delete()
    if found is None or not deleted or found.expires_at <= clock.now():
        raise LoginRefused
    return bytes(found.value)
