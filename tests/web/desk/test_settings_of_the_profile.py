from __future__ import annotations

from typing import Any

import pytest
from django.http import HttpResponse
from django.utils.html import escape

from sprechzeit.audit.models import Event
from sprechzeit.database.roles import Role
from sprechzeit.database.tenancy import acting_for, wearing
from sprechzeit.practices.models import Practice
from tests.factories import Made, at_desk, make_practice, visitor
from tests.web.page import Page

URL = "/desk/einstellungen/profil/"
TYPED: dict[str, Any] = {
    "languages": ["de", "tr"],
    "accessibility": ["lift"],
    "insurances": ["statutory"],
    "website": "https://praxis.example/",
    "directions_de": "Am Bahnhof links.\r\nZweite Klingel.",
    "directions_en": "",
    "responsible": "Dr. Erika Muster",
    "imprint": "E-Mail: praxis@example.org",
    "privacy_contact": "datenschutz@example.org",
    "phone_purpose": "Falls sich am Termin etwas ändert.",
    "insurance_purpose": "",
    "note_purpose": "",
}


def save(made: Made, **typed: Any) -> HttpResponse:
    client = at_desk(made)
    token = Page(client.get(URL)).form(with_field="website").fields["csrfmiddlewaretoken"]
    return client.post(URL, {**TYPED, **typed, "csrfmiddlewaretoken": token})


def test_it_is_saved_shown_again_and_written_in_the_trail_once() -> None:
    made = make_practice()

    answer = save(made)
    save(made)

    stored = Practice.objects.get(id=made.id)
    assert answer.status_code == 302
    assert (stored.languages, stored.accessibility, stored.insurances) == (["de", "tr"], ["lift"], ["statutory"])
    assert stored.directions_de == "Am Bahnhof links.\nZweite Klingel."
    assert (stored.accepts_new, stored.confirm_email) == (False, False)
    html = at_desk(made).get(URL).content.decode()
    assert 'name="languages" value="tr" checked' in html
    assert 'name="languages" value="en" checked' not in html
    assert escape("Falls sich am Termin etwas ändert.") in html
    with wearing(Role.DESK), acting_for(made.id):
        events = Event.objects.filter(practice=made.id, action="settings.change")
        assert events.count() == 1


def test_patients_find_and_read_it_at_once() -> None:
    made = make_practice()

    save(made, accepts_new="1", languages=["de", "vi"])

    client = visitor()
    page = f"/praxis/{made.practice.slug}/"
    assert page in client.get("/suche/?sprache=vi&neu=1&kasse=statutory&zugang=lift").content.decode()
    assert page not in client.get("/suche/?sprache=vi&kasse=private").content.decode()
    assert "Deutsch, Vietnamesisch" in client.get(page).content.decode()
    assert "Dr. Erika Muster" in client.get(f"{page}impressum/").content.decode()
    assert escape("Falls sich am Termin etwas ändert.") in client.get(f"{page}datenschutz/").content.decode()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("website", "praxis"),
        ("website", "javascript:alert(1)"),
        ("website", "https://" + "x" * 300),
        ("languages", ["xx"]),
        ("accessibility", ["rocket"]),
        ("insurances", ["none"]),
        ("directions_de", "x" * 1001),
        ("imprint", "x" * 2001),
        ("responsible", "x" * 201),
        ("phone_purpose", "zwei\nZeilen"),
    ],
)
def test_what_is_wrong_is_told_at_its_field_and_nothing_is_saved(field: str, value: Any) -> None:
    made = make_practice()

    answer = save(made, **{field: value})

    assert answer.status_code == 422
    assert "field--error" in answer.content.decode()
    assert Practice.objects.get(id=made.id).languages == []


def test_what_the_law_wants_and_is_missing_is_told_to_the_owner() -> None:
    made = make_practice()

    before = at_desk(made).get(URL).content.decode()
    save(made)
    after = at_desk(made).get(URL).content.decode()

    assert "Im Impressum fehlt noch:" in before
    assert "Name des Inhabers" in before
    assert "Name des Inhabers" not in after
    assert "Anschrift" in after  # it is set elsewhere and still missing
    assert "In den Datenschutzhinweisen fehlt noch:" in after


def test_the_overview_leads_there() -> None:
    assert URL in Page(at_desk(make_practice()).get("/desk/einstellungen/")).links
