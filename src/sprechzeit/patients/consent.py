"""Consents: given and withdrawn. Each keeps the wording that was agreed to (GDPR Art. 7(1))."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db import connections
from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sprechzeit import clock
from sprechzeit.audit.record import Actor, record
from sprechzeit.database.tenancy import acting_for, current_alias, retrying
from sprechzeit.errors import Invalid
from sprechzeit.identifiers import PracticeId, new_id
from sprechzeit.patients.models import Consent
from sprechzeit.patients.person import InvalidPerson, Person

P = Consent.Purpose
WORDINGS: dict[P, Promise | str] = {
    P.REMINDER_EMAIL: gettext_lazy("Erinnern Sie mich per E-Mail an meine Termine."),
    P.REMINDER_SMS: gettext_lazy("Erinnern Sie mich per SMS an meine Termine."),
    P.REMINDER_AGAIN: gettext_lazy("Erinnern Sie mich zusätzlich am Tag selbst."),
    P.RECALL: gettext_lazy("Laden Sie mich zu Kontrollen und zur Vorsorge ein."),
}
"""What is agreed to, as the pages show it: exactly this is stored, in the page's language."""

LOCK = "select pg_advisory_xact_lock(hashtextextended('consents', %s))"


@dataclass(frozen=True)
class Whose:
    """A patient, or somebody who has booked online and is not in the records yet."""

    patient: UUID | None = None
    intake: UUID | None = None

    @property
    def id(self) -> UUID:
        found = self.patient or self.intake
        if found is None:
            raise ValueError("a consent is somebody's")
        return found


def purpose_asked(text: str) -> P:
    """The purpose of this name.

    Raises
    ------
    Invalid
    """
    if text not in P.values:
        raise Invalid(_("Bitte treffen Sie eine Auswahl."), field="purpose")
    return P(text)


def require_reachable(person: Person, purposes: Collection[str]) -> None:
    """A reminder needs an address to go to, a second one a way.

    Raises
    ------
    InvalidPerson
    """
    errors = {}
    if P.REMINDER_EMAIL in purposes and not person.email:
        errors["email"] = _("Für Erinnerungen per E-Mail brauchen wir die Adresse.")
    if P.REMINDER_SMS in purposes and not person.phone:
        errors["phone"] = _("Für Erinnerungen per SMS brauchen wir die Nummer.")
    if P.REMINDER_AGAIN in purposes and not {P.REMINDER_EMAIL, P.REMINDER_SMS} & set(purposes):
        errors[P.REMINDER_AGAIN.value] = _("Bitte kreuzen Sie auch an, auf welchem Weg wir Sie erinnern sollen.")
    if errors:
        raise InvalidPerson(errors)


def put_consents_in(practice: PracticeId, actor: Actor, intake: UUID, purposes: Iterable[str], source: str) -> None:
    """What was ticked beside a new intake, in the wording of this page; needs ``acting_for``."""
    given = [one for one in P if one in set(purposes)]
    if not given:
        return
    now = clock.now()
    Consent.objects.bulk_create(
        Consent(
            id=new_id(), practice_id=practice, intake_id=intake, purpose=one, wording=str(WORDINGS[one]),
            source=source, given_at=now,
        )
        for one in given
    )  # fmt: skip  # lines grouped by hand
    record(practice, actor, "consent.give", [intake], {"fields": [one.value for one in given]})


@retrying
def give(practice: PracticeId, actor: Actor, whose: Whose, purpose: P, wording: str, source: Consent.Source) -> None:
    """Note a consent. One that stands already stays as it is: nothing is doubled."""
    with acting_for(practice):
        alone(practice)
        if consents_of(practice, whose).filter(purpose=purpose, withdrawn_at=None).exists():
            return
        Consent.objects.create(
            id=new_id(), practice_id=practice, patient_id=whose.patient, intake_id=whose.intake, purpose=purpose,
            wording=wording, source=source, given_at=clock.now(),
        )  # fmt: skip  # lines grouped by hand
        record(practice, actor, "consent.give", [whose.id], {"fields": [purpose.value]})


@retrying
def withdraw(practice: PracticeId, actor: Actor, whose: Whose, purpose: P) -> None:
    """End the consent to this purpose from now on; without a standing one nothing changes."""
    with acting_for(practice):
        alone(practice)
        found = consents_of(practice, whose).filter(purpose=purpose, withdrawn_at=None)
        if found.update(withdrawn_at=clock.now()):
            record(practice, actor, "consent.withdraw", [whose.id], {"fields": [purpose.value]})


def consents_of(practice: PracticeId, whose: Whose) -> QuerySet[Consent]:
    """All of one person, the newest first; needs ``acting_for``."""
    rows = Consent.objects.filter(practice=practice)
    rows = rows.filter(patient=whose.patient) if whose.patient else rows.filter(intake=whose.intake)
    return rows.order_by("-given_at", "-id")


def standing(practice: PracticeId, whose: Whose) -> dict[str, Consent]:
    """The consents that hold now, by purpose."""
    with acting_for(practice):
        return {one.purpose: one for one in consents_of(practice, whose).filter(withdrawn_at=None)}


def alone(practice: PracticeId) -> None:
    """Nobody else changes the practice's consents until this transaction ends. Take it before the first event."""
    with connections[current_alias()].cursor() as cursor:
        cursor.execute(LOCK, [practice])
