"""The page for an absence: choose who and when, see whom to call, change many at once, and lose nothing typed."""

from __future__ import annotations

import pytest

from sprechzeit.booking.at_desk import book_at_desk
from sprechzeit.booking.models import Appointment
from sprechzeit.database.roles import Role
from sprechzeit.database.tenancy import acting_for, wearing
from sprechzeit.identifiers import ResourceId
from sprechzeit.practices.models import Resource, VisitType
from sprechzeit.staff.models import Membership
from sprechzeit.timetable.models import ScheduleException
from tests.booking.booked import events, rows
from tests.factories import at_desk, in_days, make_bookable, make_person, type_id
from tests.web.desk.furnish import appointment_of
from tests.web.page import Form, Page


class Illness:
    """Two clinicians; the first has these appointments tomorrow and falls ill, the second is free."""

    def __init__(self, *names: str, clinicians: int = 2) -> None:
        self.made, self.visit_type = make_bookable(clinicians=clinicians, days=4)
        self.ill = self.made.clinicians[0]
        self.booked = [
            self.of(self.ill, self.visit_type, 9 + number // 2, 30 * (number % 2), name)
            for number, name in enumerate(names)
        ]
        self.client = at_desk(self.made)
        self.day = f"{in_days(1, 9).astimezone(self.made.practice.zone):%Y-%m-%d}"

    def of(self, clinician: Resource, visit_type: VisitType, hour: int, minute: int, name: str) -> Appointment:
        with wearing(Role.DESK):
            return book_at_desk(
                self.made.keys, self.made.actor, type_id(visit_type), in_days(1, hour, minute),
                make_person(last_name=name, phone="+49301234567"), resource=ResourceId(clinician.id),
            )  # fmt: skip  # lines grouped by hand

    def page(self, **asked: str) -> Page:
        return Page(self.client.get("/desk/ausfall/", {"bei": str(self.ill.id), "tag": self.day, **asked}))

    def form(self, **asked: str) -> Form:
        return self.page(**asked).form(with_field="bestaetigen")

    def send(self, form: Form, button: str = "bestaetigen", **typed: str) -> Page:
        """As a browser sends it: every row's appointment, though all have the same name."""
        unknown = typed.keys() - form.fields.keys() - form.choices.keys()
        assert not unknown
        values = {**form.fields, **typed, button: "1"}
        ids = [name.removeprefix("version-") for name in form.fields if name.startswith("version-")]
        return Page(self.client.post("/desk/ausfall/", {**values, "termin": ids}))

    def status(self, number: int) -> str:
        return appointment_of(self.made, self.booked[number].id).status


def row(form: Form, appointment: Appointment) -> list[str]:
    """The choices of an appointment: it stays, other times with the suggestion first, cancel."""
    return form.choices[f"wahl-{appointment.id}"]


def test_it_asks_who_and_when_first_and_names_nobody() -> None:
    illness = Illness("Krankenhaus")

    page = Page(illness.client.get("/desk/ausfall/"))

    assert page.status == 200
    assert "Krankenhaus" not in page.text
    assert events(illness.made, "call-list.view") == []


def test_the_list_tells_who_when_what_and_how_to_reach_them_and_keeps_all_by_default() -> None:
    illness = Illness("Anruf")

    page = illness.page()

    form = page.form(with_field="bestaetigen")
    assert all(word in page.text for word in ("Anruf, Erika", "+49301234567", "Sprechstunde", "09:00"))
    assert "Vorschlag: am selben Tag, 09:00, Dr. Test 2" in page.text
    assert form.fields[f"wahl-{illness.booked[0].id}"] == "bleibt"
    assert row(form, illness.booked[0])[-1] == "absagen"
    (event,) = events(illness.made, "call-list.view")
    assert event.subjects == [illness.booked[0].patient_id]


def test_one_confirmation_moves_cancels_and_leaves_and_tells_what_was_done() -> None:
    illness = Illness("Umzug", "Absage", "Bleibt")
    form = illness.form()
    moved, cancelled, _stays = illness.booked

    page = illness.send(
        form, **{f"wahl-{moved.id}": row(form, moved)[1], f"wahl-{cancelled.id}": "absagen", "abwesend": ""}
    )

    now = appointment_of(illness.made, moved.id)
    assert (page.status, now.starts_at) == (200, moved.starts_at)
    assert now.resource_ids == [illness.made.clinicians[1].id]
    assert [illness.status(number) for number in range(3)] == ["booked", "cancelled", "booked"]
    assert "2 Termine geändert" in page.text
    assert "Umzug, Erika" in page.text
    assert list(page.form(with_field="bestaetigen").choices).count(f"wahl-{illness.booked[2].id}") == 1
    assert f"wahl-{moved.id}" not in page.form(with_field="bestaetigen").choices


def test_all_suggestions_are_chosen_by_one_button_and_nothing_is_done_before_the_confirmation() -> None:
    illness = Illness("Eins", "Zwei", "Nichtda")
    away = illness.booked[2]

    chosen = illness.send(illness.form(), "alle", **{f"anruf-{away.id}": "nicht-erreicht"})
    form = chosen.form(with_field="bestaetigen")

    first = [form.fields[f"wahl-{one.id}"] for one in illness.booked]
    assert first[:2] == [row(form, one)[1] for one in illness.booked[:2]]
    assert first[2] == "bleibt"  # not reached: not moved behind their back
    assert form.fields[f"anruf-{away.id}"] == "nicht-erreicht"
    assert {one.version for one in rows(illness.made, Appointment)} == {1}
    done = illness.send(form)
    assert "2 Termine geändert" in done.text


def test_what_was_taken_meanwhile_is_told_with_new_suggestions_and_the_rest_stays_typed() -> None:
    illness = Illness("Pech", "Glueck", "Bleibt")
    form = illness.form()
    lost, moved, stays = illness.booked
    illness.of(illness.made.clinicians[1], illness.visit_type, 9, 0, "Schneller")

    page = illness.send(
        form,
        **{
            f"wahl-{lost.id}": row(form, lost)[1],
            f"wahl-{moved.id}": row(form, moved)[1],
            f"anruf-{stays.id}": "erreicht",
        },
    )

    again = page.form(with_field="bestaetigen")
    assert page.status == 409
    assert "1 Termin ging nicht" in page.text
    assert "Diese Zeit ist gerade vergeben worden" in page.text
    assert appointment_of(illness.made, lost.id).version == 1
    assert appointment_of(illness.made, moved.id).version == 2
    assert again.fields[f"anruf-{stays.id}"] == "erreicht"
    assert again.fields[f"wahl-{lost.id}"] == "bleibt"
    assert row(again, lost)[1] != row(form, lost)[1]


def test_somebody_who_came_meanwhile_is_not_moved_and_stands_as_here() -> None:
    illness = Illness("Hier")
    form = illness.form()
    (here,) = illness.booked
    illness.client.post(f"/desk/termin/{here.id}/stand/", {"status": "arrived", "version": 1})

    page = illness.send(form, **{f"wahl-{here.id}": row(form, here)[1]})

    assert page.status == 409
    assert "inzwischen geändert" in page.text
    assert "Schon in der Praxis" in page.text
    assert appointment_of(illness.made, here.id).starts_at == here.starts_at


def test_sent_twice_it_is_done_once() -> None:
    illness = Illness("Zweimal")
    form = illness.form()
    (one,) = illness.booked

    pages = [illness.send(form, **{f"wahl-{one.id}": row(form, one)[1]}) for _ in range(2)]

    assert [page.status for page in pages] == [200, 200]
    assert len(events(illness.made, "appointment.move")) == 1


def test_the_absence_is_entered_so_that_nothing_more_is_offered() -> None:
    illness = Illness("Eins")

    page = illness.send(illness.form(), abwesend="ja")
    again = illness.page()

    (absence,) = rows(illness.made, ScheduleException)
    assert (absence.kind, absence.resource_id) == ("absence", illness.ill.id)
    assert "Die Abwesenheit ist eingetragen" in page.text
    assert "Eins, Erika" in page.text  # still to be called
    assert "abwesend" not in again.form(with_field="bestaetigen").choices


def test_not_ticked_no_absence_is_entered() -> None:
    illness = Illness("Eins")
    form = illness.form()
    form.fields.pop("abwesend")

    illness.send(form, **{f"wahl-{illness.booked[0].id}": "absagen"})

    assert rows(illness.made, ScheduleException) == []


def test_only_some_hours_can_be_asked_for() -> None:
    illness = Illness("Frueh", "Mitte", "Spaet", "Zuletzt")

    page = illness.page(von="09:30", bis="10:30")

    assert [name for name in ("Frueh", "Mitte", "Spaet", "Zuletzt") if f"{name}, Erika" in page.text] == [
        "Mitte", "Spaet"
    ]  # fmt: skip  # lines grouped by hand


@pytest.mark.parametrize(
    "asked",
    [{"von": "12:00", "bis": "09:00"}, {"von": "neun"}, {"bis": "99:99"}],
)
def test_hours_that_are_none_are_told(asked: dict[str, str]) -> None:
    illness = Illness("Eins")

    page = illness.page(**asked)

    assert page.status == 422
    assert "Eins, Erika" not in page.text


@pytest.mark.parametrize(
    "choice", ["gestern", "2026-11-25T09:00:00+00:00 30 x", "\0", "2026-11-25T09:00 30 1", "a b c"]
)
def test_a_choice_that_no_page_offers_changes_nothing(choice: str) -> None:
    illness = Illness("Eins")
    form = illness.form()
    form.choices[f"wahl-{illness.booked[0].id}"].append(choice)

    page = illness.send(form, **{f"wahl-{illness.booked[0].id}": choice, "abwesend": "ja"})

    assert page.status == 422
    assert appointment_of(illness.made, illness.booked[0].id).version == 1
    assert rows(illness.made, ScheduleException) == []


def test_another_practices_appointment_or_clinician_is_neither_shown_nor_moved() -> None:
    illness, other = Illness("Eigen"), Illness("Fremd")
    foreign = other.booked[0]
    form = illness.form()
    sent = {
        "bei": str(illness.ill.id), "tag": illness.day, "bestaetigen": "1", "termin": [str(foreign.id)],
        f"version-{foreign.id}": "1", f"wahl-{foreign.id}": "absagen", "key": form.fields["key"],
    }  # fmt: skip  # lines grouped by hand

    answer = Page(illness.client.post("/desk/ausfall/", sent))
    theirs = Page(illness.client.get("/desk/ausfall/", {"bei": str(other.ill.id), "tag": other.day}))

    assert "Fremd" not in answer.text + theirs.text
    assert other.status(0) == "booked"


def test_who_may_not_book_does_not_get_the_list() -> None:
    illness = Illness("Geheim")
    with wearing(Role.DESK), acting_for(illness.made.id):
        Membership.objects.filter(practice=illness.made.id).update(role=Membership.Role.READ_ONLY)

    page = illness.page()

    assert page.status == 403
    assert "Geheim" not in page.text


def test_all_of_it_is_undone_by_one_button() -> None:
    illness = Illness("Eins", "Zwei")
    form = illness.form()
    first, second = illness.booked
    form.fields.pop("abwesend")
    page = illness.send(form, **{f"wahl-{first.id}": row(form, first)[1], f"wahl-{second.id}": "absagen"})

    (undo,) = [one for one in page.forms if "rueckgaengig" in one.action]
    undo.send(illness.client)

    assert [illness.status(number) for number in (0, 1)] == ["booked", "booked"]
    assert appointment_of(illness.made, first.id).resource_ids == [illness.ill.id]
    assert "2 Termine geändert." not in Page(illness.client.get("/desk/")).text
