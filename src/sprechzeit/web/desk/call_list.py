"""A clinician falls ill: the list of who must be told, with suggestions, and many moved with one confirmation."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, replace

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from sprechzeit.booking.affected import Affects
from sprechzeit.booking.call_list import CallList, call_list, called
from sprechzeit.booking.move_many import Outcome, move_many
from sprechzeit.booking.propose import Away
from sprechzeit.errors import Invalid
from sprechzeit.furnishing.exception import enter_exception
from sprechzeit.practices.directory import resources_of
from sprechzeit.practices.models import Practice
from sprechzeit.staff.permissions import Permission
from sprechzeit.staff.session import Session
from sprechzeit.timetable.expand import Exceptional
from sprechzeit.timetable.spans import Span
from sprechzeit.web.desk.call_list_form import Asked, Filled, away_asked, read_asked, read_filled
from sprechzeit.web.desk.call_list_rows import Result, result_of, row_of, whom
from sprechzeit.web.desk.door import desk_page, for_members
from sprechzeit.web.desk.undo_bar import undo_of


@dataclass(frozen=True)
class Done:
    """What the last confirmation did: results in order, and whether the absence was entered with it."""

    results: tuple[Result, ...] = ()
    failed: tuple[Result, ...] = ()
    entered: bool = False


@require_http_methods(["GET", "POST"])
@for_members(Permission.BOOK)
def show(request: HttpRequest, session: Session, practice: Practice) -> HttpResponse:
    asked = read_asked(request, practice)
    filled, done, found, error = Filled(), Done(), None, None
    try:
        away = away_asked(asked, session.practice, practice.zone)
        if away is not None:
            if request.method == "POST":
                filled = read_filled(request.POST)
                if "bestaetigen" in request.POST:
                    done = _carry_out(session, practice, away, filled)
                    filled = _still_open(filled, done)
            found = call_list(session.keys, session.actor, practice, away)
    except Invalid as invalid:
        error = invalid
    return _page(request, session, practice, asked, found, filled, done, error)


def _carry_out(session: Session, practice: Practice, away: Away, filled: Filled) -> Done:
    """The absence first, so that nothing is offered while the appointments move."""
    changes = filled.changes()
    if filled.enter_absence:
        _enter_absence(session, away)
    outcomes = move_many(session.practice, session.actor, changes, key=filled.key)
    names = whom(resources_of(session.practice))
    people = called(session.keys, session.actor, [one.change.appointment for one in outcomes])
    told = [result_of(one, people, practice, names) for one in outcomes]
    pairs: list[tuple[Outcome, Result]] = list(zip(outcomes, told, strict=True))
    return Done(
        tuple(result for outcome, result in pairs if outcome.error is None),
        tuple(result for outcome, result in pairs if outcome.error is not None),
        filled.enter_absence,
    )


def _enter_absence(session: Session, away: Away) -> None:
    """Whoever asks has the appointments before their eyes; what comes in between stands on the page that follows."""
    exceptional = Exceptional("absence", Span(away.during.start, away.during.end))
    try:
        enter_exception(session.practice, session.actor, exceptional, resource=away.resource)
    except Affects as affects:
        enter_exception(
            session.practice, session.actor, exceptional, resource=away.resource, agreed=affects.agreement
        )  # fmt: skip  # lines grouped by hand


def _still_open(filled: Filled, done: Done) -> Filled:
    """What was typed for those that were not done stays; a choice that failed is to be made anew."""
    moved = {result.appointment for result in done.results}
    failed = {result.appointment for result in done.failed}
    return replace(
        filled,
        chosen={one: choice for one, choice in filled.chosen.items() if one not in moved | failed},
        enter_absence=False,
    )


def _page(
    request: HttpRequest,
    session: Session,
    practice: Practice,
    asked: Asked,
    found: CallList | None,
    filled: Filled,
    done: Done,
    error: Invalid | None,
) -> HttpResponse:
    resources = resources_of(session.practice)
    names = whom(resources)
    problems = {result.appointment: result.problem for result in done.failed}
    take_all = "alle" in request.POST
    rows = [row_of(call, practice, names, filled, problems, take_all=take_all) for call in found.calls] if found else []
    context = {
        "asked": asked,
        "resources": resources,
        "resource_name": next((one.name for one in resources if found and one.id == found.away.resource), ""),
        "found": found,
        "rows": rows,
        "there": [row_of(call, practice, names, filled, problems) for call in found.there] if found else [],
        "without": sum(1 for row in rows if not row.choices),
        "done": done,
        "enter_absence": filled.enter_absence or request.method == "GET",
        "take_all": take_all,
        "undo": undo_of(session) if done.results else None,
        "error": error,
        "key": secrets.token_urlsafe(16),
    }
    status = error.status if error else 409 if done.failed else 200
    return desk_page(request, "desk/call_list.html", context, practice=practice, status=status)
