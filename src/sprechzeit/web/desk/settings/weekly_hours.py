"""The weekly hours of a resource on a week grid: add, change, end."""

from __future__ import annotations

from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from sprechzeit import clock
from sprechzeit.furnishing.hours import add_hours, change_hours, end_hours
from sprechzeit.furnishing.resource import resource_by_id
from sprechzeit.identifiers import ResourceId
from sprechzeit.practices.models import Practice
from sprechzeit.staff.permissions import Permission
from sprechzeit.staff.session import Session
from sprechzeit.timetable.expand import Rule
from sprechzeit.timetable.listing import rule_by_id, weekly_rules
from sprechzeit.timetable.models import WeeklyRule
from sprechzeit.timetable.rules import MOST_WEEKS
from sprechzeit.web.desk.door import desk_page, for_members
from sprechzeit.web.desk.settings.fields import Field, fields
from sprechzeit.web.desk.settings.saving import Refusal, attempt
from sprechzeit.web.desk.settings.typed import Typed
from sprechzeit.web.desk.settings.week import week_of

SPECS = [
    Field("opens", gettext_lazy("von"), kind="time", needed=True),
    Field("closes", gettext_lazy("bis"), kind="time", needed=True),
    Field("valid_from", gettext_lazy("Gilt ab"), kind="date", needed=True),
    Field("valid_until", gettext_lazy("Gilt bis"), kind="date", hint=gettext_lazy("Leer: bis auf Weiteres.")),
    Field(
        "every_weeks",
        gettext_lazy("Alle wie viele Wochen"),
        kind="number",
        hint=gettext_lazy("1 heißt jede Woche; gezählt wird ab der ersten Woche."),
    ),
    Field("on_holidays", gettext_lazy("Auch an Feiertagen"), kind="check"),
]


@require_http_methods(["GET", "POST"])
@for_members(Permission.SETTINGS)
def weekly_hours(request: HttpRequest, session: Session, practice: Practice, resource: int) -> HttpResponse:
    """The grid, and the form that adds a span to one or several weekdays."""
    row = resource_by_id(session.practice, resource)
    today = _today(practice)

    def save(typed: Typed, agreed: str) -> None:
        weekdays = [day for day in range(7) if str(day) in typed.given.getlist("weekdays")]
        if not weekdays:
            typed.errors["weekdays"] = _("Bitte wählen Sie einen Wochentag.")
        rules = [_rule(typed, day, today) for day in weekdays or [0]]
        typed.require_sound()
        add_hours(session.practice, session.actor, ResourceId(resource), rules)

    refusal = attempt(request, session, save) if request.method == "POST" else None
    if request.method == "POST" and refusal is None:
        return redirect(f"{reverse('desk:weekly-hours', args=[resource])}?gespeichert=1")
    rules = weekly_rules(session.practice, ResourceId(resource), today)
    stored = {"valid_from": today.isoformat(), "every_weeks": "1"}
    context = {
        "resource": row,
        "week": week_of(rules, today),
        "rules": rules,
        "today": today,
        "fields": fields(SPECS, request, refusal, stored),
        "weekdays": [(day, WEEKDAYS[day], str(day) in request.POST.getlist("weekdays")) for day in range(7)],
        "refusal": refusal,
        "saved": "gespeichert" in request.GET,
    }
    return desk_page(
        request,
        "desk/settings/weekly_hours.html",
        context,
        practice=practice,
        status=refusal.status if refusal else 200,
    )


@require_http_methods(["GET", "POST"])
@for_members(Permission.SETTINGS)
def weekly_rule(request: HttpRequest, session: Session, practice: Practice, rule: int) -> HttpResponse:
    """Change one rule."""
    row = rule_by_id(session.practice, rule)

    def save(typed: Typed, agreed: str) -> None:
        weekday = typed.choice("weekday", [str(day) for day in range(7)])
        changed = _rule(typed, int(weekday) if weekday.isdecimal() and len(weekday) == 1 else 0, _today(practice))
        typed.require_sound()
        change_hours(session.practice, session.actor, rule, changed, agreed=agreed)

    refusal = attempt(request, session, save) if request.method == "POST" else None
    if request.method == "POST" and refusal is None:
        return redirect(f"{reverse('desk:weekly-hours', args=[row.resource_id])}?gespeichert=1")
    return _rule_page(request, practice, row, refusal)


@require_POST
@for_members(Permission.SETTINGS)
def weekly_rule_end(request: HttpRequest, session: Session, practice: Practice, rule: int) -> HttpResponse:
    """End it with a date, or at once."""
    row = rule_by_id(session.practice, rule)

    def save(typed: Typed, agreed: str) -> None:
        last_day = typed.day_needed("last_day", _today(practice))
        typed.require_sound()
        end_hours(session.practice, session.actor, rule, last_day, agreed=agreed)

    refusal = attempt(request, session, save)
    if refusal is None:
        return redirect(f"{reverse('desk:weekly-hours', args=[row.resource_id])}?gespeichert=1")
    return _rule_page(request, practice, row, refusal, ending=True)


def _rule_page(
    request: HttpRequest, practice: Practice, row: WeeklyRule, refusal: Refusal | None, *, ending: bool = False
) -> HttpResponse:
    stored = {
        "weekday": str(row.weekday),
        "opens": f"{row.opens:%H:%M}",
        "closes": f"{row.closes:%H:%M}",
        "valid_from": row.valid_from.isoformat(),
        "valid_until": row.valid_until.isoformat() if row.valid_until else "",
        "every_weeks": str(row.every_weeks),
        "on_holidays": "1" if row.on_holidays else "",
    }
    weekday = Field(
        "weekday", _("Wochentag"), kind="select", choices=tuple((str(day), WEEKDAYS[day]) for day in range(7))
    )
    last_day = Field("last_day", _("Letzter Tag"), kind="date")
    context = {
        "rule": row,
        "fields": fields([weekday, *SPECS], request, None if ending else refusal, stored),
        "last_day": fields(
            [last_day], request, refusal if ending else None, {"last_day": _today(practice).isoformat()}
        )["last_day"],
        "refusal": refusal,
        "ending": ending,
    }
    return desk_page(
        request, "desk/settings/weekly_rule.html", context, practice=practice, status=refusal.status if refusal else 200
    )


def _rule(typed: Typed, weekday: int, today: date) -> Rule:
    return Rule(
        weekday=weekday,
        opens=typed.time("opens"),
        closes=typed.time("closes"),
        valid_from=typed.day_needed("valid_from", today),
        valid_until=typed.day("valid_until"),
        every_weeks=typed.number("every_weeks", 1, MOST_WEEKS),
        on_holidays=typed.checked("on_holidays"),
    )


def _today(practice: Practice) -> date:
    return clock.now().astimezone(practice.zone).date()
