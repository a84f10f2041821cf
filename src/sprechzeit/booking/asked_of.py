"""What a booking asks of the patient: only what the practice has switched on, each with its purpose (GDPR Art. 5)."""

from __future__ import annotations

from django.utils.translation import gettext as _

from sprechzeit.booking.claims import asks_for_age
from sprechzeit.patients.person import Asked
from sprechzeit.practices.models import Modality, Practice, VisitType


def asked_of(practice: Practice, visit_type: VisitType) -> Asked:
    """Beside name and e-mail address."""
    return Asked(
        phone=bool(practice.phone_purpose) or visit_type.modality == Modality.PHONE,
        phone_needed=visit_type.modality == Modality.PHONE,
        insurance=bool(practice.insurance_purpose),
        message=bool(practice.note_purpose),
    )


def birth_date_purpose(practice: Practice, visit_type: VisitType) -> str:
    """Why the birth date is asked; where the visit type has an age, that is a reason of its own."""
    if practice.birth_date_purpose or not asks_for_age(visit_type):
        return practice.birth_date_purpose
    return _("Diese Terminart ist für ein bestimmtes Alter.")


def phone_purpose(practice: Practice, visit_type: VisitType) -> str:
    """Why the phone number is asked."""
    if visit_type.modality == Modality.PHONE:
        return _("Unter dieser Nummer ruft die Praxis Sie zum Termin an.")
    return practice.phone_purpose
