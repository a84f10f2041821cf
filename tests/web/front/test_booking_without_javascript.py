from __future__ import annotations

from datetime import timedelta

from sprechzeit import clock
from sprechzeit.booking.hold import HOLD
from tests.factories import in_days, make_bookable, visitor
from tests.web.front.walk import TYPED, book, details_url, hold, people, practice_url, rows, times_url
from tests.web.page import Page


def test_a_patient_books_from_the_practices_page_to_the_appointments_page() -> None:
    made, visit_type = make_bookable()
    client = visitor()

    practice = Page(client.get(practice_url(made)))
    assert times_url(made, visit_type) in practice.links
    times = Page(client.get(times_url(made, visit_type)))
    slots = times.form(with_field="zeit")
    held = slots.send(client, slots.buttons[0])
    details = Page(client.get(held.headers["Location"]))
    booked = details.form(with_field="first_name").send(client, **TYPED)
    manage = Page(client.get(booked.headers["Location"]))

    assert (held.status_code, booked.status_code, manage.status) == (303, 303, 200)
    assert f"{in_days(1, 9).astimezone(made.practice.zone):%H:%M}" in manage.text
    assert rows(made) == (0, 1, 1)
    assert [person.listed_name for person in people(made)] == ["Muster, Erika"]


def test_no_page_after_the_form_shows_what_was_typed() -> None:
    made, visit_type = make_bookable()
    client = visitor()

    manage_url = book(client, made, visit_type, in_days(1, 9), last_name="Unverwechselbar")

    for page in ("", "?neu=1", "verschieben/", "absagen/", "termin.ics"):
        assert b"Unverwechselbar" not in client.get(manage_url + page).content


def test_a_patient_moves_to_another_time() -> None:
    made, visit_type = make_bookable()
    client = visitor()
    manage_url = book(client, made, visit_type, in_days(1, 9))

    page = Page(client.get(manage_url + "verschieben/"))
    moved = page.form(with_field="zeit").send(client, ("zeit", in_days(2, 11).isoformat()))
    after = Page(client.get(moved.headers["Location"]))

    assert moved.status_code == 303
    assert "11:00" in after.text
    assert rows(made) == (0, 1, 1)
    assert hold(client, made, visit_type, in_days(1, 9)).status_code == 303  # the old time is free


def test_a_patient_cancels_after_being_asked_and_the_time_is_free() -> None:
    made, visit_type = make_bookable()
    client = visitor()
    manage_url = book(client, made, visit_type, in_days(1, 9))

    asked = Page(client.get(manage_url + "absagen/"))
    still_there = rows(made)
    cancelled = [client.post(manage_url + "absagen/") for _ in range(2)]
    after = Page(client.get(manage_url))

    assert asked.status == 200
    assert still_there == (0, 1, 1)
    assert [one.status_code for one in cancelled] == [303, 303]
    assert "abgesagt" in after.text
    assert client.get(manage_url + "verschieben/").status_code == 303  # nothing to move any more
    assert hold(client, made, visit_type, in_days(1, 9)).status_code == 303


def test_sending_the_form_twice_or_going_back_leads_to_the_same_appointment() -> None:
    made, visit_type = make_bookable()
    client = visitor()
    url = details_url(client, made, visit_type, in_days(1, 9))

    first, second, reloaded = client.post(url, TYPED), client.post(url, TYPED), client.get(url)

    manage_url = first.headers["Location"].partition("?")[0]
    assert [one.status_code for one in (first, second, reloaded)] == [303, 303, 303]
    assert {one.headers["Location"].partition("?")[0] for one in (second, reloaded)} == {manage_url}
    assert rows(made) == (0, 1, 1)


def test_pressing_the_same_time_twice_holds_it_once() -> None:
    made, visit_type = make_bookable()
    client = visitor()

    answers = [hold(client, made, visit_type, in_days(1, 9), schluessel="k") for _ in range(2)]

    assert [one.status_code for one in answers] == [303, 303]
    assert rows(made) == (1, 0, 0)
    assert client.get(answers[1].headers["Location"]).status_code == 200


def test_the_form_can_keep_the_time_for_longer_and_what_was_typed_stays() -> None:
    made, visit_type = make_bookable()
    client = visitor()
    page = Page(client.get(details_url(client, made, visit_type, in_days(1, 9))))

    with clock.travelled(HOLD - timedelta(minutes=1)):
        longer = Page(page.form(with_field="first_name").send(client, ("laenger", "1"), **TYPED))
    with clock.travelled(HOLD + timedelta(minutes=5)):
        taken = hold(client, made, visit_type, in_days(1, 9))

    form = longer.form(with_field="first_name")
    assert longer.status == 200
    assert {name: form.fields[name] for name in TYPED} == TYPED
    assert taken.status_code == 409  # still held
    assert rows(made) == (1, 0, 0)
    assert form.send(client).status_code == 303


def test_who_comes_too_late_finds_the_typed_text_and_other_times_in_the_same_form() -> None:
    made, visit_type = make_bookable()
    client = visitor()
    url = details_url(client, made, visit_type, in_days(1, 9))

    with clock.travelled(HOLD + timedelta(minutes=1)):
        book(visitor(), made, visit_type, in_days(1, 9), first_name="Schneller")
        page = Page(client.post(url, TYPED))
        form = page.form(with_field="first_name")
        again = Page(form.send(client, zeit=form.choices["zeit"][0]))
        booked = again.form(with_field="first_name").send(client)

    assert page.status == 409
    assert {name: form.fields[name] for name in TYPED} == TYPED
    assert form.choices["zeit"][0] == in_days(1, 9, 30).isoformat()
    assert (again.status, booked.status_code) == (200, 303)
    assert sorted(person.first_name for person in people(made)) == ["Erika", "Schneller"]


def test_after_the_last_moment_the_pages_tell_to_call() -> None:
    made, visit_type = make_bookable(change_until_minutes=24 * 60)
    client = visitor()
    manage_url = book(client, made, visit_type, in_days(2, 9))

    with clock.travelled(in_days(1, 9) - clock.now() + timedelta(minutes=1)):
        shown = Page(client.get(manage_url))
        moved = client.post(manage_url + "verschieben/", {"zeit": in_days(3, 9).isoformat()})
        cancelled = client.post(manage_url + "absagen/")

    assert "zu spät" in shown.text
    assert [one.status_code for one in (moved, cancelled)] == [409, 409]
    assert "rufen Sie die Praxis an" in Page(moved).text


def test_a_link_tells_nothing_once_the_appointment_is_over() -> None:
    made, visit_type = make_bookable()
    client = visitor()
    manage_url = book(client, made, visit_type, in_days(1, 9))

    with clock.travelled(timedelta(days=2)):
        page = Page(client.get(manage_url))

    assert visit_type.name not in page.text
    assert "vorbei" in page.text
