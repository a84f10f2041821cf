"""Rate limits, counted in PostgreSQL: no further server, and the same count for all processes.

All limits stand here. They are wide enough for a practice behind one address and for a telephone network whose
customers share one, and narrow enough that guessing a 128-bit secret or a passkey stays hopeless. A fixed window each:
cheap, and at worst twice the limit passes around its end.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connections

from sprechzeit import clock
from sprechzeit.database.tenancy import current_alias
from sprechzeit.guard.alarm import raise_alarm
from sprechzeit.guard.errors import TooMany
from sprechzeit.guard.rules import TRIES

# One statement: two at once cannot both be the last that passes.
SPEND = """
    insert into rate_counter as counter (bucket, hits, ends_at) values (%(bucket)s, 1, %(ends_at)s)
    on conflict (bucket) do update set
        hits = case when counter.ends_at <= %(now)s then 1 else counter.hits + 1 end,
        ends_at = case when counter.ends_at <= %(now)s then excluded.ends_at else counter.ends_at end
    returning hits, ends_at
"""
PEEK = "select hits, ends_at from rate_counter where bucket = %s and ends_at > %s"
FORGET = "delete from rate_counter where ends_at <= %s"


@dataclass(frozen=True)
class Limit:
    """At most ``most`` hits in ``span`` for one of whatever is counted."""

    name: str
    most: int
    span: timedelta
    of_site: bool = False


LOGIN_BY_ADDRESS = Limit("login-address", 30, timedelta(minutes=5))
LOGIN_BY_CREDENTIAL = Limit("login-credential", 10, timedelta(minutes=15))  # failures only
LOGIN_OF_SITE = Limit("login-site", 3000, timedelta(minutes=5), of_site=True)
SECRET_BY_ADDRESS = Limit("secret-address", 30, timedelta(minutes=15))  # wrong invitations, sheets and tokens
MANAGE_BY_ADDRESS = Limit("manage-address", 60, timedelta(minutes=15))  # wrong manage links
BOOKING_BY_ADDRESS = Limit("booking-address", 60, timedelta(minutes=10))
BOOKING_OF_SITE = Limit("booking-site", 20_000, timedelta(minutes=10), of_site=True)
CODE_BY_ADDRESS = Limit("code-address", 30, timedelta(minutes=15))  # tried codes of a practice
UNPROVED_BY_ADDRESS = Limit("unproved-address", 6, timedelta(minutes=30))  # bookings without proof of work
NUMBER_BY_ADDRESS = Limit("number-address", 10, timedelta(minutes=60))  # drawn for open consultations
WHOLE_SITE = "*"


def spend(limit: Limit, of: str) -> None:
    """Count one hit of ``of`` (an address, a credential, ``WHOLE_SITE``). Needs to stand outside of any transaction.

    Raises
    ------
    TooMany
        This hit is over the limit.
    """
    if not settings.RATE_LIMITS:
        return
    now = clock.now()
    values: dict[str, bytes | datetime] = {"bucket": _bucket(limit, of), "now": now, "ends_at": now + limit.span}
    with connections[current_alias()].cursor() as cursor:
        cursor.execute(SPEND, values)
        hits, ends_at = cursor.fetchone()
    if hits == limit.most + 1:
        raise_alarm(TRIES.name, cause=limit.name)
    if hits > limit.most:
        raise TooMany(max(1, int((ends_at - now).total_seconds())))


def require_left(limit: Limit, of: str) -> None:
    """Refuse when the limit is used up, without counting while it is not: for limits on failures only.

    The first try beyond it is what raises the alarm; it is counted for that.

    Raises
    ------
    TooMany
    """
    if not settings.RATE_LIMITS:
        return
    now = clock.now()
    with connections[current_alias()].cursor() as cursor:
        cursor.execute(PEEK, [_bucket(limit, of), now])
        found = cursor.fetchone()
    if found and found[0] >= limit.most:
        spend(limit, of)


def forget_counters() -> int:
    """Delete what has run out; tell how many."""
    with connections[current_alias()].cursor() as cursor:
        cursor.execute(FORGET, [clock.now()])
        return int(cursor.rowcount)


def _bucket(limit: Limit, of: str) -> bytes:
    return hmac.digest(settings.SECRET_KEY.encode(), f"{limit.name}\0{of}".encode(), hashlib.sha256)
