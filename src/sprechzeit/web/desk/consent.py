"""Consents on the patient's card: note what was declared in the practice, withdraw, and what was before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from sprechzeit.booking.forget_number import withdraw_at_desk
from sprechzeit.errors import Invalid
from sprechzeit.patients.consent import WORDINGS, P, Whose, give, purpose_asked
from sprechzeit.patients.models import Consent
from sprechzeit.patients.read import require_patient
from sprechzeit.practices.models import Practice
from sprechzeit.staff.permissions import Permission
from sprechzeit.staff.session import Session
from sprechzeit.web.desk.door import for_members

HOW = {
    "muendlich": gettext_lazy("In der Praxis mündlich erklärt: %(wording)s"),
    "schriftlich": gettext_lazy("In der Praxis unterschrieben: %(wording)s"),
}
SOURCES = {Consent.Source.FRONT: gettext_lazy("online"), Consent.Source.DESK: gettext_lazy("in der Praxis")}


@dataclass(frozen=True)
class Ended:
    """A consent of the past. ``continued``: it gave way to an equal one and was not withdrawn."""

    consent: Consent
    source: str
    given: datetime
    ended: datetime
    continued: bool


@dataclass(frozen=True)
class ConsentRow:
    """One purpose: what holds now, if anything, and what was before."""

    purpose: str
    name: str
    wording: str
    standing: Consent | None
    since: datetime | None
    source: str
    before: list[Ended]


def consent_rows(consents: Sequence[Consent], practice: Practice) -> list[ConsentRow]:
    """A row for every purpose, on the practice's clock."""
    rows = []
    for purpose in P:
        all_of_it = [one for one in consents if one.purpose == purpose]
        holds = next((one for one in all_of_it if one.withdrawn_at is None), None)
        since = holds.given_at.astimezone(practice.zone) if holds else None
        source = str(SOURCES[Consent.Source(holds.source)]) if holds else ""
        before = [_ended(one, one.withdrawn_at, all_of_it, practice) for one in all_of_it if one.withdrawn_at]
        rows.append(
            ConsentRow(purpose.value, str(purpose.label), str(WORDINGS[purpose]), holds, since, source, before)
        )  # fmt: skip  # lines grouped by hand
    return rows


def _ended(one: Consent, end: datetime, others: Sequence[Consent], practice: Practice) -> Ended:
    goes_on = any(
        other.id != one.id and other.given_at < end and (other.withdrawn_at is None or other.withdrawn_at > end)
        for other in others
    )
    source = str(SOURCES[Consent.Source(one.source)])
    return Ended(one, source, one.given_at.astimezone(practice.zone), end.astimezone(practice.zone), goes_on)


@require_POST
@for_members(Permission.RECORDS)
def change_consent(request: HttpRequest, session: Session, practice: Practice, patient: UUID) -> HttpResponse:
    """Note a consent, or that it was withdrawn; the card is shown again."""
    purpose = purpose_asked(request.POST.get("purpose", ""))
    whose = Whose(patient=require_patient(session.practice, patient))
    if request.POST.get("step") == "withdraw":
        withdraw_at_desk(session.practice, session.actor, patient, purpose)
    else:
        how = HOW.get(request.POST.get("how", ""))
        if how is None:
            raise Invalid(_("Bitte geben Sie an, wie die Einwilligung erklärt wurde."), field="how")
        wording = str(how) % {"wording": WORDINGS[purpose]}
        give(session.practice, session.actor, whose, purpose, wording, Consent.Source.DESK)
    return redirect("desk:patient", patient)
