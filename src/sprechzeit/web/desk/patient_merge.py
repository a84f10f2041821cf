"""Merge two patients: choose the other one, see both side by side, choose what to keep; and undo it."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from sprechzeit.booking.merge_patients import compare_patients, merge_patients, undo_merge, undoable_merge
from sprechzeit.booking.patient_card import patient_card
from sprechzeit.errors import DomainError, Invalid
from sprechzeit.patients.errors import PatientChanged, PatientNotFound, SamePatient
from sprechzeit.patients.match import find_matches
from sprechzeit.patients.merge import BOTH, OTHER, OWN, both_notes
from sprechzeit.patients.person import FIELDS, Person
from sprechzeit.patients.search import search
from sprechzeit.practices.models import Practice
from sprechzeit.staff.permissions import Permission
from sprechzeit.staff.session import Session
from sprechzeit.web.desk.door import desk_page, for_members
from sprechzeit.web.desk.matches import suggestion
from sprechzeit.web.desk.moment import read_id
from sprechzeit.web.desk.patient import read_version
from sprechzeit.web.desk.person_form import FIELD_NAMES, written


@require_http_methods(["GET", "POST"])
@for_members(Permission.RECORDS)
def merge(request: HttpRequest, session: Session, practice: Practice, patient: UUID) -> HttpResponse:
    """Without ``mit`` the choice of the other patient, with it the comparison, and by POST the merge itself."""
    chosen = request.POST.get("mit") or request.GET.get("mit")
    if not chosen:
        return _choose(request, session, practice, patient)
    problem: DomainError | None = None
    try:
        other = read_id(chosen, "mit")
        if request.method == "POST":
            try:
                merge_patients(
                    session.keys,
                    session.actor,
                    patient,
                    other,
                    _taken(request),
                    versions=(read_version(request), read_version(request, "other_version")),
                    key=request.POST.get("key", ""),
                )
                return redirect("desk:patient", patient)
            except (Invalid, PatientChanged) as refused:
                problem = refused
        return _compare(request, session, practice, patient, other, problem)
    except (PatientNotFound, SamePatient, Invalid) as error:
        return _choose(request, session, practice, patient, error)


def _taken(request: HttpRequest) -> dict[str, str]:
    return {field: request.POST[f"take_{field}"] for field in FIELDS if f"take_{field}" in request.POST}


def _choose(
    request: HttpRequest, session: Session, practice: Practice, patient: UUID, problem: DomainError | None = None
) -> HttpResponse:
    record = patient_card(session.keys, session.actor, patient).record
    text = request.POST.get("q", "")
    context = {
        "patient": patient,
        "person": record.person,
        "suggestions": [
            suggestion(one, record.person)
            for one in find_matches(session.keys, session.actor, record.person, but=patient)
        ],
        "found": [one for one in search(session.keys, session.actor, text) if one.id != patient],
        "q": text,
        "problem": problem,
    }
    status = problem.status if problem else 200
    return desk_page(request, "desk/patient_merge_choose.html", context, practice=practice, status=status)


def _compare(
    request: HttpRequest, session: Session, practice: Practice, patient: UUID, other: UUID, problem: DomainError | None
) -> HttpResponse:
    pair = compare_patients(session.keys, session.actor, patient, other)
    own, theirs = pair.own.person, pair.other.person
    together = both_notes(own, theirs)
    context = {
        "patient": patient,
        "other": other,
        "pair": pair,
        "rows": [_row(field, own, theirs, together, _taken(request)) for field in FIELDS],
        "problem": problem,
        "key": request.POST.get("key") or secrets.token_urlsafe(16),
    }
    status = problem.status if problem else 200
    return desk_page(request, "desk/patient_merge.html", context, practice=practice, status=status)


def _row(field: str, own: Person, other: Person, together: str, taken: Mapping[str, str]) -> dict[str, object]:
    """One field of both; what is proposed is the own value, the other's where there is none, and both notes."""
    values = written(own, field), written(other, field)
    proposed = OTHER if values[1] and not values[0] else BOTH if field == "note" and together else OWN
    chosen = taken.get(field, proposed)
    return {
        "name": field,
        "label": FIELD_NAMES[field],
        "own": values[0],
        "other": values[1],
        "same": values[0] == values[1],
        "both": together if field == "note" else "",
        "chosen": chosen if chosen in {OWN, OTHER, BOTH} else proposed,
    }


@require_http_methods(["GET", "POST"])
@for_members(Permission.RECORDS)
def unmerge(request: HttpRequest, session: Session, practice: Practice, patient: UUID) -> HttpResponse:
    problem: DomainError | None = None
    if request.method == "POST":
        try:
            undo_merge(
                session.keys,
                session.actor,
                patient,
                read_id(request.POST.get("merge"), "merge"),
                version=read_version(request),
                key=request.POST.get("key", ""),
            )
            return redirect("desk:patient", patient)
        except PatientChanged as changed:
            problem = changed
    found = undoable_merge(session.keys, session.actor, patient)
    row = found.before.row
    context = {
        "patient": patient,
        "now": found.now,
        "changed": found.changed,
        "merge": row,
        "rows": [
            {
                "label": FIELD_NAMES[field],
                "now": written(found.now.person, field),
                "own": written(found.before.kept, field),
                "other": written(found.before.absorbed, field),
            }
            for field in FIELDS
        ],
        "back": len(row.appointments),
        "problem": problem,
        "key": request.POST.get("key") or secrets.token_urlsafe(16),
    }
    status = problem.status if problem else 200
    return desk_page(request, "desk/patient_unmerge.html", context, practice=practice, status=status)
