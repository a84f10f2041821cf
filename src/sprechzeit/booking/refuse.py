"""Refuse an online booking: the appointment is cancelled, and the patient reads on their own page why.

That page opens without any key, so the message is stored in the clear: what it must not hold is checked here, against
the intake, before anything is written.
"""

from __future__ import annotations

import re
import unicodedata
from uuid import UUID

from django.utils.translation import gettext as _

from sprechzeit import clock
from sprechzeit.audit.record import Actor, record
from sprechzeit.booking.errors import ChangedMeanwhile, WrongStatus
from sprechzeit.booking.models import Appointment, Occupancy
from sprechzeit.booking.once import Result, once
from sprechzeit.booking.read import appointment_by_id
from sprechzeit.booking.tell import tell_cancelled
from sprechzeit.database.tenancy import acting_for, retrying
from sprechzeit.errors import Invalid
from sprechzeit.identifiers import PracticeId
from sprechzeit.patients.intake import open_intakes
from sprechzeit.patients.models import Intake
from sprechzeit.patients.person import Person
from sprechzeit.patients.search import digits, fold
from sprechzeit.vault import PracticeKeys

LONGEST = 300


@retrying
def refuse(
    keys: PracticeKeys, actor: Actor, appointment: UUID, message: str, *, version: int, key: str = ""
) -> Appointment:
    """Cancel a booking that nobody has taken over yet, with a message of at most 300 characters for the patient.

    Raises
    ------
    AppointmentNotFound, ChangedMeanwhile, KeyReused
    WrongStatus
        It is in the records already, or not booked any more.
    Invalid
        The message is empty, too long, or says who the patient is.
    """
    practice = PracticeId(keys.practice)
    text = read_message(message)
    with acting_for(practice):
        found = appointment_by_id(practice, appointment)

        def change() -> Result:
            if found.version != version:
                raise ChangedMeanwhile
            if not found.is_open or found.patient_id is not None or found.intake_id is None:
                raise WrongStatus
            intakes = open_intakes(keys, Intake.objects.filter(practice=practice, id=found.intake_id))
            require_impersonal(text, intakes.get(found.intake_id))
            _refuse(practice, actor, found, text)
            return {"appointment": str(found.id)}

        once(practice, key, ("refuse", appointment, version), change)
        return appointment_by_id(practice, appointment)


def _refuse(practice: PracticeId, actor: Actor, found: Appointment, text: str) -> None:
    changed = Appointment.objects.filter(
        practice=practice, id=found.id, version=found.version, patient__isnull=True
    ).update(
        version=found.version + 1, status=Appointment.Status.CANCELLED, refusal=text, changed_at=clock.now()
    )  # fmt: skip  # lines grouped by hand
    if not changed:
        raise ChangedMeanwhile
    Occupancy.objects.filter(practice=practice, appointment=found.id).delete()
    record(practice, actor, "appointment.refuse", [found.id, *([found.intake_id] if found.intake_id else [])])
    tell_cancelled(appointment_by_id(practice, found.id), by_practice=True, refused=True)


def read_message(message: str) -> str:
    """One line of text; raises ``Invalid`` when it is none."""
    text = " ".join(unicodedata.normalize("NFC", message).split())
    if not text:
        raise Invalid(_("Bitte schreiben Sie, warum der Termin nicht geht und was zu tun ist."), field="message")
    if len(text) > LONGEST:
        raise Invalid(_("Das ist zu lang: höchstens %(count)d Zeichen.") % {"count": LONGEST}, field="message")
    if any(unicodedata.category(letter) in {"Cc", "Cs", "Co", "Cn", "Cf"} for letter in text):
        raise Invalid(_("Hier stehen Zeichen, die sich nicht speichern lassen."), field="message")
    return text


def require_impersonal(text: str, person: Person | None) -> None:
    """Raise ``Invalid`` when the text names the person: name, e-mail, phone or birth date."""
    if person is None:
        return
    words = set(re.findall(r"\w+", fold(text)))
    names = {word for word in re.findall(r"\w+", fold(f"{person.first_name} {person.last_name}")) if len(word) > 2}
    born = person.birth_date
    dates = {f"{born:%d.%m.%Y}", f"{born.day}.{born.month}.{born.year}", born.isoformat()} if born else set()
    number = digits(person.phone.removeprefix("+49"))
    if (
        words & names
        or (person.email and person.email.casefold() in text.casefold())
        or (number and number in re.sub(r"\D", "", text))
        or any(form in text for form in dates)
    ):
        raise Invalid(
            _("Diese Nachricht liegt unverschlüsselt: bitte ohne Namen, Geburtsdatum, Telefon und E-Mail der Person."),
            field="message",
        )
