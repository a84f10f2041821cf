from __future__ import annotations

import pytest

from sprechzeit.database.roles import Role
from sprechzeit.database.tenancy import wearing
from sprechzeit.furnishing.visit_type import needs_of
from sprechzeit.practices.models import VisitType
from tests.booking.booked import book_by_phone, rows
from tests.factories import at_desk, in_days, make_bookable, make_practice, make_resource, make_visit_type
from tests.web.desk.settings_of import BASE, agreement, send
from tests.web.page import Page

TYPED = {
    "name_de": "Beratung",
    "tone": "3",
    "duration_minutes": "20",
    "grid_minutes": "10",
    "lead_minutes": "2",
    "lead_minutes_unit": "hours",
    "horizon_days": "60",
    "change_until_minutes": "1",
    "change_until_minutes_unit": "days",
    "online": "1",
}


def test_one_is_added_with_what_it_needs() -> None:
    made = make_practice(clinicians=2)
    room = make_resource(made, kind="room", name="Raum 1")
    clinicians = [str(one.id) for one in made.clinicians]

    answer = send(
        at_desk(made), "terminarten/neu/", "name_de", **{**TYPED, "need-1": clinicians, "need-2": [str(room.id)]}
    )

    assert answer.status_code == 302
    (row,) = rows(made, VisitType)
    assert (row.name_de, row.name_en, row.tone, row.duration_minutes) == ("Beratung", "Beratung", 3, 20)
    assert (row.lead_minutes, row.horizon_days, row.change_until_minutes, row.online) == (120, 60, 1440, True)
    with wearing(Role.DESK):
        assert needs_of(made.id, row.id) == (tuple(one.id for one in made.clinicians), (room.id,))


def test_the_page_shows_needs_of_any_shape_as_they_are() -> None:
    made = make_practice(clinicians=3)
    room = make_resource(made, kind="room", name="Raum 1")
    first, second, third = made.clinicians
    visit_type = make_visit_type(made, [first], [room], [second, third])
    client = at_desk(made)
    with wearing(Role.DESK):
        before = {frozenset(need) for need in needs_of(made.id, visit_type.id)}

    html = client.get(f"{BASE}terminarten/{visit_type.id}/").content.decode()
    checked = {}
    for line in html.split("<input")[1:]:
        if 'name="need-' in line and " checked" in line.split(">")[0]:
            name, value = line.split('name="')[1].split('"')[0], line.split('value="')[1].split('"')[0]
            checked.setdefault(name, []).append(value)
    answer = send(client, f"terminarten/{visit_type.id}/", "name_de", name_de="Anders", **checked)

    assert answer.status_code == 302
    with wearing(Role.DESK):
        assert {frozenset(need) for need in needs_of(made.id, visit_type.id)} == before


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("name_de", {"name_de": ""}),
        ("duration_minutes", {"duration_minutes": "3"}),
        ("duration_minutes", {"duration_minutes": "eine Stunde"}),
        ("buffer_after_minutes", {"buffer_after_minutes": "241"}),
        ("grid_minutes", {"grid_minutes": "7"}),
        ("tone", {"tone": "9"}),
        ("lead_minutes", {"lead_minutes": "61", "lead_minutes_unit": "days"}),
        ("lead_minutes", {"lead_minutes": "1", "lead_minutes_unit": "years"}),
        ("horizon_days", {"horizon_days": "0"}),
        ("needs", {"need-1": []}),
    ],
)
def test_what_is_wrong_stands_at_its_field(field: str, typed: dict[str, object]) -> None:
    made = make_practice()
    need = {"need-1": [str(made.clinicians[0].id)]}

    page = Page(send(at_desk(made), "terminarten/neu/", "name_de", **{**TYPED, **need, **typed}))

    assert (page.status, set(page.errors)) == (422, {field})
    assert rows(made, VisitType) == []


def test_who_is_checked_in_two_groups_is_named_and_stays_checked() -> None:
    made = make_practice()
    clinician = str(made.clinicians[0].id)

    answer = send(
        at_desk(made), "terminarten/neu/", "name_de", **{**TYPED, "need-1": [clinician], "need-2": [clinician]}
    )

    assert answer.status_code == 422
    assert "Dr. Test 1 ist in zwei Gruppen angekreuzt" in Page(answer).errors["needs"]
    assert answer.content.decode().count(f'value="{clinician}" checked') == 2


def test_a_new_length_shows_what_stays_as_it_is() -> None:
    made, visit_type = make_bookable()
    book_by_phone(made, visit_type, in_days(1, 9))
    client, path = at_desk(made), f"terminarten/{visit_type.id}/"
    need = {"need-1": [str(made.clinicians[0].id)]}

    answer = send(client, path, "name_de", duration_minutes="45", **need)
    (unchanged,) = rows(made, VisitType)
    send(client, path, "name_de", duration_minutes="45", agreed=agreement(answer), **need)

    assert answer.status_code == 409
    assert "1 kommender Termin bleibt, wie er ist" in answer.content.decode()
    assert Page(answer).form(with_field="name_de").fields["duration_minutes"] == "45"
    assert unchanged.duration_minutes == 30
    assert rows(made, VisitType)[0].duration_minutes == 45


def test_retired_and_brought_back() -> None:
    made, visit_type = make_bookable()
    client, url = at_desk(made), f"{BASE}terminarten/{visit_type.id}/"

    client.post(url + "stilllegen/", {"agreed": agreement(client.get(url + "stilllegen/"))})
    retired = client.get(f"/praxis/{made.practice.slug}/").content.decode()
    client.post(url + "zurueckholen/")

    assert "Sprechstunde" not in retired
    assert "Sprechstunde" in client.get(f"/praxis/{made.practice.slug}/").content.decode()
