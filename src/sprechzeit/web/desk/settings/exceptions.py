"""Absences, extra hours and closures: those to come, add, remove."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Literal, cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from sprechzeit import clock
from sprechzeit.furnishing.exception import enter_exception, withdraw_exception
from sprechzeit.identifiers import ResourceId
from sprechzeit.practices.directory import resources_of
from sprechzeit.practices.models import Practice
from sprechzeit.staff.permissions import Permission
from sprechzeit.staff.session import Session
from sprechzeit.timetable.expand import Exceptional
from sprechzeit.timetable.listing import coming_exceptions
from sprechzeit.timetable.models import ScheduleException
from sprechzeit.timetable.schedule_exceptions import LONGEST_LABEL
from sprechzeit.timetable.spans import Span
from sprechzeit.timetable.wall_clock import closing_moment, opening_moment, start_of_day
from sprechzeit.web.desk.door import desk_page, for_members
from sprechzeit.web.desk.moment import read_number
from sprechzeit.web.desk.settings.fields import Field, fields
from sprechzeit.web.desk.settings.saving import Refusal, attempt
from sprechzeit.web.desk.settings.typed import Typed

K = ScheduleException.Kind
KINDS = {
    K.ABSENCE: gettext_lazy("Abwesenheit"),
    K.EXTRA: gettext_lazy("Zusätzliche Sprechzeit"),
    K.CLOSURE: gettext_lazy("Schließung der Praxis"),
}
DAY = timedelta(days=1)


@require_GET
@for_members(Permission.SETTINGS)
def exceptions(request: HttpRequest, session: Session, practice: Practice) -> HttpResponse:
    return _list(request, session, practice, None)


@require_http_methods(["GET", "POST"])
@for_members(Permission.SETTINGS)
def exception_new(request: HttpRequest, session: Session, practice: Practice) -> HttpResponse:
    def save(typed: Typed, agreed: str) -> None:
        kind = typed.choice("kind", K.values)
        resource = None
        if kind != K.CLOSURE:
            resource = read_number(typed.choice("resource", [str(one.id) for one in resources_of(session.practice)]))
        label = typed.line("label", LONGEST_LABEL)
        during = _during(typed, practice)
        typed.require_sound()
        enter_exception(
            session.practice,
            session.actor,
            Exceptional(cast(Literal["absence", "extra", "closure"], kind), during),
            resource=None if resource is None else ResourceId(resource),
            label=label,
            agreed=agreed,
        )

    refusal = attempt(request, session, save) if request.method == "POST" else None
    if request.method == "POST" and refusal is None:
        return redirect(f"{reverse('desk:exceptions')}?gespeichert=1")
    kind = request.GET.get("art", "")
    stored = {"kind": kind if kind in K.values else K.ABSENCE.value, "resource": request.GET.get("bei", "")}
    context = {"fields": fields(_specs(session), request, refusal, stored), "refusal": refusal}
    return desk_page(
        request, "desk/settings/exception.html", context, practice=practice, status=refusal.status if refusal else 200
    )


@require_POST
@for_members(Permission.SETTINGS)
def exception_remove(request: HttpRequest, session: Session, practice: Practice, exception: int) -> HttpResponse:
    def save(typed: Typed, agreed: str) -> None:
        withdraw_exception(session.practice, session.actor, exception, agreed=agreed)

    refusal = attempt(request, session, save)
    if refusal is None:
        return redirect(f"{reverse('desk:exceptions')}?gespeichert=1")
    return _list(request, session, practice, refusal, removing=exception)


def _list(
    request: HttpRequest, session: Session, practice: Practice, refusal: Refusal | None, removing: int | None = None
) -> HttpResponse:
    rows = [(one, KINDS[K(one.kind)], *_shown(one, practice)) for one in coming_exceptions(session.practice)]
    context = {"exceptions": rows, "refusal": refusal, "removing": removing, "saved": "gespeichert" in request.GET}
    return desk_page(
        request, "desk/settings/exceptions.html", context, practice=practice, status=refusal.status if refusal else 200
    )


def _shown(row: ScheduleException, practice: Practice) -> tuple[date | None, date | None, bool]:
    """First and last local day, and whether these are whole days."""
    zone = practice.zone
    start = row.during.lower.astimezone(zone) if row.during.lower else None
    end = row.during.upper.astimezone(zone) if row.during.upper else None
    whole = all(one is None or one == start_of_day(one.date(), zone) for one in (start, end))
    last = (end - DAY).date() if end and whole else end.date() if end else None
    return start.date() if start else None, last, whole


def _during(typed: Typed, practice: Practice) -> Span:
    """Whole days where no times were typed, both dates included."""
    today = clock.now().astimezone(practice.zone).date()
    first = typed.day_needed("since", today)
    last = (typed.day("until") or first) if "until" not in typed.errors else first
    begins = typed.time("since_time") if typed.given.get("since_time", "").strip() else None
    ends = typed.time("until_time") if typed.given.get("until_time", "").strip() else None
    if last < first:
        typed.errors.setdefault("until", _("Der letzte Tag darf nicht vor dem ersten liegen."))
    start = opening_moment(first, begins, practice.zone) if begins else start_of_day(first, practice.zone)
    end = closing_moment(last, ends, practice.zone) if ends else start_of_day(last + DAY, practice.zone)
    if end <= start:
        typed.errors.setdefault("until_time", _("Das Ende muss nach dem Beginn liegen."))
    return Span(start, end)


def _specs(session: Session) -> list[Field]:
    people = tuple((str(one.id), one.name) for one in resources_of(session.practice))
    return [
        Field("kind", _("Was"), kind="select", choices=tuple((kind.value, name) for kind, name in KINDS.items())),
        Field(
            "resource",
            _("Wer oder was"),
            kind="select",
            choices=people,
            hint=_("Eine Schließung gilt für die ganze Praxis, gleich was hier steht."),
        ),
        Field("since", _("Erster Tag"), kind="date", needed=True),
        Field("since_time", _("ab Uhrzeit"), kind="time", hint=_("Leer: von Tagesbeginn an.")),
        Field("until", _("Letzter Tag"), kind="date", hint=_("Leer: nur der eine Tag.")),
        Field("until_time", _("bis Uhrzeit"), kind="time", hint=_("Leer: bis zum Ende des Tages.")),
        Field("label", _("Bezeichnung"), hint=_("Steht im Kalender, etwa „Fortbildung“. Keine Namen von Patienten.")),
    ]
