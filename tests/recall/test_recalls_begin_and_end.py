from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from sprechzeit import clock
from sprechzeit.booking.models import Appointment
from sprechzeit.database.roles import Role
from sprechzeit.database.tenancy import acting_for, wearing
from sprechzeit.patients.consent import P, Whose, give, withdraw
from sprechzeit.patients.models import Consent
from sprechzeit.practices.models import VisitType
from sprechzeit.recall.models import Recall
from sprechzeit.recall.tasks import renew_recalls
from tests.booking.at_once import all_at_once
from tests.booking.booked import book_by_phone, rows
from tests.factories import BERLIN, Made, in_days, make_bookable


def seen(*, agreed: bool = True, days: int = -3) -> tuple[Made, VisitType, UUID]:
    made, visit_type = make_bookable(recall_months=6)
    past = book_by_phone(made, visit_type, in_days(days, 9))
    assert past.patient_id is not None
    with wearing(Role.DESK), acting_for(made.id):
        Appointment.objects.filter(practice=made.id, id=past.id).update(status="done")
        if agreed:
            give(made.id, made.actor, Whose(patient=past.patient_id), P.RECALL, "Ja.", Consent.Source.DESK)
    return made, visit_type, past.patient_id


def renew(made: Made) -> tuple[int, int]:
    with wearing(Role.WORKER):
        return renew_recalls(made.id)


def test_it_falls_due_so_many_months_after_the_last_visit_and_only_once() -> None:
    made, _, patient = seen()

    assert [renew(made), renew(made)] == [(0, 1), (0, 0)]

    (recall,) = rows(made, Recall)
    day = in_days(-3, 9).astimezone(BERLIN).date()
    assert (recall.patient_id, recall.state) == (patient, "due")
    assert (recall.due_on.year * 12 + recall.due_on.month) - (day.year * 12 + day.month) == 6


def test_without_a_consent_there_is_none() -> None:
    made, _, _ = seen(agreed=False)

    assert renew(made) == (0, 0)


def test_it_ends_when_the_consent_is_withdrawn_and_does_not_come_back() -> None:
    made, _, patient = seen()
    renew(made)
    with wearing(Role.DESK):
        withdraw(made.id, made.actor, Whose(patient=patient), P.RECALL)

    assert [renew(made), renew(made)] == [(1, 0), (0, 0)]
    assert [one.state for one in rows(made, Recall)] == ["stopped"]


def test_it_ends_when_a_visit_of_that_type_is_booked() -> None:
    made, visit_type, patient = seen()
    renew(made)
    booked = book_by_phone(made, visit_type, in_days(2, 9), patient)

    assert renew(made) == (1, 0)
    (recall,) = rows(made, Recall)
    assert (recall.state, recall.appointment_id) == ("booked", booked.id)


def test_whoever_was_due_years_ago_is_not_called_back() -> None:
    made, _, _ = seen()
    with clock.travelled(timedelta(days=900)):
        assert renew(made) == (0, 0)


def test_workers_at_the_same_moment_make_one() -> None:
    made, _, _ = seen()

    results, _ = all_at_once([lambda: renew_recalls(made.id)] * 4, role=Role.WORKER)

    assert not [one for one in results if isinstance(one, Exception)]
    assert len(rows(made, Recall)) == 1
