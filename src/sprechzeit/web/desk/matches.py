"""Whom of the records an online booking may belong to, as the appointment's card shows it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from django.utils.translation import gettext_lazy

from sprechzeit.booking.card import Card
from sprechzeit.booking.models import Appointment
from sprechzeit.booking.open_ones import too_many
from sprechzeit.patients.match import Likeness, Match, find_matches
from sprechzeit.patients.person import Person
from sprechzeit.staff.permissions import Permission, is_allowed
from sprechzeit.staff.session import Session
from sprechzeit.web.desk.person_form import FIELD_NAMES, written

LIKENESS_NAMES = {
    Likeness.SAME: gettext_lazy("gleicher Name, gleiches Geburtsdatum"),
    Likeness.SIMILAR_NAME: gettext_lazy("ähnlicher Name, gleiches Geburtsdatum"),
    Likeness.SAME_CONTACT: gettext_lazy("gleiche Telefonnummer oder E-Mail-Adresse"),
}


@dataclass(frozen=True, repr=False)
class Difference:
    """A field in which the booking differs from the record, and whether the record would do well to take it."""

    field: str
    label: str
    recorded: str
    booked: str

    def __repr__(self) -> str:
        return "Difference(…)"


@dataclass(frozen=True, repr=False)
class Suggestion:
    """A record, why it is suggested, and what differs."""

    match: Match
    born: str
    why: str
    differences: tuple[Difference, ...]
    too_many: int = 0

    def __repr__(self) -> str:
        return "Suggestion(…)"


def suggestions(session: Session, card: Card) -> list[Suggestion]:
    """For a booking that is still to be taken over, and for members who may do that."""
    open_still = card.unread and card.appointment.status != Appointment.Status.CANCELLED
    if not open_still or card.person is None or not is_allowed(session.role, Permission.INTAKE):
        return []
    found = find_matches(session.keys, session.actor, card.person)
    many = too_many(session.practice, [one.patient.id for one in found], card.appointment.visit_type)
    shown = [suggestion(one, card.person) for one in found]
    return [replace(one, too_many=many.get(one.match.patient.id, 0)) for one in shown]


def suggestion(match: Match, person: Person) -> Suggestion:
    """The match in words."""
    one = match.patient
    recorded = Person(
        first_name=one.first_name,
        last_name=one.last_name,
        email=one.email,
        phone=one.phone,
        birth_date=date.fromisoformat(one.birth_date) if one.birth_date else None,
    )
    differences = [
        Difference(field, str(FIELD_NAMES[field]), written(recorded, field), written(person, field))
        for field in ("phone", "email", "birth_date")
        if written(person, field) and written(person, field) != written(recorded, field)
    ]
    if recorded.birth_date:  # a birth date is corrected on the card, never by what somebody typed online
        differences = [one for one in differences if one.field != "birth_date"]
    return Suggestion(match, written(recorded, "birth_date"), str(LIKENESS_NAMES[match.likeness]), tuple(differences))
