from __future__ import annotations

import pytest
from django.conf import settings
from django.test import override_settings
from django.utils.html import escape

from sprechzeit.environment import Sms
from sprechzeit.furnishing.practice import STATES
from sprechzeit.messages.notifier_key import make_notifier_key
from sprechzeit.practices.legal import AUTHORITIES, missing_in_imprint, missing_in_privacy_notice
from sprechzeit.web.front.privacy import purposes_of
from tests.factories import make_practice, visitor
from tests.web.front.walk import practice_url
from tests.web.page import Page

WHOLE = {
    "street": "Lindenallee 1",
    "postal_code": "20095",
    "city": "Hamburg",
    "subdivision": "HH",
    "phone": "+49 40 1234",
    "responsible": "Dr. <Erika> Muster",
    "imprint": "E-Mail: praxis@example.org\nKammer: Ärztekammer Hamburg",
    "privacy_contact": "datenschutz@example.org",
}


def html_of(slug_url: str) -> str:
    return visitor().get(slug_url).content.decode()


def test_the_imprint_says_what_the_practice_filled_in() -> None:
    made = make_practice(**WHOLE)

    html = html_of(f"{practice_url(made)}impressum/")

    for value in (WHOLE["street"], WHOLE["phone"], WHOLE["responsible"], "Kammer: Ärztekammer Hamburg"):
        assert escape(value) in html
    assert "noch nicht vollständig" not in html
    assert missing_in_imprint(made.practice) == []
    assert missing_in_privacy_notice(made.practice) == []


def test_what_is_missing_is_not_made_up() -> None:
    made = make_practice()

    html = html_of(f"{practice_url(made)}impressum/")

    assert "noch nicht vollständig" in html
    assert len(missing_in_imprint(made.practice)) == 4
    assert len(missing_in_privacy_notice(made.practice)) == 2


def test_the_mail_address_of_the_owner_stays_private() -> None:
    made = make_practice(email="inhaberin@example.org")

    for page in ("", "impressum/", "datenschutz/"):
        assert "inhaberin@example.org" not in html_of(practice_url(made) + page)


def test_the_notice_names_each_field_that_is_asked_with_its_purpose_and_no_other() -> None:
    made = make_practice(birth_date_purpose="Für die <Akte>.", phone_purpose="", note_purpose="Für Wünsche.", **WHOLE)

    html = html_of(f"{practice_url(made)}datenschutz/")

    assert [one.why for one in purposes_of(made.practice)] == ["Für die <Akte>.", "Für Wünsche."]
    assert escape("Für die <Akte>.") in html
    assert "Anmerkung:" in html
    assert "Telefonnummer:" not in html
    assert "Versicherung:" not in html


def test_the_notice_has_what_article_13_asks_for() -> None:
    made = make_practice(**WHOLE)

    html = html_of(f"{practice_url(made)}datenschutz/")

    wanted = (
        "Artikel 6 Absatz 1 Buchstabe b", "Artikel 9 Absatz 2 Buchstabe h", "Artikel 6 Absatz 1 Buchstabe a",
        "Artikel 28", "Artikel 15", "Artikel 16", "Artikel 17", "Artikel 18", "Artikel 20", "Artikel 21", "Artikel 22",
        "Artikel 77", "widerrufen", "Hamburgischer Beauftragter", "datenschutz@example.org", "Wie lange?",
    )  # fmt: skip  # lines grouped by hand
    assert [text for text in wanted if text not in html] == []


def test_the_host_is_named_when_it_has_a_name() -> None:
    made = make_practice()

    with override_settings(HOST_NAME="Rechenzentrum <Nord> eG"):
        named = html_of(f"{practice_url(made)}datenschutz/")

    assert escape("Rechenzentrum <Nord> eG") in named
    assert "der Betreiber dieses Servers" in html_of(f"{practice_url(made)}datenschutz/")


def test_the_code_is_asked_for_only_where_it_is_switched_on() -> None:
    with_code, without = make_practice(confirm_email=True), make_practice(confirm_email=False)

    assert "mit einem Code zu bestätigen" in html_of(f"{practice_url(with_code)}datenschutz/")
    assert "mit einem Code zu bestätigen" not in html_of(f"{practice_url(without)}datenschutz/")


def test_every_federal_state_has_its_authority() -> None:
    assert set(AUTHORITIES) == set(STATES)


@pytest.mark.parametrize("page", ["impressum", "datenschutz"])
@pytest.mark.parametrize("prefix", ["", "/en"])
def test_they_set_no_cookie_and_load_nothing_foreign(page: str, prefix: str) -> None:
    made = make_practice(**WHOLE)

    answer = visitor().get(f"{practice_url(made, prefix=prefix)}{page}/")

    seen = Page(answer)
    assert answer.status_code == 200
    assert not answer.cookies
    assert all(one.startswith("/static/") for one in seen.loaded)
    assert seen.inline == []


@pytest.mark.parametrize("page", ["impressum", "datenschutz"])
def test_there_is_none_of_a_practice_that_does_not_exist(page: str) -> None:
    assert visitor().get(f"/praxis/gibt-es-nicht/{page}/").status_code == 404


def test_the_notice_tells_of_the_provider_of_sms_where_there_is_one() -> None:
    made = make_practice(**WHOLE)
    make_notifier_key(settings.ENVIRONMENT.key_folder)
    url = f"{practice_url(made)}datenschutz/"

    without = html_of(url)
    with override_settings(SMS=Sms("generic", "https://sms.example.org/", "Praxis", "geheim")):
        told = html_of(url)

    assert "Die SMS verschickt ein Anbieter" in told
    assert "Die SMS verschickt ein Anbieter" not in without
