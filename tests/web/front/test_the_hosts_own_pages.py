from __future__ import annotations

import pytest
from django.test import override_settings

from tests.factories import make_practice, visitor
from tests.web.front.walk import practice_url
from tests.web.page import Page

WHOLE = {
    "HOST_NAME": "Rechenzentrum <Nord> eG",
    "HOST_ADDRESS": ("Deichweg 1", "20095 Hamburg"),
    "HOST_CONTACT": "info@rz-nord.example",
    "HOST_IMPRINT": ("Genossenschaftsregister 1234",),
}


@pytest.mark.parametrize("path", ["/impressum/", "/datenschutz/"])
def test_they_name_the_host_as_it_is_set(path: str) -> None:
    with override_settings(**WHOLE):
        html = visitor().get(path).content.decode()

    for text in ("Rechenzentrum &lt;Nord&gt; eG", "Deichweg 1", "20095 Hamburg", "mailto:info@rz-nord.example"):
        assert text in html
    assert "noch nicht vollständig" not in html


@pytest.mark.parametrize("path", ["/impressum/", "/datenschutz/"])
def test_what_is_not_set_is_said_and_not_made_up(path: str) -> None:
    assert "vermutlich nur ein Testserver" in visitor().get(path).content.decode()
    with override_settings(DEMO=True):
        assert "Demo auf einem Rechner zum Ausprobieren" in visitor().get(path).content.decode()


@pytest.mark.parametrize("path", ["/", "/suche/", "/impressum/", "/praxis/no-such-practice/"])
def test_pages_of_no_practice_lead_to_them(path: str) -> None:
    assert {"/impressum/", "/datenschutz/"} <= set(Page(visitor().get(path)).links)


def test_a_practices_pages_lead_to_its_own() -> None:
    made = make_practice()

    links = set(Page(visitor().get(practice_url(made))).links)

    assert f"{practice_url(made)}impressum/" in links
    assert "/impressum/" not in links


@pytest.mark.parametrize("path", ["/", "/suche/?fach=Augenheilkunde", "practice"])
def test_pages_for_search_engines_name_themselves_in_each_language(path: str) -> None:
    path = practice_url(make_practice()) if path == "practice" else path

    html = visitor().get(path).content.decode()

    for language, prefix in (("de", ""), ("x-default", ""), ("en", "/en"), ("ar", "/ar")):
        assert f'hreflang="{language}" href="http://localhost:8000{prefix}{path}"' in html


def test_a_practice_that_is_not_listed_is_not_offered_to_search_engines() -> None:
    html = visitor().get(practice_url(make_practice(listed=False))).content.decode()

    assert 'rel="alternate"' not in html
    assert 'content="noindex"' in html
