from __future__ import annotations

from django.test import Client

from sprechzeit.booking.models import SavedView
from sprechzeit.database.roles import Role
from sprechzeit.database.tenancy import acting_for, wearing
from tests.factories import Made, at_desk, in_days, make_bookable, make_resource
from tests.web.page import Page


def saved(made: Made) -> list[tuple[str, str, list[int], int]]:
    with wearing(Role.DESK), acting_for(made.id):
        rows = SavedView.objects.filter(practice=made.id).order_by("id")
        return [(one.name, one.shape, one.resource_ids, one.zoom) for one in rows]


def keep(client: Client, address: str, name: str) -> str:
    """Fill in the page's own form; tell where it leads."""
    page = Page(client.get(address))
    form = next(one for one in page.forms if one.action.endswith("/ansicht/neu/"))
    answer = form.send(client, name=name)
    assert answer.status_code == 303
    return str(answer.headers["Location"])


def test_the_columns_of_the_page_are_kept_and_come_back_as_a_tab() -> None:
    made, _ = make_bookable(clinicians=2)
    room = make_resource(made, kind="room", name="Raum")
    client = at_desk(made)
    day = in_days(3).date().isoformat()

    there = keep(client, f"/desk/?tag={day}&spalten={made.clinicians[1].id},{room.id}&raster=5", "Mittwochs")

    assert there == f"/desk/?tag={day}&spalten={made.clinicians[1].id},{room.id}&raster=5"
    assert saved(made) == [("Mittwochs", "day", [made.clinicians[1].id, room.id], 5)]
    page = client.get(there).content.decode()
    assert f'href="{there.replace("&", "&amp;")}" aria-current="page">Mittwochs</a>' in page
    assert f'href="{there.replace("&", "&amp;")}">Mittwochs</a>' in client.get(f"/desk/?tag={day}").content.decode()


def test_a_week_is_kept_as_a_week() -> None:
    made, _ = make_bookable(clinicians=2)
    first, second = made.clinicians
    client = at_desk(made)

    there = keep(client, f"/desk/woche/?bei={first.id},{second.id}", "Beide")

    assert there.startswith("/desk/woche/?tag=")
    assert f"bei={first.id},{second.id}" in there
    assert saved(made) == [("Beide", "week", [first.id, second.id], 15)]


def test_a_view_is_renamed_and_deleted_on_the_page() -> None:
    made, _ = make_bookable()
    client = at_desk(made)
    there = keep(client, "/desk/", "Alt")

    rename = next(one for one in Page(client.get(there)).forms if one.action.endswith("/name/"))
    assert rename.send(client, name="Neu").status_code == 303
    assert [one[0] for one in saved(made)] == ["Neu"]
    delete = next(one for one in Page(client.get(there)).forms if one.action.endswith("/weg/"))
    assert delete.send(client).status_code == 303

    assert saved(made) == []


def test_a_column_that_is_gone_is_left_out_of_the_tab() -> None:
    made, _ = make_bookable(clinicians=2)
    second = made.clinicians[1]
    client = at_desk(made)
    room = make_resource(made, kind="room", name="Raum")
    keep(client, f"/desk/?spalten={second.id},{room.id}", "Zwei")
    with wearing(Role.DESK), acting_for(made.id):
        SavedView.objects.filter(practice=made.id).update(resource_ids=[second.id, room.id + 10_000])

    page = client.get("/desk/").content.decode()

    assert f"spalten={second.id}&quot;" in page or f'spalten={second.id}">Zwei' in page


def test_what_cannot_be_kept_is_said() -> None:
    made, _ = make_bookable()
    client = at_desk(made)

    bad = {"name": "X", "form": "day", "spalten": "1,x", "raster": "15"}
    assert client.post("/desk/ansicht/neu/", bad).status_code == 422
    answer = client.post("/desk/ansicht/neu/", {**bad, "spalten": str(made.clinicians[0].id), "name": " "})
    assert answer.status_code == 422
    assert "1 bis 40 Zeichen" in answer.content.decode()
    assert saved(made) == []
