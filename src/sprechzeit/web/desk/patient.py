"""A patient's card; correct it, or enter a new patient."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from sprechzeit import clock
from sprechzeit.booking.enter_patient import enter_patient
from sprechzeit.booking.models import Appointment
from sprechzeit.booking.patient_card import Visit, patient_card
from sprechzeit.database.tenancy import acting_for
from sprechzeit.errors import DomainError, Invalid
from sprechzeit.patients.consent import P
from sprechzeit.patients.correct import correct_patient
from sprechzeit.patients.errors import PatientChanged, PatientNotFound, Restricted
from sprechzeit.patients.match import Likeness, Match, find_matches
from sprechzeit.patients.merge import REVERSIBLE
from sprechzeit.patients.person import InvalidPerson, Person, read_person
from sprechzeit.practices.models import Practice
from sprechzeit.recall.by_hand import put_down
from sprechzeit.rights.listing import requests_of
from sprechzeit.staff.permissions import Permission
from sprechzeit.staff.session import Session
from sprechzeit.web.desk.appointment import STATUS_NAMES
from sprechzeit.web.desk.consent import consent_rows
from sprechzeit.web.desk.door import desk_page, for_members
from sprechzeit.web.desk.moment import read_number
from sprechzeit.web.desk.patient_recalls import recall_typed, recalls_context
from sprechzeit.web.desk.person_form import form_fields, values_of


def read_version(request: HttpRequest, name: str = "version") -> int:
    """The version that the page showed.

    Raises
    ------
    Invalid
    """
    version = read_number(request.POST.get(name))
    if version is None:
        raise Invalid(_("Die Anfrage war unvollständig."))
    return version


@require_GET
@for_members(Permission.PATIENTS)
def show_patient(request: HttpRequest, session: Session, practice: Practice, patient: UUID) -> HttpResponse:
    return patient_page(request, session, practice, patient)


def patient_page(
    request: HttpRequest,
    session: Session,
    practice: Practice,
    patient: UUID,
    problem: DomainError | None = None,
) -> HttpResponse:
    """The card, with ``problem`` where somebody could not be put down for a check-up; what was typed stays."""
    card = patient_card(session.keys, session.actor, patient)
    with acting_for(session.practice):
        asked = requests_of(practice, patient)
    consents = consent_rows(card.consents, practice)
    context = {
        "card": card,
        "asked": asked,
        "person": card.record.person,
        "age": card.record.person.age(clock.now().astimezone(practice.zone).date()),
        "coming": [visit_row(one, practice) for one in card.coming],
        "past": [visit_row(one, practice) for one in card.past],
        "consents": consents,
        **recalls_context(request, session, practice, patient, problem),
        "may_invite": any(one.purpose == P.RECALL and one.standing for one in consents),
        "undoable_until": card.merged_at + REVERSIBLE if card.merged_at else None,
    }
    status = problem.status if problem else 200
    return desk_page(request, "desk/patient.html", context, practice=practice, status=status)


@require_POST
@for_members(Permission.BOOK)
def put_down_for(request: HttpRequest, session: Session, practice: Practice, patient: UUID) -> HttpResponse:
    """Put the patient down for a check-up."""
    try:
        visit_type, due_on = recall_typed(request.POST)
        put_down(session.practice, session.actor, patient, visit_type, due_on)
    except PatientNotFound:
        raise
    except DomainError as problem:
        return patient_page(request, session, practice, patient, problem)
    return redirect("desk:patient", patient)


def visit_row(visit: Visit, practice: Practice) -> dict[str, object]:
    """An appointment in a list, on the practice's clock."""
    one = visit.appointment
    return {
        "id": one.id,
        "start": one.starts_at.astimezone(practice.zone),
        "visit_type": one.visit_type,
        "resources": ", ".join(visit.resources),
        "status": one.status,
        "status_name": STATUS_NAMES[Appointment.Status(one.status)],
    }


@require_http_methods(["GET", "POST"])
@for_members(Permission.RECORDS)
def correct(request: HttpRequest, session: Session, practice: Practice, patient: UUID) -> HttpResponse:
    errors: dict[str, str] = {}
    problem: DomainError | None = None
    if request.method == "POST":
        try:
            version = read_version(request)
            correct_patient(session.keys, session.actor, patient, _typed(request), version=version)
            return redirect("desk:patient", patient)
        except InvalidPerson as invalid:
            errors, problem = invalid.errors, invalid
        except (PatientChanged, Restricted) as changed:
            problem = changed
    # What is shown is looked at: the card opens it and records that.
    found = patient_card(session.keys, session.actor, patient).record
    recorded = values_of(found.person)
    typed: Mapping[str, str] = request.POST if request.method == "POST" else recorded
    changed_meanwhile = isinstance(problem, PatientChanged)
    context = {
        "fields": form_fields(typed, errors, recorded, meanwhile=changed_meanwhile),
        "patient": patient,
        "person": found.person,
        # After a conflict the page shows both values: sending it again is a decision with both before one's eyes.
        "version": found.version if changed_meanwhile or request.method == "GET" else read_version(request),
        "problem": problem if changed_meanwhile else None,
        "is_restricted": found.restricted_at is not None,
    }
    return desk_page(
        request, "desk/patient_form.html", context, practice=practice, status=problem.status if problem else 200
    )


@require_http_methods(["GET", "POST"])
@for_members(Permission.RECORDS)
def new_patient(request: HttpRequest, session: Session, practice: Practice) -> HttpResponse:
    """A new record. Who has the same name and birth date already is shown first; ``trotzdem`` makes another record."""
    errors: dict[str, str] = {}
    status = 200
    same: list[Match] = []
    if request.method == "POST":
        try:
            person = _typed(request)
            if "trotzdem" not in request.POST:
                found = find_matches(session.keys, session.actor, person)
                same = [one for one in found if one.likeness == Likeness.SAME]
            if not same:
                made = enter_patient(session.keys, session.actor, person, key=request.POST.get("key", ""))
                return redirect("desk:patient", made)
            status = 409
        except InvalidPerson as invalid:
            errors, status = invalid.errors, invalid.status
    context = {
        "same": same,
        "fields": form_fields(request.POST, errors),
        "key": request.POST.get("key") or secrets.token_urlsafe(16),
    }
    return desk_page(request, "desk/patient_form.html", context, practice=practice, status=status)


def _typed(request: HttpRequest) -> Person:
    return read_person(request.POST.dict(), birth_date_purpose="desk", contact_needed=False, with_note=True)
