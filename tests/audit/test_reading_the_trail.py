from __future__ import annotations

import ast
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from django.utils.translation import override

import sprechzeit
from sprechzeit import clock
from sprechzeit.audit.export import begin_export, exported
from sprechzeit.audit.models import Event
from sprechzeit.audit.read import Wanted, events, following_intakes, who_has_seen
from sprechzeit.audit.record import SYSTEM, Actor, record
from sprechzeit.audit.words import ACTIONS, KINDS, sentence
from sprechzeit.database.roles import Role
from sprechzeit.database.tenancy import acting_for, current_role, wearing
from sprechzeit.errors import NotFound
from sprechzeit.identifiers import new_id
from sprechzeit.patients.trail import look_at_trail, who_has_seen_patient
from tests.factories import Made, book, in_days, make_bookable, make_practice

PACKAGE = Path(sprechzeit.__file__).parent
VOGT = Actor("member", str(new_id()))


def write(made: Made, action: str = "test.write", actor: Actor = SYSTEM, *subjects: object, at: str = "") -> None:
    shift = datetime.fromisoformat(at) - clock.now() if at else timedelta(0)
    with clock.travelled(shift), acting_for(made.id):
        record(made.id, actor, action, subjects)


def read(made: Made, **wanted: object) -> list[str]:
    with wearing(Role.DESK):
        return [event.action for event in events(made.practice, Wanted(**wanted))]


def recorded_actions() -> set[str]:
    """Every action that the code hands to ``record``."""
    calls = [
        node
        for path in PACKAGE.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call)
    ]
    direct = [call.args[2] for call in calls if getattr(call.func, "id", "") == "record" and len(call.args) >= 3]
    handed_on = [word.value for call in calls if getattr(call.func, "id", "") == "card_of" for word in call.keywords]
    return {str(one.value) for one in [*direct, *handed_on] if isinstance(one, ast.Constant)}


def test_the_newest_stands_first() -> None:
    made = make_practice()
    for number in range(3):
        write(made, f"test.{number}")

    assert read(made) == ["test.2", "test.1", "test.0"]


def test_pages_follow_each_other_without_gap_or_repetition() -> None:
    made = make_practice()
    for _ in range(7):
        write(made)

    seen: list[int] = []
    with wearing(Role.DESK):
        while page := events(made.practice, Wanted(), before=seen[-1] if seen else None, count=3):
            seen += [event.number for event in page]
            write(made)  # what comes meanwhile does not shift the pages

    assert seen == [7, 6, 5, 4, 3, 2, 1]


def test_by_member_by_kind_and_by_subject() -> None:
    made, patient, other = make_practice(), new_id(), new_id()
    write(made, "day.view", VOGT, patient, other)
    write(made, "appointment.view", VOGT, new_id(), patient)
    write(made, "appointment.book", Actor("visitor"), other)
    write(made, "daylight.saved")

    assert read(made, actor=VOGT.id) == ["appointment.view", "day.view"]
    assert read(made, actor_kinds=("visitor", "patient")) == ["appointment.book"]
    assert read(made, actions=("appointment.",)) == ["appointment.book", "appointment.view"]
    assert read(made, actions=("day.", "appointment.book")) == ["appointment.book", "day.view"]
    assert read(made, subjects=frozenset([patient])) == ["appointment.view", "day.view"]
    assert read(made, subjects=frozenset([patient]), actions=("day.",), actor=VOGT.id) == ["day.view"]
    assert read(made, actor="x") == read(made, actions=("%",)) == []


def test_days_are_those_of_the_practice() -> None:
    made = make_practice()
    for name, at in (
        ("before", "2026-03-28T22:59:59+00:00"),
        ("first", "2026-03-28T23:00:01+00:00"),  # midnight in Berlin
        ("last", "2026-03-29T21:59:59+00:00"),  # the clocks have gone forward: the day has 23 hours
        ("after", "2026-03-29T22:00:01+00:00"),
    ):
        write(made, f"test.{name}", at=at)
    day = date(2026, 3, 29)

    assert read(made, since=day, until=day) == ["test.last", "test.first"]
    assert read(made, since=day) == ["test.after", "test.last", "test.first"]
    assert read(made, until=day) == ["test.last", "test.first", "test.before"]


def test_nobody_reads_the_trail_of_another_practice() -> None:
    made, other, patient = make_practice(), make_practice(), new_id()
    write(other, "day.view", VOGT, patient)

    assert read(made) == read(made, actor=VOGT.id) == read(made, subjects=frozenset([patient])) == []


def test_who_has_seen_somebody_how_often_and_when_last() -> None:
    made, patient = make_practice(), new_id()
    for actor, at in ((VOGT, "2026-05-01"), (SYSTEM, "2026-05-03"), (VOGT, "2026-05-02")):
        write(made, "day.view", actor, patient, new_id(), at=f"{at}T10:00:00+00:00")
    write(made, "day.view", VOGT, new_id())

    with wearing(Role.DESK):
        seen = who_has_seen(made.practice, Wanted(subjects=frozenset([patient])))

    assert [(one.actor, one.count, one.last.astimezone(UTC).day) for one in seen] == [("", 1, 3), (VOGT.id, 2, 2)]


def test_an_online_booking_taken_over_belongs_to_the_patient() -> None:
    made, patient, intake = make_practice(), new_id(), new_id()
    write(made, "day.view", VOGT, intake)
    write(made, "intake.accept", VOGT, intake, patient)

    with wearing(Role.DESK):
        wanted = following_intakes(made.practice, Wanted(subjects=frozenset([patient])))
        found = events(made.practice, wanted)

    assert wanted.subjects == {patient, intake}
    assert [event.action for event in found] == ["intake.accept", "day.view"]
    with wearing(Role.DESK):
        assert following_intakes(made.practice, Wanted()) == Wanted()


def test_a_record_that_was_merged_in_belongs_to_the_patient_with_its_booking() -> None:
    made, kept, absorbed, intake = make_practice(), new_id(), new_id(), new_id()
    write(made, "day.view", VOGT, intake)
    write(made, "intake.accept", VOGT, intake, absorbed)
    write(made, "patient.merge", VOGT, kept, absorbed)

    with wearing(Role.DESK):
        wanted = following_intakes(made.practice, Wanted(subjects=frozenset([kept])))

    assert wanted.subjects == {kept, absorbed, intake}


def test_names_are_opened_of_few_subjects_and_that_is_recorded() -> None:
    from sprechzeit.patients.create import create_patient
    from tests.factories import make_person

    made = make_practice()
    with wearing(Role.DESK):
        ids = [create_patient(made.keys, made.actor, make_person(last_name=f"Nr{n}")) for n in range(5)]
    write(made, "day.view", VOGT, *ids)

    with wearing(Role.DESK):
        page = look_at_trail(made.keys, made.actor, made.practice, Wanted(actor=VOGT.id))
        whole = look_at_trail(made.keys, made.actor, made.practice, Wanted())
        last, before = events(made.practice, Wanted(actions=("trail.view",)))

    assert page.names == {}
    assert whole.names == {one: f"Nr{n}, Erika" for n, one in enumerate(ids)}
    assert (before.subjects, before.details) == ([], {"count": 0})
    assert (last.subjects, last.details) == (sorted(ids), {"count": 5})
    assert "Nr1" not in repr(whole)


def test_the_patient_of_a_booking_is_followed_from_the_booking_on() -> None:
    from sprechzeit.booking.accept import accept
    from sprechzeit.booking.card import card_of

    made, visit_type = make_bookable()
    appointment = book(made, visit_type, in_days(1, 9), last_name="Früh").appointment_id
    with wearing(Role.DESK):
        card_of(made.keys, VOGT, appointment)
        accept(made.keys, made.actor, appointment)
        patient = card_of(made.keys, made.actor, appointment).appointment.patient_id
        assert patient is not None
        seen = who_has_seen_patient(made.keys, made.actor, made.practice, patient)

    assert seen.name == "Früh, Erika"
    assert {one.actor for one in seen.by} == {VOGT.id, made.actor.id}
    assert [event.action for event in seen.look.events][-1] == "appointment.view"


def test_what_nobody_knows_is_not_found_and_not_recorded() -> None:
    made = make_practice()

    with wearing(Role.DESK), pytest.raises(NotFound):
        who_has_seen_patient(made.keys, made.actor, made.practice, new_id())

    assert read(made) == []


def test_an_export_is_recorded_first_and_does_not_hold_itself() -> None:
    made, patient = make_practice(), new_id()
    for number in range(5):
        write(made, f"test.{number}", SYSTEM, patient)
    wanted = Wanted(subjects=frozenset([patient]))

    with wearing(Role.DESK):
        before = begin_export(made.practice, made.actor, wanted)
    write(made, "test.later", SYSTEM, patient)
    taken = []
    for event in exported(made.practice, wanted, before, batch=2):
        assert current_role() == Role.FRONT  # no role is kept on while somebody else works in this thread
        taken.append(event.action)

    assert taken == ["test.4", "test.3", "test.2", "test.1", "test.0"]
    with wearing(Role.DESK), acting_for(made.id):
        export = Event.objects.get(practice=made.id, action="trail.export")
    assert (export.actor, export.subjects, export.details) == (str(made.member), [patient], {"count": 5})


def test_an_export_of_nothing_is_empty() -> None:
    made = make_practice()

    with wearing(Role.DESK):
        before = begin_export(made.practice, made.actor, Wanted())

    assert list(exported(made.practice, Wanted(), before)) == []


def test_every_action_that_is_recorded_has_a_sentence_and_no_sentence_is_left_over() -> None:
    assert recorded_actions() == set(ACTIONS)


def test_every_action_belongs_to_a_kind() -> None:
    beginnings = tuple(beginning for _name, some in KINDS.values() for beginning in some)

    assert [action for action in ACTIONS if not action.startswith(beginnings)] == []


def test_sentences_are_german_and_english() -> None:
    with override("de"):
        assert sentence("day.view") == "Tag im Kalender mit Namen angesehen"
    with override("en"):
        assert sentence("day.view") != "Tag im Kalender mit Namen angesehen"
    assert sentence("never.heard-of") == "never.heard-of"
