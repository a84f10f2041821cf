from __future__ import annotations

from uuid import uuid4

import pytest

from tests.factories import at_desk, book, in_days, make_bookable, make_visit_type, open_up
from tests.web.desk.furnish import TYPED, appointment_of, booked_at_desk, day_url, enter, local, rows, url_of
from tests.web.page import Page


def test_the_day_shows_who_comes_and_only_to_their_own_practice() -> None:
    made, visit_type = make_bookable()
    other, _ = make_bookable()
    booked_at_desk(made, visit_type, in_days(1, 9), last_name="Größer")
    book(made, visit_type, in_days(1, 10), last_name="Online")

    own = Page(at_desk(made).get(day_url(made, in_days(1, 9))))
    foreign = Page(at_desk(other).get(day_url(other, in_days(1, 9))))

    assert "Größer, Erika" in own.text
    assert "Online, Erika" in own.text
    assert "Größer" not in foreign.text
    assert "Online" not in foreign.text


def test_a_new_patient_gets_an_appointment_by_the_form() -> None:
    made, visit_type = make_bookable()
    client = at_desk(made)
    form = Page(client.get("/desk/neu/")).form(with_field="last_name")
    start = in_days(1, 9)

    response = form.send(client, art=str(visit_type.id), **local(made, start), **TYPED)

    assert response.status_code == 302
    assert response.headers["Location"].startswith(day_url(made, start))
    assert "Öztürk, Jörg" in Page(client.get(response.headers["Location"])).text
    assert rows(made) == (1, 1, 1)


def test_a_known_patient_is_found_by_name_and_gets_another_appointment() -> None:
    made, visit_type = make_bookable()
    booked_at_desk(made, visit_type, in_days(1, 9), last_name="Größer")
    client = at_desk(made)

    found = Page(client.post("/desk/neu/", {"suchen": "1", "q": "groesser", "art": visit_type.id}))
    form = found.form(with_field="patient")
    (patient,) = form.choices["patient"]
    sent = {"first_name": "", "last_name": "", "patient": patient, **local(made, in_days(1, 10))}
    response = form.send(client, **sent)

    assert "Größer, Erika" in found.text
    assert response.status_code == 302
    assert rows(made) == (2, 2, 1)


def test_the_desk_books_outside_the_openings_but_never_onto_another() -> None:
    made, visit_type = make_bookable()
    client = at_desk(made)

    outside = enter(client, made, visit_type, in_days(1, 20))
    onto = enter(client, made, visit_type, in_days(1, 20))

    page = Page(onto)
    form = page.form(with_field="last_name")
    assert (outside.status_code, onto.status_code) == (302, 409)
    assert form.fields["last_name"] == "Öztürk"
    assert form.choices["slot"]
    assert rows(made) == (1, 1, 1)


def test_sending_the_form_twice_books_once() -> None:
    made, visit_type = make_bookable()
    client = at_desk(made)

    answers = [enter(client, made, visit_type, in_days(1, 9), key="k") for _ in range(2)]

    assert [one.status_code for one in answers] == [302, 302]
    assert rows(made) == (1, 1, 1)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"last_name": ""}, "last_name"),
        ({"first_name": ""}, "first_name"),
        ({"first_name": "a" * 81}, "first_name"),
        ({"first_name": "a\x00b"}, "first_name"),
        ({"email": "keine"}, "email"),
        ({"phone": "keine"}, "phone"),
        ({"birth_date": "30.02.1980"}, "birth_date"),
        ({"birth_date": "1.1.2999"}, "birth_date"),
        ({"tag": "2026-02-30"}, ""),
        ({"tag": ""}, ""),
        ({"uhrzeit": "25:00"}, ""),
        ({"uhrzeit": "09:00+02:00"}, ""),
        ({"slot": "morgen"}, ""),
        ({"art": ""}, ""),
        ({"art": "999999999999999999"}, ""),
        ({"art": "x" * 1000}, ""),
        ({"patient": "keiner"}, ""),
        ({"patient": str(uuid4())}, ""),
    ],
)
def test_a_wrong_field_is_told_and_what_was_typed_stays(wrong: dict[str, str], field: str) -> None:
    made, visit_type = make_bookable()

    response = enter(at_desk(made), made, visit_type, in_days(1, 9), **wrong)

    page = Page(response)
    form = page.form(with_field="last_name")
    typed = {**TYPED, **wrong}
    assert response.status_code == 422
    assert field in page.errors
    assert page.errors[field]
    assert {name: form.fields[name] for name in TYPED} == {name: typed[name] for name in TYPED}
    assert rows(made) == (0, 0, 0)


def test_a_patient_or_a_clinician_of_another_practice_cannot_be_booked() -> None:
    made, visit_type = make_bookable()
    other, foreign_type = make_bookable()
    foreign = booked_at_desk(other, foreign_type, in_days(1, 9))
    client = at_desk(made)

    answers = [
        enter(client, made, visit_type, in_days(1, 9), patient=str(foreign.patient_id)),
        enter(client, made, visit_type, in_days(1, 9), bei=str(other.clinicians[0].id)),
        enter(client, made, foreign_type, in_days(1, 9)),
    ]

    assert [one.status_code for one in answers] == [422, 409, 422]
    assert rows(made) == (0, 0, 0)


def test_free_times_are_suggested_for_this_practices_visit_types_only() -> None:
    made, visit_type = make_bookable()
    _, foreign = make_bookable()
    client = at_desk(made)

    own = client.get("/desk/neu/zeiten/", {"art": visit_type.id}, headers={"hx-request": "true"})
    other = client.get("/desk/neu/zeiten/", {"art": foreign.id}, headers={"hx-request": "true"})
    none = client.get("/desk/neu/zeiten/", {"art": "²"}, headers={"hx-request": "true"})

    assert in_days(1, 9).isoformat().encode() in own.content
    assert [one.status_code for one in (own, other, none)] == [200, 200, 200]
    assert b"<input" not in other.content + none.content


@pytest.mark.parametrize(
    ("text", "hits"),
    [
        ("grö", 1),
        ("GROESSER", 1),
        ("erika größer", 1),
        ("1.2.1980", 1),
        ("1234567", 1),
        ("muster", 0),
        ("gr%", 0),
        ("", 0),
    ],
)
def test_the_search_finds_by_name_birth_date_and_phone(text: str, hits: int) -> None:
    made, visit_type = make_bookable()
    other, foreign_type = make_bookable()
    client = at_desk(made)
    enter(client, made, visit_type, in_days(1, 9), first_name="Erika", last_name="Größer", birth_date="1.2.1980",
          phone="030 1234567")  # fmt: skip  # lines grouped by hand
    booked_at_desk(other, foreign_type, in_days(1, 9), last_name="Größer")

    page = Page(client.post("/desk/patienten/", {"q": text}))
    choices = client.post("/desk/patienten/", {"q": text, "wahl": "1"}, headers={"hx-request": "true"})

    assert page.status == choices.status_code == 200
    assert page.text.count("Größer, Erika") == hits
    assert choices.content.decode().count('type="radio"') == hits


def test_what_is_searched_for_never_stands_in_an_address() -> None:
    made, visit_type = make_bookable()
    booked_at_desk(made, visit_type, in_days(1, 9), last_name="Größer")
    client = at_desk(made)

    page = Page(client.get("/desk/patienten/?q=größer"))
    searches = [form for form in Page(client.get("/desk/")).forms if "q" in form.fields]

    assert "Größer" not in page.text
    assert [form.method for form in searches] == ["post"]


def test_an_appointment_is_marked_step_by_step_and_back() -> None:
    made, visit_type = make_bookable()
    appointment = booked_at_desk(made, visit_type, in_days(1, 9))
    client = at_desk(made)

    for button in ("arrived", "in-treatment", "done", "arrived"):
        form = Page(client.get(url_of(appointment))).form(with_field="status")
        assert ("status", button) in form.buttons
        assert form.send(client, ("status", button)).status_code == 302

        assert appointment_of(made, appointment.id).status == button


def test_a_step_that_does_not_fit_or_does_not_exist_is_refused() -> None:
    made, visit_type = make_bookable()
    appointment = booked_at_desk(made, visit_type, in_days(1, 9))
    client = at_desk(made)

    answers = [
        client.post(url_of(appointment, "stand/"), {"version": "1", "status": status})
        for status in ("done", "cancelled", "nonsense", "", "a" * 1000, "\x00")
    ]

    assert [one.status_code for one in answers] == [409] * 6
    assert appointment_of(made, appointment.id).status == "booked"


def test_an_appointment_is_cancelled_and_its_time_is_free() -> None:
    made, visit_type = make_bookable()
    appointment = booked_at_desk(made, visit_type, in_days(1, 9))
    client = at_desk(made)
    (form,) = [one for one in Page(client.get(url_of(appointment))).forms if one.action.endswith("/absagen/")]

    response = form.send(client)

    assert response.status_code == 302
    assert appointment_of(made, appointment.id).status == "cancelled"
    assert enter(client, made, visit_type, in_days(1, 9)).status_code == 302


def test_an_appointment_is_moved_to_a_suggested_or_a_typed_time() -> None:
    made, visit_type = make_bookable()
    appointment = booked_at_desk(made, visit_type, in_days(1, 9))
    client = at_desk(made)

    form = Page(client.get(url_of(appointment, "verschieben/"))).form(with_field="version")
    suggested = form.send(client, start=form.choices["start"][1])
    after_first = appointment_of(made, appointment.id).starts_at
    form = Page(client.get(url_of(appointment, "verschieben/"))).form(with_field="version")
    typed = form.send(client, **local(made, in_days(2, 19)))

    assert (suggested.status_code, typed.status_code) == (302, 302)
    assert after_first.isoformat() == in_days(1, 9, 30).isoformat()
    assert appointment_of(made, appointment.id).starts_at == in_days(2, 19)
    assert rows(made) == (1, 1, 1)


def test_moving_onto_another_or_to_nowhere_is_refused_on_the_same_page() -> None:
    made, visit_type = make_bookable()
    booked_at_desk(made, visit_type, in_days(1, 10))
    appointment = booked_at_desk(made, visit_type, in_days(1, 9))
    client = at_desk(made)
    url = url_of(appointment, "verschieben/")

    answers = [
        client.post(url, {"version": "1", "start": in_days(1, 10).isoformat()}),
        client.post(url, {"version": "1", "start": "morgen"}),
        client.post(url, {"version": "1", "tag": "2026-02-30", "uhrzeit": "09:00"}),
        client.post(url, {"version": "1"}),
    ]

    assert [one.status_code for one in answers] == [409, 422, 422, 422]
    assert all("version" in Page(one).form(with_field="version").fields for one in answers)
    assert appointment_of(made, appointment.id).starts_at == in_days(1, 9)


def test_a_moment_that_the_change_of_the_clocks_skips_is_refused() -> None:
    made, visit_type = make_bookable()

    response = enter(at_desk(made), made, visit_type, in_days(1, 9), tag="2027-03-28", uhrzeit="02:30")

    assert response.status_code == 422
    assert "umgestellt" in Page(response).text


@pytest.mark.parametrize("step", ["stand/", "absagen/", "verschieben/"])
def test_what_somebody_else_changed_meanwhile_is_not_overwritten(step: str) -> None:
    made, visit_type = make_bookable()
    appointment = booked_at_desk(made, visit_type, in_days(1, 9))
    client = at_desk(made)
    asked = {"version": "1", "status": "no-show", "start": in_days(2, 9).isoformat()}
    client.post(url_of(appointment, "verschieben/"), {"version": "1", "start": in_days(1, 11).isoformat()})

    refused = client.post(url_of(appointment, step), asked)
    without = client.post(url_of(appointment, step), {**asked, "version": "²"})

    after = appointment_of(made, appointment.id)
    assert (refused.status_code, without.status_code) == (409, 422)
    assert (after.starts_at, after.status, after.version) == (in_days(1, 11), "booked", 2)


def test_an_online_booking_is_taken_over_into_the_records_once() -> None:
    made, visit_type = make_bookable()
    booked = book(made, visit_type, in_days(1, 9), last_name="Größer")
    client = at_desk(made)
    (form,) = [one for one in Page(client.get(url_of(booked.appointment_id))).forms if "uebernehmen" in one.action]

    first, second = form.send(client), form.send(client)

    assert (first.status_code, second.status_code) == (302, 409)
    assert "Größer, Erika" in Page(client.get(url_of(booked.appointment_id))).text
    assert "Größer, Erika" in Page(client.post("/desk/patienten/", {"q": "größer"})).text
    assert rows(made) == (1, 1, 1)


def test_an_appointment_that_does_not_exist_is_told_in_words() -> None:
    made, _ = make_bookable()

    for answer in (at_desk(made).get(url_of(uuid4())), at_desk(made).post(url_of(uuid4(), "uebernehmen/"))):
        assert answer.status_code == 404
        assert "Diesen Termin gibt es nicht" in Page(answer).text


def test_a_part_asked_for_by_htmx_is_a_part() -> None:
    made, visit_type = make_bookable()
    appointment = booked_at_desk(made, visit_type, in_days(1, 9))
    client = at_desk(made)

    part = client.get(url_of(appointment), headers={"hx-request": "true"})
    whole = client.get(url_of(appointment))

    assert b"<html" not in part.content
    assert b"<html" in whole.content


def test_what_was_typed_by_a_patient_is_escaped_on_the_desk() -> None:
    made, visit_type = make_bookable()
    attack = "<script>alert(1)</script>"
    booked = book(made, visit_type, in_days(1, 9), last_name=attack)
    client = at_desk(made)

    for url in (
        day_url(made, in_days(1, 9)),
        url_of(booked.appointment_id),
        url_of(booked.appointment_id, "verschieben/"),
    ):
        content = client.get(url).content
        assert b"<script>alert" not in content
        assert b"&lt;script&gt;alert" in content


@pytest.mark.parametrize(
    "day", ["", "2026-02-30", "morgen", "0001-01-01", "9999-12-31", "2100-12-31", "2000-01-01", "\x00"]
)
def test_any_day_can_be_asked_for(day: str) -> None:
    made, _ = make_bookable()

    assert at_desk(made).get("/desk/", {"tag": day, "spalten": "alle"}).status_code == 200


def test_on_the_day_when_the_clocks_change_the_hours_stand_beside_their_appointments() -> None:
    made, _ = make_bookable()
    visit_type = make_visit_type(made, grid_minutes=60)
    clinician = made.clinicians[0]
    zone = made.practice.zone
    midnight = in_days(0, 0).astimezone(zone).replace(year=2027, month=3, day=28, hour=0)
    eight = midnight.replace(hour=8)
    open_up(made, clinician, midnight, midnight.replace(hour=12))
    booked_at_desk(made, visit_type, eight, last_name="Acht")

    content = at_desk(made).get("/desk/?tag=2027-03-28").content.decode()

    hour = content.split("08:00</span>")[0].rsplit('class="day__hour ', 1)[1].split(" ")[0]
    entry = content.split("Acht, Erika")[0].rsplit('class="entry ', 1)[1]
    assert f" {hour} " in entry
