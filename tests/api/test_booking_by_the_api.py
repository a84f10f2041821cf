from __future__ import annotations

from datetime import datetime, timedelta

from sprechzeit import clock
from sprechzeit.booking.hold import HOLD
from sprechzeit.booking.models import Appointment, Occupancy
from sprechzeit.database.roles import Role
from sprechzeit.database.tenancy import acting_for, wearing
from sprechzeit.patients.intake import open_intakes
from sprechzeit.patients.models import Consent, Intake
from sprechzeit.patients.person import Person
from sprechzeit.vault import link_to_text, new_link_secret
from tests.api.caller import Caller
from tests.factories import Made, in_days, make_bookable


def people(made: Made) -> list[Person]:
    with wearing(Role.DESK), acting_for(made.id):
        return list(open_intakes(made.keys, Intake.objects.filter(practice=made.id)).values())


def appointments(made: Made) -> int:
    with wearing(Role.DESK), acting_for(made.id):
        return Appointment.objects.filter(practice=made.id).count()


def occupancies(made: Made) -> int:
    with wearing(Role.DESK), acting_for(made.id):
        return Occupancy.objects.filter(practice=made.id).count()


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def test_a_program_books_reads_moves_and_cancels() -> None:
    made, visit_type = make_bookable()
    caller = Caller(made)

    slot = caller.get(f"visit-types/{visit_type.id}/slots").body["slots"][0]
    held = caller.hold(visit_type, slot["start"])
    booked = caller.book(held.body["hold"])
    secret = booked.body["manage_secret"]
    read = caller.get("appointment", secret=secret)
    moved = caller.post("appointment/move", {"start": in_days(2, 10).isoformat()}, secret=secret)
    cancelled = caller.post("appointment/cancel", secret=secret)

    assert [one.status for one in (held, booked, read, moved, cancelled)] == [201, 201, 200, 200, 200]
    assert moment(slot["start"]) == moment(read.body["start"]) == in_days(1, 9)
    assert moment(moved.body["start"]) == in_days(2, 10)
    assert (read.body["id"], read.body["status"], read.body["changeable"]) == (booked.body["id"], "booked", True)
    assert (cancelled.body["status"], cancelled.body["changeable"]) == ("cancelled", False)
    assert occupancies(made) == 0


def test_the_directory_shows_the_practice_its_visit_types_and_its_clinicians() -> None:
    made, visit_type = make_bookable(clinicians=2)
    caller = Caller(made)

    practice = caller.get("").body
    (offered,) = caller.get("visit-types").body

    assert (practice["slug"], practice["name"]) == (made.practice.slug, made.practice.name)
    assert offered["id"] == visit_type.id
    assert {one["id"] for one in offered["clinicians"]} == {one.id for one in made.clinicians}


def test_a_visit_type_that_is_not_booked_online_is_not_shown_at_all() -> None:
    made, visit_type = make_bookable(online=False)
    caller = Caller(made)

    assert caller.get("visit-types").body == []
    assert caller.get(f"visit-types/{visit_type.id}/slots").status == 404
    assert caller.hold(visit_type, in_days(1, 9)).status == 422


def test_what_was_sent_is_sealed_and_only_the_practice_reads_it() -> None:
    made, visit_type = make_bookable()

    Caller(made).booked(visit_type, in_days(1, 9), first_name="Käthe", last_name="Größer", phone="030 1234567")

    (person,) = people(made)
    assert (person.listed_name, person.phone) == ("Größer, Käthe", "+49301234567")


def test_no_answer_tells_who_comes() -> None:
    made, visit_type = make_bookable()
    caller = Caller(made)

    secret = caller.booked(visit_type, in_days(1, 9), first_name="Unverwechselbar")
    read = caller.get("appointment", secret=secret)

    assert "Unverwechselbar" not in str(read.body)
    assert set(read.body) == {
        "id", "visit_type", "start", "end", "status", "resources", "changeable", "change_until", "version"
    }  # fmt: skip  # lines grouped by hand


def test_the_same_hold_confirmed_twice_gives_the_same_appointment() -> None:
    made, visit_type = make_bookable()
    caller = Caller(made)
    held = caller.hold(visit_type, in_days(1, 9)).body["hold"]

    first, second = caller.book(held), caller.book(held)

    assert (first.status, second.status) == (201, 201)
    assert first.body == second.body
    assert appointments(made) == 1
    assert len(people(made)) == 1


def test_the_same_key_holds_the_same_slot_again_and_nothing_twice() -> None:
    made, visit_type = make_bookable()
    caller = Caller(made)

    first = caller.hold(visit_type, in_days(1, 9), key="k-1")
    second = caller.hold(visit_type, in_days(1, 9), key="k-1")

    assert (first.status, second.status) == (201, 201)
    assert first.body["start"] == second.body["start"]
    assert occupancies(made) == 1
    assert caller.book(second.body["hold"]).status == 201


def test_a_key_that_was_used_for_something_else_is_refused() -> None:
    made, visit_type = make_bookable()
    caller = Caller(made)
    caller.hold(visit_type, in_days(1, 9), key="k-1")

    again = caller.hold(visit_type, in_days(1, 10), key="k-1")

    assert (again.status, again.code) == (422, "idempotency-key-reused")
    assert occupancies(made) == 1


def test_a_repeated_move_and_a_repeated_cancellation_change_nothing_more() -> None:
    made, visit_type = make_bookable()
    caller = Caller(made)
    secret = caller.booked(visit_type, in_days(1, 9))
    asked = {"start": in_days(2, 10).isoformat()}

    moves = [caller.post("appointment/move", asked, secret=secret, key="m") for _ in range(2)]
    cancellations = [caller.post("appointment/cancel", secret=secret, key="c") for _ in range(2)]

    assert [one.status for one in moves + cancellations] == [200, 200, 200, 200]
    assert moves[0].body == moves[1].body
    assert cancellations[0].body == cancellations[1].body


def test_a_hold_of_another_practice_is_not_found() -> None:
    made, visit_type = make_bookable()
    other, _ = make_bookable()
    held = Caller(made).hold(visit_type, in_days(1, 9)).body["hold"]

    refused = Caller(other).book(held)

    assert (refused.status, refused.code) == (404, "hold-not-found")
    assert appointments(made) == appointments(other) == 0
    assert people(other) == []


def test_a_hold_that_was_never_made_is_not_found() -> None:
    made, _ = make_bookable()

    refused = Caller(made).book(link_to_text(new_link_secret()))

    assert (refused.status, refused.code) == (404, "hold-not-found")
    assert people(made) == []


def test_an_expired_hold_gives_the_slot_to_others_and_tells_what_is_free_instead() -> None:
    made, visit_type = make_bookable()
    caller = Caller(made)
    late = caller.hold(visit_type, in_days(1, 9)).body["hold"]

    with clock.travelled(HOLD + timedelta(seconds=1)):
        caller.booked(visit_type, in_days(1, 9))
        refused = caller.book(late)

    assert (refused.status, refused.code) == (409, "slot-taken")
    assert moment(refused.body["alternatives"][0]) == in_days(1, 9, 30)
    assert len(people(made)) == 1


def test_an_expired_hold_is_honoured_while_nobody_else_has_the_slot() -> None:
    made, visit_type = make_bookable()
    caller = Caller(made)
    held = caller.hold(visit_type, in_days(1, 9)).body["hold"]

    with clock.travelled(HOLD + timedelta(minutes=5)):
        booked = caller.book(held)

    assert booked.status == 201


def test_a_released_slot_is_free_at_once_and_releasing_again_is_no_error() -> None:
    made, visit_type = make_bookable()
    caller = Caller(made)
    held = caller.hold(visit_type, in_days(1, 9)).body["hold"]

    answers = [caller.post("holds/release", {"hold": held}) for _ in range(2)]

    assert [one.status for one in answers] == [204, 204]
    assert caller.hold(visit_type, in_days(1, 9)).status == 201


def test_a_taken_slot_is_refused_with_the_nearest_free_ones() -> None:
    made, visit_type = make_bookable()
    caller = Caller(made)
    caller.booked(visit_type, in_days(1, 9))

    refused = caller.hold(visit_type, in_days(1, 9))

    assert (refused.status, refused.code) == (409, "slot-taken")
    assert [moment(one) for one in refused.body["alternatives"][:2]] == [in_days(1, 9, 30), in_days(1, 10)]
    assert list(refused.fields) == ["start"]


def test_moving_onto_a_taken_slot_changes_nothing_and_tells_the_nearest_free_ones() -> None:
    made, visit_type = make_bookable()
    caller = Caller(made)
    caller.booked(visit_type, in_days(1, 9))
    secret = caller.booked(visit_type, in_days(1, 10))

    refused = caller.post("appointment/move", {"start": in_days(1, 9).isoformat()}, secret=secret)

    assert (refused.status, refused.code) == (409, "slot-taken")
    assert refused.body["alternatives"]
    assert moment(caller.get("appointment", secret=secret).body["start"]) == in_days(1, 10)


def test_a_slot_in_the_past_too_far_ahead_or_off_the_grid_is_refused_in_words() -> None:
    made, visit_type = make_bookable(horizon_days=30)
    caller = Caller(made)

    for start in (in_days(-1, 9), in_days(31, 9), in_days(1, 9, 1), in_days(1, 9).replace(second=1)):
        refused = caller.hold(visit_type, start)

        assert (refused.status, refused.code) == (422, "not-bookable")
        assert list(refused.fields) == ["start"]
    assert occupancies(made) == 0


def test_the_farthest_moments_of_the_calendar_are_refused_like_any_other() -> None:
    made, visit_type = make_bookable()
    caller = Caller(made)

    for start in ("0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00", "0001-01-01T00:00:00Z"):
        assert caller.hold(visit_type, start).status == 422


def test_a_visit_type_of_another_practice_is_not_found() -> None:
    made, _ = make_bookable()
    _, foreign = make_bookable()
    caller = Caller(made)

    assert caller.hold(foreign, in_days(1, 9)).status == 404
    assert caller.get(f"visit-types/{foreign.id}/slots").status == 404


def test_a_clinician_of_another_practice_leaves_no_slot() -> None:
    made, visit_type = make_bookable()
    other, _ = make_bookable()
    caller = Caller(made)
    foreign = other.clinicians[0].id

    refused = caller.hold(visit_type, in_days(1, 9), resource=foreign)

    assert (refused.status, refused.body["alternatives"]) == (409, [])
    assert caller.get(f"visit-types/{visit_type.id}/slots", resource=foreign).body == {"slots": [], "more_from": None}


def test_one_clinician_can_be_asked_for() -> None:
    made, visit_type = make_bookable(clinicians=2)
    caller = Caller(made)
    wanted = made.clinicians[1].id

    held = caller.hold(visit_type, in_days(1, 9), resource=wanted).body["hold"]
    secret = caller.book(held).body["manage_secret"]

    assert caller.get("appointment", secret=secret).body["resources"] == [wanted]


def test_a_birth_date_that_nobody_asked_for_is_not_kept() -> None:
    made, visit_type = make_bookable()

    Caller(made).booked(visit_type, in_days(1, 9), birth_date="1980-02-01")

    (person,) = people(made)
    assert person.birth_date is None


def test_a_birth_date_that_is_asked_for_must_be_there_and_must_exist() -> None:
    made, visit_type = make_bookable(birth_date_purpose="Für die Vorsorge.")
    caller = Caller(made)
    held = caller.hold(visit_type, in_days(1, 9)).body["hold"]

    refused = [caller.book(held, birth_date=text) for text in ("", "30.02.1980", "1980-13-01", "2999-01-01", "gestern")]
    booked = caller.book(held, birth_date="29.02.1980")

    assert [(one.status, list(one.fields)) for one in refused] == [(422, ["birth_date"])] * 5
    assert booked.status == 201
    (person,) = people(made)
    assert str(person.birth_date) == "1980-02-29"


def test_an_appointment_is_closed_without_its_secret_and_unknown_with_another() -> None:
    made, visit_type = make_bookable()
    other, _ = make_bookable()
    caller = Caller(made)
    secret = caller.booked(visit_type, in_days(1, 9))
    move = {"start": in_days(2, 9).isoformat()}

    for wrong in ("", "short", secret + "A", secret[:-1] + "!"):
        answers = [
            caller.get("appointment", secret=wrong),
            caller.post("appointment/move", move, secret=wrong),
            caller.post("appointment/cancel", secret=wrong),
        ]
        assert [one.status for one in answers] == [401, 401, 401]
        assert {one.headers["www-authenticate"] for one in answers} == {"Bearer"}
    foreign = link_to_text(new_link_secret())
    for caller_of, wrong in ((caller, foreign), (Caller(other), secret)):
        answers = [
            caller_of.get("appointment", secret=wrong),
            caller_of.post("appointment/move", move, secret=wrong),
            caller_of.post("appointment/cancel", secret=wrong),
        ]
        assert [(one.status, one.code) for one in answers] == [(404, "appointment-not-found")] * 3
    assert caller.get("appointment", secret=secret).body["status"] == "booked"


def test_it_is_too_late_to_move_or_cancel_after_the_last_moment() -> None:
    made, visit_type = make_bookable(change_until_minutes=24 * 60)
    caller = Caller(made)
    secret = caller.booked(visit_type, in_days(2, 9))

    with clock.travelled(in_days(1, 9) - clock.now() + timedelta(seconds=1)):
        moved = caller.post("appointment/move", {"start": in_days(3, 9).isoformat()}, secret=secret)
        cancelled = caller.post("appointment/cancel", secret=secret)

    assert [(one.status, one.code) for one in (moved, cancelled)] == [(409, "too-late")] * 2
    assert caller.get("appointment", secret=secret).body["status"] == "booked"


def test_a_cancelled_appointment_can_not_be_moved() -> None:
    made, visit_type = make_bookable()
    caller = Caller(made)
    secret = caller.booked(visit_type, in_days(1, 9))
    caller.post("appointment/cancel", secret=secret)

    refused = caller.post("appointment/move", {"start": in_days(2, 9).isoformat()}, secret=secret)

    assert (refused.status, refused.code) == (409, "too-late")
    assert occupancies(made) == 0


def test_what_the_person_agreed_to_is_stored_and_an_unknown_purpose_is_refused() -> None:
    made, visit_type = make_bookable()
    caller = Caller(made)
    first, second = (caller.hold(visit_type, in_days(1, hour)).body["hold"] for hour in (9, 10))

    booked = caller.book(first, consents=["reminder-email", "recall"])
    refused = caller.book(second, consents=["newsletter"])

    with wearing(Role.DESK), acting_for(made.id):
        found = set(Consent.objects.filter(practice=made.id).values_list("purpose", flat=True))
    assert (booked.status, refused.status) == (201, 422)
    assert found == {"reminder-email", "recall"}
    assert appointments(made) == 1
