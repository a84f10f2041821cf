"""What somebody who books online says of themselves, and whom a visit type is for.

Without an account nothing of it can be proved. The rules are held against what is said, when a time is held and again
when it is booked; the practice sees the answers with the booking.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from sprechzeit.booking.errors import NotBookable
from sprechzeit.patients.person import age_on
from sprechzeit.practices.models import Access, Insurance, OpenTo, Practice, VisitType


@dataclass(frozen=True, repr=False)
class Claims:
    """``is_new`` and ``insurance`` are None and empty where nothing was said. ``repr`` shows nothing."""

    is_new: bool | None = None
    insurance: str = ""
    has_referral: bool = False
    code: str = ""

    def __repr__(self) -> str:
        return "Claims(…)"


NOTHING_SAID = Claims()


def accepted_insurances(practice: Practice, visit_type: VisitType) -> list[str]:
    """How a visit may be paid for, in the usual order."""
    of_practice = set(practice.insurances or Insurance.values)
    of_type = set(visit_type.insurances or Insurance.values)
    return [one for one in Insurance.values if one in of_practice & of_type]


def asks_whether_new(practice: Practice, visit_type: VisitType) -> bool:
    """Whether it matters if the practice knows the patient."""
    return visit_type.open_to != OpenTo.ALL or not practice.accepts_new


def asks_for_insurance(practice: Practice, visit_type: VisitType) -> bool:
    """Whether it matters how the visit is paid for."""
    return len(accepted_insurances(practice, visit_type)) < len(Insurance.values)


def asks_for_age(visit_type: VisitType) -> bool:
    """Whether the birth date decides."""
    return visit_type.min_age is not None or visit_type.max_age is not None


def require_claims(practice: Practice, visit_type: VisitType, claims: Claims) -> None:
    """Refuse whoever the visit type is not for. A code is looked up by ``booking/code.py``.

    Raises
    ------
    NotBookable
        With the reason in words, at the field that it is about.
    """
    if asks_whether_new(practice, visit_type):
        _require_right_kind(practice, visit_type, claims.is_new)
    if asks_for_insurance(practice, visit_type):
        if claims.insurance not in Insurance.values:
            raise NotBookable(_("Bitte geben Sie an, wie Sie versichert sind."), field="insurance")
        if claims.insurance not in accepted_insurances(practice, visit_type):
            raise NotBookable(
                _("Mit dieser Versicherung lässt sich das nicht online buchen. Bitte rufen Sie die Praxis an."),
                field="insurance",
            )
    if visit_type.access == Access.REFERRAL and not claims.has_referral:
        raise NotBookable(_("Dafür brauchen Sie eine Überweisung."), field="has_referral")


def _require_right_kind(practice: Practice, visit_type: VisitType, is_new: bool | None) -> None:
    if is_new is None:
        raise NotBookable(_("Bitte geben Sie an, ob Sie schon in dieser Praxis waren."), field="is_new")
    if is_new and (visit_type.open_to == OpenTo.KNOWN or not practice.accepts_new):
        raise NotBookable(_("Das ist nur für Patienten, die schon in dieser Praxis waren."), field="is_new")
    if not is_new and visit_type.open_to == OpenTo.NEW:
        raise NotBookable(
            _("Das ist nur für den ersten Besuch. Bitte wählen Sie eine andere Terminart."), field="is_new"
        )


def require_age(visit_type: VisitType, birth_date: date | None, day: date) -> None:
    """Refuse whoever is too young or too old on the local ``day`` of the visit; both limits are allowed themselves.

    Raises
    ------
    NotBookable
    """
    if not asks_for_age(visit_type):
        return
    if birth_date is None:
        raise NotBookable(_("Bitte geben Sie das Geburtsdatum ein, zum Beispiel 31.12.1980."), field="birth_date")
    age = age_on(birth_date, day)
    if visit_type.min_age is not None and age < visit_type.min_age:
        raise NotBookable(
            _("Das geht erst ab %(age)d Jahren. Bitte rufen Sie die Praxis an.") % {"age": visit_type.min_age},
            field="birth_date",
        )
    if visit_type.max_age is not None and age > visit_type.max_age:
        raise NotBookable(
            _("Das geht nur bis %(age)d Jahre. Bitte rufen Sie die Praxis an.") % {"age": visit_type.max_age},
            field="birth_date",
        )
