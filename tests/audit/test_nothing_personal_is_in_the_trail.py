from __future__ import annotations

from datetime import date

from django.db import connections

from sprechzeit.booking.accept import accept
from sprechzeit.booking.at_desk import book_at_desk
from sprechzeit.booking.cancel import cancel_appointment, cancel_managed
from sprechzeit.booking.card import card_of
from sprechzeit.booking.confirm import confirm
from sprechzeit.booking.day import day_of
from sprechzeit.booking.hold import hold
from sprechzeit.booking.move import move_appointment, move_managed
from sprechzeit.booking.status import mark
from sprechzeit.database.roles import Role
from sprechzeit.database.tenancy import acting_for, current_alias, wearing
from sprechzeit.patients.search import search
from sprechzeit.vault import link_to_text
from tests.factories import BERLIN, in_days, make_bookable, make_person, type_id

PERSON = make_person(
    first_name="Käthe",
    last_name="Größer",
    email="kaethe@example.org",
    phone="+49301234567",
    birth_date=date(1980, 2, 1),
)
PERSONAL = ["käthe", "größer", "groesser", "kaethe", "example.org", "1234567", "1980"]


def test_a_whole_life_of_appointments_leaves_identifiers_and_counts_only() -> None:
    made, visit_type = make_bookable()
    held = hold(made.id, type_id(visit_type), in_days(1, 9), key="key")
    booked = confirm(made.id, held.secret, PERSON)
    move_managed(made.id, booked.manage_secret, in_days(1, 10))
    day = in_days(1).astimezone(BERLIN).date()
    with wearing(Role.DESK):
        by_phone = book_at_desk(made.keys, made.actor, type_id(visit_type), in_days(1, 9), PERSON)
        accept(made.keys, made.actor, booked.appointment_id)
        day_of(made.keys, made.actor, made.practice, day, resources=made.clinicians)
        card_of(made.keys, made.actor, by_phone.id)
        search(made.keys, made.actor, "Größer 1.2.1980 1234567")
        moved = move_appointment(made.id, made.actor, by_phone.id, in_days(2, 9), version=1)
        mark(made.id, made.actor, by_phone.id, "arrived", version=moved.version)
        mark(made.id, made.actor, by_phone.id, "booked", version=moved.version + 1)
        cancel_appointment(made.id, made.actor, by_phone.id, version=moved.version + 2)
    cancel_managed(made.id, booked.manage_secret)

    with wearing(Role.DESK), acting_for(made.id), connections[current_alias()].cursor() as cursor:
        cursor.execute("select action, to_jsonb(audit_event)::text from audit_event where practice_id = %s", [made.id])
        found = cursor.fetchall()

    assert {action for action, _ in found} >= {
        "appointment.book",
        "appointment.move",
        "appointment.mark",
        "appointment.cancel",
        "appointment.view",
        "day.view",
        "intake.accept",
        "patient.create",
        "patient.search",
    }
    secrets = [link_to_text(held.secret), link_to_text(booked.manage_secret)]
    for _, text in found:
        assert not [word for word in (*PERSONAL, *secrets) if word.lower() in text.lower()]
