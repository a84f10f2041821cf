"""A patient of whom every kind of data is kept, each with a text of its own to be found again."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

from sprechzeit import clock
from sprechzeit.booking.accept import accept
from sprechzeit.booking.confirm import confirm
from sprechzeit.booking.hold import hold
from sprechzeit.booking.merge_patients import merge_patients
from sprechzeit.booking.note import note_of, write_note
from sprechzeit.booking.write_to_practice import answer_practice
from sprechzeit.database.roles import Role
from sprechzeit.database.tenancy import acting_for, wearing
from sprechzeit.identifiers import new_id
from sprechzeit.messages.models import Message, NotifierAddress
from sprechzeit.patients.consent import P, Whose, give, withdraw
from sprechzeit.patients.create import create_patient
from sprechzeit.patients.models import AddressConfirmation, Consent
from sprechzeit.practices.models import VisitType
from sprechzeit.recall.models import Recall
from sprechzeit.rights.ask import ask_by_link
from sprechzeit.rights.models import RightsRequest
from sprechzeit.waiting.ask import ask_earlier
from sprechzeit.waiting.models import WaitingOffer
from sprechzeit.waiting.wishes import Wishes
from tests.factories import Made, in_days, make_person, type_id
from tests.waiting.waits import entry_of

TEXTS = ("name", "phone", "message", "note", "answer", "comment", "wording", "facts", "absorbed", "asked")


def texts_of(mark: str) -> dict[str, str]:
    """By what it is for: a text that stands nowhere else."""
    return {one: f"{mark}{one}" for one in TEXTS} | {"phone": f"+49301234{sum(map(ord, mark)) % 900 + 100}"}


def fill(made: Made, visit_type: VisitType, mark: str, *, days: int) -> UUID:
    """Booked online ``days`` from now, taken over, and with everything else."""
    text = texts_of(mark)
    held = hold(made.id, type_id(visit_type), in_days(days, 10))
    person = make_person(
        last_name=text["name"], phone=text["phone"], message=text["message"], birth_date=date(1980, 2, 1)
    )
    booked = confirm(made.id, held.secret, person)
    ask_earlier(made.id, booked.manage_secret, Wishes())
    answer_practice(made.id, booked.manage_secret, text["answer"])
    ask_by_link(made.id, booked.manage_secret, RightsRequest.Kind.CORRECTION, text["asked"])
    entry = entry_of(made, booked)
    now = clock.now()
    with wearing(Role.DESK):
        patient = accept(made.keys, made.actor, booked.appointment_id)
        twin = create_patient(made.keys, made.actor, make_person(last_name=text["absorbed"], note=text["note"]))
        merge_patients(made.keys, made.actor, patient, twin, take={"note": "other"}, versions=(1, 1))
        whose = Whose(patient=patient)
        give(made.id, made.actor, whose, P.RECALL, text["wording"], Consent.Source.DESK)
        withdraw(made.id, made.actor, whose, P.RECALL)
        with acting_for(made.id):
            seen = note_of(made.keys, booked.appointment_id).seen
        write_note(made.keys, made.actor, booked.appointment_id, text["comment"], seen=seen)
        with acting_for(made.id):
            about = booked.appointment_id
            Message.objects.create(
                practice_id=made.id, kind="note", channel="email", about=about, facts={"text": text["facts"]},
                dedupe_key=str(about), due_at=now, created_at=now, done_at=now, state="sent",
            )  # fmt: skip  # lines grouped by hand
            kept = NotifierAddress(
                practice_id=made.id, about=about, channel="sms", created_at=now, delete_after=now + timedelta(days=3)
            )
            NotifierAddress.objects.bulk_create([kept])
            AddressConfirmation.objects.get_or_create(
                practice_id=made.id, patient_id=patient, channel="email", defaults={"confirmed_at": now}
            )
            Recall.objects.create(
                practice_id=made.id, patient_id=patient, visit_type=visit_type, due_on=date(2031, 5, 17),
                created_at=now, changed_at=now,
            )  # fmt: skip  # lines grouped by hand
            WaitingOffer.objects.create(
                practice_id=made.id, entry=entry, starts_at=in_days(1, 9), ends_at=in_days(1, 9, 30),
                resource_ids=[made.clinicians[0].id], state="expired", secret_hash=new_id().bytes * 2,
                made_at=now, expires_at=now,
            )  # fmt: skip  # lines grouped by hand
    return patient
