from __future__ import annotations

import os
from datetime import timedelta

import pytest
from django.http import HttpResponse

from sprechzeit import clock
from sprechzeit.booking.models import DaySheet
from sprechzeit.database.roles import Role
from sprechzeit.database.tenancy import acting_for, wearing
from sprechzeit.practices.models import Practice
from sprechzeit.staff.day_sheet_key import day_sheet_keys
from sprechzeit.staff.models import DeskSession, Membership, Passkey
from tests.booking.booked import book_by_phone, events
from tests.booking.day_sheets import PASSPHRASE, made_file, names, opened, with_passphrase
from tests.factories import Made, at_desk, in_days, make_bookable, make_person, make_practice
from tests.web.page import Page

PAGE = "/desk/tagesblatt/"
LIVE = {"X-Live": "1"}


def kinds(made: Made) -> list[str]:
    with wearing(Role.DESK):
        return [key.kind for key in day_sheet_keys(made.id)]


def as_role(made: Made, role: str) -> None:
    with wearing(Role.DESK), acting_for(made.id):
        Membership.objects.filter(practice=made.id, member=made.member).update(role=role)


def seen_at(made: Made, moment: object = None) -> object:
    with wearing(Role.DESK), acting_for(made.id):
        rows = DeskSession.objects.filter(practice=made.id)
        if moment is not None:
            rows.update(seen_at=moment)
        return rows.values_list("seen_at", flat=True).get()


def text(response: HttpResponse) -> str:
    return " ".join(response.content.decode().split())


def test_without_a_way_into_it_the_page_says_what_to_do() -> None:
    made = make_practice()

    page = text(at_desk(made).get(PAGE))

    assert "Noch entsteht keines" in page
    assert "/desk/notfallblatt/" in page
    assert "Jetzt herunterladen" not in page


def test_reception_is_told_whom_to_ask_and_sees_no_owners_forms() -> None:
    made = make_practice()
    as_role(made, "reception")

    page = text(at_desk(made).get(PAGE))

    assert "Eine Inhaberin oder ein Inhaber muss zuerst" in page
    assert "tagesblatt/passphrase/" not in page
    assert "per-mail" not in page


def test_an_owner_sets_changes_and_removes_the_passphrase() -> None:
    made = make_practice()
    client = at_desk(made)

    form = Page(client.get(PAGE)).form(with_field="passphrase")
    answer = client.post(form.action, {**form.fields, "passphrase": PASSPHRASE, "again": PASSPHRASE})

    assert answer.status_code == 302
    assert kinds(made) == ["passphrase"]
    assert PASSPHRASE not in text(client.get(PAGE))
    client.post(f"{PAGE}passphrase/entfernen/")
    assert kinds(made) == []


@pytest.mark.parametrize(
    ("typed", "again", "says"),
    [
        (PASSPHRASE, PASSPHRASE + "x", "Die beiden Eingaben sind verschieden."),
        ("passwort passwort", "passwort passwort", "zu leicht zu erraten"),
        ("", "", "zu leicht zu erraten"),
    ],
)
def test_a_weak_or_mistyped_one_is_refused(typed: str, again: str, says: str) -> None:
    made = make_practice()

    answer = at_desk(made).post(f"{PAGE}passphrase/", {"passphrase": typed, "again": again})

    assert answer.status_code == 422
    assert says in text(answer)
    assert not typed or typed not in text(answer)
    assert kinds(made) == []


@pytest.mark.parametrize("path", ["passphrase/", "passphrase/entfernen/"])
def test_it_asks_for_the_passkey_again(path: str) -> None:
    made = with_passphrase(make_practice())
    client = at_desk(made)
    with wearing(Role.DESK), acting_for(made.id):
        passkey = Passkey.objects.create(member_id=made.member, credential_id=os.urandom(16), public_key=b"public")
        DeskSession.objects.filter(practice=made.id).update(
            passkey=passkey, proved_at=clock.now() - timedelta(minutes=6)
        )

    answer = client.post(PAGE + path, {"passphrase": PASSPHRASE, "again": PASSPHRASE})

    assert answer.status_code == 403
    assert "Passkey" in text(answer)
    assert kinds(made) == ["passphrase"]


def test_the_button_makes_one_and_gives_it_as_a_file() -> None:
    made, visit_type = make_bookable()
    with_passphrase(made)
    book_by_phone(made, visit_type, in_days(1, 9), make_person(last_name="Blatt", first_name="Berta"))

    answer = at_desk(made).post(f"{PAGE}datei/")

    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    assert answer.headers["Content-Disposition"].startswith('attachment; filename="Tagesblatt_20')
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert names(opened(answer.content)) == ["Blatt, Berta"]
    assert len(events(made, "day-sheet.make")) == len(events(made, "day-sheet.fetch")) == 1


def test_the_stored_one_is_given_again_without_opening_a_name() -> None:
    made = with_passphrase(make_practice())
    file = made_file(made)

    answer = at_desk(made).get(f"{PAGE}datei/")

    assert answer.content == file
    assert len(events(made, "day-sheet.make")) == 1


def test_where_there_is_none_the_page_says_so() -> None:
    made = with_passphrase(make_practice())

    answer = at_desk(made).get(f"{PAGE}datei/")

    assert answer.status_code == 404
    assert "Es gibt noch kein Tagesblatt." in text(answer)


def test_an_open_desk_makes_it_when_it_is_due_and_only_then() -> None:
    made = with_passphrase(make_practice())
    client = at_desk(made)

    assert client.get(f"{PAGE}stand/").json() == {"due": True}
    first = client.post(f"{PAGE}neu/", headers=LIVE).json()
    again = client.post(f"{PAGE}neu/", headers=LIVE).json()

    assert first == again == client.get(f"{PAGE}stand/").json()
    assert set(first) == {"due", "made", "moment", "name"}
    assert first["due"] is False
    assert len(events(made, "day-sheet.make")) == 1


def test_without_a_way_into_it_nothing_is_due() -> None:
    made = make_practice()
    client = at_desk(made)

    assert client.get(f"{PAGE}stand/").json() == {"due": False}
    assert client.post(f"{PAGE}neu/").json() == {"due": False}


def test_what_the_page_asks_by_itself_does_not_keep_the_session_alive() -> None:
    made = with_passphrase(make_practice())
    client = at_desk(made)
    before = seen_at(made, clock.now() - timedelta(minutes=30))

    client.get(f"{PAGE}stand/")
    client.post(f"{PAGE}neu/", headers=LIVE)
    client.get(f"{PAGE}datei/", headers=LIVE)

    assert seen_at(made) == before


def test_whoever_may_not_see_patients_gets_none() -> None:
    made = with_passphrase(make_practice())
    made_file(made)
    as_role(made, "referrer")
    client = at_desk(made)

    answers = [client.get(PAGE), client.get(f"{PAGE}stand/"), client.post(f"{PAGE}neu/"), client.get(f"{PAGE}datei/")]

    assert [one.status_code for one in answers] == [403] * 4


def test_an_owner_switches_the_mail_on_and_off() -> None:
    made = make_practice(email="praxis@example.org")
    client = at_desk(made)

    for wanted in (True, True, False):
        assert client.post(f"{PAGE}per-mail/", {"wanted": "1" if wanted else "0"}).status_code == 302
        assert Practice.objects.get(id=made.id).day_sheet_by_mail is wanted

    assert [one.details for one in events(made, "settings.change")] == [{"fields": ["day_sheet_by_mail"]}] * 2


def test_only_the_demo_shows_its_passphrase() -> None:
    made, demo = make_practice(), make_practice(kind=Practice.Kind.DEMO)

    assert PASSPHRASE not in text(at_desk(made).get(PAGE))
    assert PASSPHRASE in text(at_desk(demo).get(PAGE))


def test_every_desk_page_knows_where_to_ask() -> None:
    made = make_practice()

    page = text(at_desk(made).get("/desk/sicherheit/"))

    assert f'data-day-sheet="{made.id}" data-check="/desk/tagesblatt/stand/"' in page


def test_the_row_is_one_for_a_practice() -> None:
    made = with_passphrase(make_practice())
    client = at_desk(made)

    client.post(f"{PAGE}datei/")
    client.post(f"{PAGE}datei/")

    with wearing(Role.DESK), acting_for(made.id):
        assert DaySheet.objects.filter(practice=made.id).count() == 1
