from __future__ import annotations

from datetime import timedelta

from sprechzeit import clock
from tests.factories import in_days, make_bookable, make_practice, make_resource, make_visit_type, open_up, visitor
from tests.web.front.walk import TYPED, details_url, times_url
from tests.web.page import Page


def test_who_wants_the_afternoon_is_shown_the_next_time_at_all() -> None:
    made, visit_type = make_bookable(hours=(9, 11), days=2)
    here = times_url(made, visit_type)

    html = visitor().get(f"{here}?tageszeit=nachmittag").content.decode()
    later = visitor().get(f"{here}?ab={in_days(9).date().isoformat()}").content.decode()

    for page in (html, later):
        assert "nichts frei" in page
        assert "Nächste freie Zeit" in page
        assert "09:00 Uhr" in page
        assert f'href="{here}?bei=alle"' in page


def test_who_wants_one_clinician_is_shown_the_others_earliest_first() -> None:
    made = make_practice()
    full, late, early = (make_resource(made, name=name) for name in ("Dr. Voll", "Dr. Spät", "Dr. Früh"))
    open_up(made, late, in_days(3, 9), in_days(3, 10))
    open_up(made, early, in_days(1, 9), in_days(1, 10))
    visit_type = make_visit_type(made, [full, late, early])
    here = times_url(made, visit_type)

    html = visitor().get(f"{here}?bei={full.id}").content.decode()

    offered = html[html.index("Bei anderen ist etwas frei") :]
    assert offered.index("Dr. Früh") < offered.index("Dr. Spät")
    assert f"{here}?bei={early.id}" in Page(visitor().get(f"{here}?bei={full.id}")).links
    assert "Dr. Voll" not in offered


def test_where_nothing_is_free_at_all_nothing_is_promised_and_help_is_named() -> None:
    made = make_practice(phone="+49 30 1234")
    visit_type = make_visit_type(made, released_hours=24)

    page = visitor().get(times_url(made, visit_type))
    html = page.content.decode()

    assert "Nächste freie Zeit" not in html
    assert "Bei anderen" not in html
    assert "24 Stunden vorher freigegeben" in html
    assert {"tel:+49301234", "tel:116117", "https://www.116117.de/"} <= set(Page(page).links)


def test_a_time_that_passed_while_the_form_was_open_is_told_as_such() -> None:
    made, visit_type = make_bookable(hours=(9, 11), days=2)
    client = visitor()
    form = details_url(client, made, visit_type, in_days(1, 9))

    with clock.travelled(in_days(1, 9, 20) - clock.now()):
        gone = client.post(form, TYPED)

    assert gone.status_code == 409
    assert "inzwischen vorbei" in gone.content.decode()
    assert Page(gone).form(with_field="zeit").fields["zeit"]
    assert Page(gone).form(with_field="first_name").fields["last_name"] == TYPED["last_name"]


def test_past_and_too_soon_are_told_apart_when_a_time_is_chosen() -> None:
    made, visit_type = make_bookable(hours=(9, 12), days=1, lead_minutes=120)
    client, start = visitor(), in_days(1, 9)

    def answer(before: timedelta) -> str:
        with clock.travelled(start - before - clock.now()):
            sent = {"art": str(visit_type.id), "bei": "alle", "zeit": start.isoformat()}
            return client.post(f"/praxis/{made.practice.slug}/halten/", sent).content.decode()

    assert "liegt in der Vergangenheit" in answer(-timedelta(minutes=5))
    assert "So kurzfristig geht es nur am Telefon" in answer(timedelta(minutes=60))
