"""The trail for owners: who did what, filtered; who has seen a patient; and all of it as a file."""

from __future__ import annotations

from typing import cast
from uuid import UUID

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.utils.translation import get_language
from django.views.decorators.http import require_GET

from sprechzeit import clock
from sprechzeit.audit.export import begin_export, exported
from sprechzeit.audit.read import following_intakes
from sprechzeit.audit.words import KINDS
from sprechzeit.errors import Invalid
from sprechzeit.patients.trail import Look, look_at_trail, who_has_seen_patient
from sprechzeit.practices.models import Practice
from sprechzeit.staff.permissions import Permission
from sprechzeit.staff.session import Session
from sprechzeit.web.desk.door import desk_page, for_members
from sprechzeit.web.desk.moment import read_number
from sprechzeit.web.desk.trail_csv import csv_lines
from sprechzeit.web.desk.trail_filter import Filter
from sprechzeit.web.desk.trail_rows import Names, row_of


@require_GET
@for_members(Permission.TRAIL)
def trail(request: HttpRequest, session: Session, practice: Practice) -> HttpResponse:
    asked = Filter.read(request.GET)
    names = Names.of(session)
    before = read_number(request.GET.get("vor"))
    look, error = Look([], {}, older=False), None
    try:
        look = look_at_trail(session.keys, session.actor, practice, asked.wanted(), before=before)
    except Invalid as invalid:
        error = invalid
    context = {
        **_table(look, practice, names, asked),
        "asked": asked,
        "errors": {error.field: error.message} if error else {},
        "members": _choices(names, asked),
        "kinds": [(word, name) for word, (name, _actions) in KINDS.items()],
        "patient_name": look.names.get(UUID(asked.patient)) if asked.patient and not error else "",
        "begins": before is None,
    }
    return desk_page(request, "desk/trail.html", context, practice=practice, status=error.status if error else 200)


@require_GET
@for_members(Permission.TRAIL)
def trail_patient(request: HttpRequest, session: Session, practice: Practice, patient: UUID) -> HttpResponse:
    before = read_number(request.GET.get("vor"))
    seen = who_has_seen_patient(session.keys, session.actor, practice, patient, before=before)
    names = Names.of(session)
    by = [
        (names.actor(one.actor_kind, one.actor), one.count, one.last.astimezone(practice.zone), one.actor)
        for one in seen.by
    ]
    context = {
        **_table(seen.look, practice, names, Filter()),
        "patient": patient,
        "patient_name": seen.name,
        "by": by,
        "begins": before is None,
    }
    return desk_page(request, "desk/trail_patient.html", context, practice=practice)


@require_GET
@for_members(Permission.TRAIL, step_up=True)
def trail_csv(request: HttpRequest, session: Session, practice: Practice) -> HttpResponse:
    """The same events as a file, without patients' names: identifiers are enough to prove something with it."""
    wanted = following_intakes(practice, Filter.read(request.GET).wanted())
    before = begin_export(practice, session.actor, wanted)
    events = exported(practice, wanted, before)
    name = f"protokoll-{practice.slug}-{clock.now().astimezone(practice.zone):%Y-%m-%d}.csv"
    answer = StreamingHttpResponse(
        csv_lines(events, practice, Names.of(session), get_language() or "de"),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
    return cast(HttpResponse, answer)  # the doors only look at its headers


def _table(look: Look, practice: Practice, names: Names, asked: Filter) -> dict[str, object]:
    rows = [row_of(event, practice, names, look.names) for event in look.events]
    older = asked.query(vor=str(rows[-1].number)) if look.older else ""
    return {"rows": rows, "older": older}


def _choices(names: Names, asked: Filter) -> list[tuple[str, str]]:
    """Who may be filtered by: the team by name, the others as groups; and who is filtered by now."""
    team = sorted(((name, member) for member, name in names.members.items()), key=lambda one: one[0].casefold())
    choices = [(member, name or "—") for name, member in team]
    choices += [(word, str(name)) for word, (name, _kinds) in Filter.NOBODY_OF_THE_TEAM.items()]
    if asked.wer and asked.wer not in dict(choices):
        kind = "token" if asked.wer in names.tokens else "member"
        choices.append((asked.wer, names.actor(kind, asked.wer)))
    return choices
