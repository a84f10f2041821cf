"""Blocked time, in few words."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from sprechzeit.booking.block import make_block
from sprechzeit.booking.occupy import Span
from sprechzeit.database.roles import Role
from sprechzeit.database.tenancy import wearing
from sprechzeit.identifiers import ResourceId
from tests.factories import Made


def block_in(made: Made, start: datetime, *, hours: float = 1, note: str = "", clinician: int = 0) -> UUID:
    resource = ResourceId(made.clinicians[clinician].id)
    with wearing(Role.DESK):
        return make_block(made.keys, made.actor, resource, Span(start, start + timedelta(hours=hours)), note).id
