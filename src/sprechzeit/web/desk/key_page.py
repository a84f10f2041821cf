"""The practice's key: its fingerprint to compare, and the bookings that do not open with it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from sprechzeit.audit.pair import told_print
from sprechzeit.booking.unreadable import mark_unreadable, unreadable
from sprechzeit.practices.models import Practice
from sprechzeit.staff.permissions import Permission
from sprechzeit.staff.session import Session
from sprechzeit.vault import fingerprint
from sprechzeit.web.desk.door import desk_page, for_members


@require_GET
@for_members(Permission.KEYS)
def key_page(request: HttpRequest, session: Session, practice: Practice) -> HttpResponse:
    if practice.key_doubted_at is not None:
        mark_unreadable(session.keys, session.actor)
    own = fingerprint(session.keys.private_key.public)
    zone = practice.zone
    context = {
        "print": own,
        "told": told_print(session.practice),
        "is_told": told_print(session.practice) == own,
        "unreadable": [(one, one.starts_at.astimezone(zone)) for one in unreadable(session.practice)],
    }
    return desk_page(request, "desk/key.html", context, practice=practice)
