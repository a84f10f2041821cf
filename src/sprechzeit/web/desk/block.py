"""Block time of a resource, change it, give it free again."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from sprechzeit.booking.affected import who_comes
from sprechzeit.booking.block import change_block, make_block, remove_block
from sprechzeit.booking.block_note import look_at_block
from sprechzeit.booking.day import Entry
from sprechzeit.booking.errors import BlockNotFound, TimeInUse
from sprechzeit.booking.models import Block
from sprechzeit.booking.occupy import Span
from sprechzeit.errors import DomainError, Invalid
from sprechzeit.identifiers import ResourceId
from sprechzeit.practices.directory import resources_of
from sprechzeit.practices.models import Practice
from sprechzeit.staff.permissions import Permission
from sprechzeit.staff.session import Session
from sprechzeit.web.desk.door import desk_page, for_members
from sprechzeit.web.desk.moment import read_iso, read_moment, read_number

USUAL = timedelta(minutes=60)
FIELDS = ("bei", "tag", "von", "bis", "wofuer")


@require_http_methods(["GET", "POST"])
@for_members(Permission.BOOK)
def new_block(request: HttpRequest, session: Session, practice: Practice) -> HttpResponse:
    """The form; a cell or a stretch of cells fills it (``start``, ``ende``, ``bei``)."""
    if request.method == "GET":
        return _form(request, session, practice, _prefilled(request.GET, practice))
    form = request.POST
    try:
        resource, span = _asked(form, practice)
        note, key = form.get("wofuer", ""), form.get("key", "")
        made = make_block(session.keys, session.actor, resource, span, note, key=key)
    except DomainError as error:
        return _form(request, session, practice, _typed(form), error=error)
    return _back(request, practice, made.starts_at, made.id)


@require_GET
@for_members(Permission.CALENDAR)
def show_block(request: HttpRequest, session: Session, practice: Practice, block: UUID) -> HttpResponse:
    found, note = look_at_block(session.keys, session.actor, block)
    return _form(request, session, practice, _values(found, note, practice), found=found)


@require_POST
@for_members(Permission.BOOK)
def change(request: HttpRequest, session: Session, practice: Practice, block: UUID) -> HttpResponse:
    """Refused, the form keeps what was typed; its version is the newest, so that sending it again is deliberate."""
    form = request.POST
    try:
        resource, span = _asked(form, practice)
        note = form.get("wofuer", "")
        version, key = read_number(form.get("version")) or 0, form.get("key", "")
        made = change_block(session.keys, session.actor, block, resource, span, note, version=version, key=key)
    except BlockNotFound:
        raise
    except DomainError as error:
        found, note = look_at_block(session.keys, session.actor, block)
        now = _values(found, note, practice)
        return _form(request, session, practice, _typed(form), found=found, error=error, now=now)
    return _back(request, practice, made.starts_at, made.id)


@require_POST
@for_members(Permission.BOOK)
def remove(request: HttpRequest, session: Session, practice: Practice, block: UUID) -> HttpResponse:
    version = read_number(request.POST.get("version")) or 0
    start = remove_block(session.practice, session.actor, block, version=version, key=request.POST.get("key", ""))
    return _back(request, practice, start, None)


def _asked(form: QueryDict, practice: Practice) -> tuple[ResourceId, Span]:
    """What the form asks for; until midnight is until the end of that day."""
    resource = read_number(form.get("bei"))
    if resource is None:
        raise Invalid(_("Bitte treffen Sie eine Auswahl."), field="resource")
    start = read_moment(form.get("tag"), form.get("von"), practice.zone)
    end = read_moment(form.get("tag"), form.get("bis"), practice.zone)
    if form.get("bis") == "00:00":
        end = (end.astimezone(practice.zone) + timedelta(days=1)).astimezone(end.tzinfo)
    return ResourceId(resource), Span(start, end)


def _typed(form: QueryDict) -> dict[str, str]:
    return {name: form.get(name, "") for name in FIELDS}


def _values(found: Block, note: str, practice: Practice) -> dict[str, str]:
    start, end = found.starts_at.astimezone(practice.zone), found.ends_at.astimezone(practice.zone)
    values = (str(found.resource_id), f"{start:%Y-%m-%d}", f"{start:%H:%M}", f"{end:%H:%M}", note)
    return dict(zip(FIELDS, values, strict=True))


def _prefilled(asked: QueryDict, practice: Practice) -> dict[str, str]:
    values = _typed(asked)
    try:
        start = read_iso(asked.get("start")).astimezone(practice.zone)
        end = read_iso(asked.get("ende")).astimezone(practice.zone) if asked.get("ende") else start + USUAL
    except Invalid:
        return values
    return {**values, "tag": f"{start:%Y-%m-%d}", "von": f"{start:%H:%M}", "bis": f"{end:%H:%M}"}


def _form(
    request: HttpRequest,
    session: Session,
    practice: Practice,
    values: dict[str, str],
    *,
    found: Block | None = None,
    error: DomainError | None = None,
    now: dict[str, str] | None = None,
) -> HttpResponse:
    in_the_way: Sequence[Entry] = ()
    if isinstance(error, TimeInUse):
        in_the_way = who_comes(session.keys, session.actor, error.appointments)
    context = {
        "blocked": found,
        "values": values,
        "chosen": read_number(values["bei"]),
        "resources": resources_of(session.practice),
        "error": error,
        "now": now if now != values else None,
        "in_the_way": in_the_way,
        "key": secrets.token_urlsafe(16),
    }
    return desk_page(request, "desk/block.html", context, practice=practice, status=error.status if error else 200)


def _back(request: HttpRequest, practice: Practice, start: datetime, block: UUID | None) -> HttpResponse:
    """The day, at the block's place; a script that shows the day already is told to look again."""
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204, headers={"HX-Trigger": "desk:refresh"})
    place = f"#b-{block}" if block else ""
    return redirect(f"{reverse('desk:day')}?tag={start.astimezone(practice.zone):%Y-%m-%d}{place}")
