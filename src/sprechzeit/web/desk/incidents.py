"""The register of incidents, and one of them: its clock, its extent, its documents, what was done."""

from __future__ import annotations

import secrets
from datetime import timedelta
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from sprechzeit import clock
from sprechzeit.errors import DomainError, Invalid
from sprechzeit.incident.begin import begin_incident
from sprechzeit.incident.change import change_incident
from sprechzeit.incident.close import close_incident, open_again, still_open
from sprechzeit.incident.compute import compute_again
from sprechzeit.incident.letters import missing_for_patients, reachable
from sprechzeit.incident.look import look_at_concerned
from sprechzeit.incident.read import Shown, alarm_behind, incident_of, incidents_of
from sprechzeit.incident.sessions import sessions_between
from sprechzeit.incident.tell import Whom, note_told
from sprechzeit.practices.legal import AUTHORITIES
from sprechzeit.practices.models import Practice
from sprechzeit.staff.permissions import Permission
from sprechzeit.staff.session import Session
from sprechzeit.web.desk.door import desk_page, for_members
from sprechzeit.web.desk.incident_form import read_moment_of, read_texts, read_wanted, typed_moment
from sprechzeit.web.desk.incident_rows import clock_of, extent_in_words, person_row, session_rows
from sprechzeit.web.desk.moment import read_id, read_number
from sprechzeit.web.desk.trail_rows import Names

BEFORE_ALARM = timedelta(hours=2)  # an alarm counts an hour; the log-in lies before it


@require_GET
@for_members(Permission.TRAIL)
def incidents(request: HttpRequest, session: Session, practice: Practice) -> HttpResponse:
    rows = [(one, clock_of(one)) for one in incidents_of(session.keys)]
    return desk_page(request, "desk/incidents.html", {"rows": rows}, practice=practice)


@require_http_methods(["GET", "POST"])
@for_members(Permission.TRAIL, step_up=True)
def new_incident(request: HttpRequest, session: Session, practice: Practice) -> HttpResponse:
    problem: DomainError | None = None
    values = request.POST
    if request.method == "POST":
        try:
            alarm = read_id(values["alarm"], "alarm") if values.get("alarm") else None
            made = begin_incident(
                session.keys,
                session.actor,
                read_wanted(values, practice),
                read_moment_of(values, "aware", practice),
                read_texts(values),
                alarm=alarm,
                key=values.get("key", "")[:100],
            )
            return redirect("desk:incident", made)
        except DomainError as error:
            problem = error
    names = Names.of(session)
    context = {
        "problem": problem,
        "form": _typed(request) if request.method == "POST" else _prefilled(request, session, practice),
        "actors": _actors(names, set(values.getlist("actor")) or _of_alarm(request, session)),
        "key": values.get("key") or secrets.token_urlsafe(16),
    }
    status = problem.status if problem else 200
    return desk_page(request, "desk/incident_new.html", context, practice=practice, status=status)


@require_GET
@for_members(Permission.TRAIL)
def incident(request: HttpRequest, session: Session, practice: Practice, incident: UUID) -> HttpResponse:
    return _page(request, session, practice, incident_of(session.keys, incident))


@require_POST
@for_members(Permission.TRAIL, step_up=True)
def change(request: HttpRequest, session: Session, practice: Practice, incident: UUID) -> HttpResponse:
    """One of the forms of the page, which of them says ``was``."""
    shown = incident_of(session.keys, incident)
    values, version = request.POST, read_number(request.POST.get("version")) or 0
    try:
        match values.get("was", ""):
            case "angaben":
                risk = values.get("risk", "")
                change_incident(session.keys, session.actor, incident, read_texts(values), risk, version=version)
            case "umfang":
                wanted = read_wanted(values, practice)
                compute_again(session.practice, session.actor, incident, wanted, version=version)
            case "behoerde" | "betroffene" as whom:
                told = Whom.AUTHORITY if whom == "behoerde" else Whom.PATIENTS
                at = read_moment_of(values, told.value, practice) if values.get(told.value) else None
                note_told(session.practice, session.actor, incident, told, at, version=version)
            case "abschliessen":
                close_incident(session.keys, session.actor, incident, version=version)
            case "oeffnen":
                open_again(session.practice, session.actor, incident)
            case _unknown:
                raise Invalid(_("Bitte wählen Sie, was geschehen soll."))
    except Invalid as error:
        return _page(request, session, practice, shown, error)
    return redirect("desk:incident", incident)


@require_GET
@for_members(Permission.TRAIL, step_up=True)
def people(request: HttpRequest, session: Session, practice: Practice, incident: UUID) -> HttpResponse:
    """Whom it reached, by name: each page asks for a fresh passkey, and is recorded."""
    shown = incident_of(session.keys, incident)
    group = "possible" if request.GET.get("gruppe") == "moeglich" else "certain"
    page = None
    if shown.extent is not None:
        number = read_number(request.GET.get("seite")) or 1
        page = look_at_concerned(session.keys, session.actor, incident, shown.extent, group, number)
    context = {
        "shown": shown,
        "group": group,
        "page": page,
        "rows": [person_row(one) for one in page.rows] if page else [],
    }
    return desk_page(request, "desk/incident_people.html", context, practice=practice)


def _page(
    request: HttpRequest, session: Session, practice: Practice, shown: Shown, problem: Invalid | None = None
) -> HttpResponse:
    names = Names.of(session)
    extent, row = shown.extent, shown.row
    seen = sessions_between(session.practice, row.happened_from, row.happened_until)
    typed = request.POST if problem else None
    texts = {name: typed.get(name, "") if typed and name in typed else text for name, text in vars(shown.texts).items()}
    context = {
        "shown": shown,
        "incident": row,
        "texts": texts,
        "risk": typed.get("risk", row.risk) if typed else row.risk,
        "risks": type(row).Risk.choices,
        "clock": clock_of(shown),
        "extent": extent_in_words(extent) if extent else None,
        "actors": _actors(names, set(row.actors)),
        "chosen": [names.members.get(one) or names.tokens.get(one) or one[-6:] for one in row.actors],
        "sessions": session_rows(seen, set(row.sessions), names),
        "form": {
            "since": typed_moment(row.happened_from, practice),
            "until": typed_moment(row.happened_until, practice),
            "networks": " ".join(row.networks),
            "now": typed_moment(clock.now(), practice),
            "authority": typed_moment(row.authority_at, practice),
            "patients": typed_moment(row.patients_at, practice),
        },
        "authority": AUTHORITIES.get(practice.subdivision, ""),
        "missing": list(still_open(row, shown.texts)),
        "missing_for_patients": list(missing_for_patients(practice, shown.texts)),
        "reachable": reachable(session.practice, extent, "certain"),
        "posted": (read_number(request.GET.get("geschickt")), read_number(request.GET.get("ohne")) or 0),
        "languages": [("de", "Deutsch"), ("en", "English")],
        "problem": problem,
        "key": secrets.token_urlsafe(16),
    }
    status = problem.status if problem else 200
    return desk_page(request, "desk/incident.html", context, practice=practice, status=status)


def _actors(names: Names, chosen: set[str]) -> list[tuple[str, str, bool]]:
    """Members and programs to tick; who has left stands there only when chosen."""
    found = {**names.members, **{token: names.actor("token", token) for token in names.tokens}}
    gone = {one: names.actor("member", one) for one in chosen - found.keys()}
    rows = sorted({**found, **gone}.items(), key=lambda one: one[1].casefold())
    return [(actor, name or "—", actor in chosen) for actor, name in rows]


def _of_alarm(request: HttpRequest, session: Session) -> set[str]:
    if not request.GET.get("alarm"):
        return set()
    actor = alarm_behind(session.practice, read_id(request.GET["alarm"], "alarm")).actor
    return {actor} if actor else set()


def _prefilled(request: HttpRequest, session: Session, practice: Practice) -> dict[str, str]:
    now = clock.now()
    since, until, aware, alarm = now - BEFORE_ALARM, now, now, ""
    if request.GET.get("alarm"):
        found = alarm_behind(session.practice, read_id(request.GET["alarm"], "alarm"))
        since, aware, alarm = found.first_seen - BEFORE_ALARM, found.first_seen, str(found.id)
    moments = {"since": since, "until": until, "aware": aware}
    return {**{name: typed_moment(value, practice) for name, value in moments.items()}, "alarm": alarm}


def _typed(request: HttpRequest) -> dict[str, str]:
    return {name: request.POST.get(name, "") for name in ("since", "until", "aware", "alarm", "networks", "facts")}
