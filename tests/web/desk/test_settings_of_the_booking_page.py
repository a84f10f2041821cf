from __future__ import annotations

from django.utils.html import escape

from sprechzeit.practices.models import Practice
from sprechzeit.vault import link_to_text
from tests.factories import at_desk, book, in_days, make_bookable, make_practice, visitor
from tests.web.desk.settings_of import send
from tests.web.page import Page


def test_the_texts_are_saved_and_stand_on_the_booking_page_in_its_language() -> None:
    made = make_practice()
    client = at_desk(made)

    send(client, "buchungsseite/", "welcome_de", welcome_de="Guten Tag!\r\nBitte <klingeln>.", welcome_en="Hello!")

    german = visitor().get(f"/praxis/{made.practice.slug}/").content.decode()
    english = visitor().get(f"/en/praxis/{made.practice.slug}/").content.decode()
    assert escape("Bitte <klingeln>.") in german
    assert "Hello!" not in german
    assert "Hello!" in english
    assert "Guten Tag!" not in english


def test_without_an_english_text_the_german_one_stands_there_too() -> None:
    made = make_practice()

    send(at_desk(made), "buchungsseite/", "welcome_de", welcome_de="Bitte klingeln.")

    assert "Bitte klingeln." in visitor().get(f"/en/praxis/{made.practice.slug}/").content.decode()


def test_a_text_that_is_too_long_is_told_at_its_field_and_kept() -> None:
    made = make_practice()

    answer = send(at_desk(made), "buchungsseite/", "welcome_de", welcome_de="x" * 1001, welcome_en="fine")

    page = Page(answer)
    assert (page.status, set(page.errors)) == (422, {"welcome_de"})
    assert "x" * 1001 in answer.content.decode()
    assert Practice.objects.get(id=made.id).welcome_en == ""


def test_the_code_is_a_picture_to_print_and_leads_to_the_page() -> None:
    made = make_practice()

    answer = at_desk(made).get("/desk/einstellungen/buchungsseite/code/")

    assert answer.headers["Content-Type"] == "image/svg+xml"
    assert f"{made.practice.slug}.svg" in answer.headers["Content-Disposition"]
    assert answer.content.startswith(b"<?xml")


def test_what_is_to_bring_stands_where_a_time_is_chosen_and_at_the_appointment() -> None:
    made, visit_type = make_bookable()
    needs = {"need-1": [str(made.clinicians[0].id)]}
    send(at_desk(made), f"terminarten/{visit_type.id}/", "name_de", instructions_de="Bitte nüchtern kommen.", **needs)

    times = visitor().get(f"/praxis/{made.practice.slug}/termin/{visit_type.id}/")
    booked = book(made, visit_type, in_days(1, 9))
    managed = visitor().get(f"/praxis/{made.practice.slug}/mein-termin/{link_to_text(booked.manage_secret)}/")

    assert "Bitte nüchtern kommen." in times.content.decode()
    assert "Bitte nüchtern kommen." in managed.content.decode()


def test_sites_that_may_frame_it_are_listed_and_stand_in_the_policy() -> None:
    made = make_practice()

    answer = send(at_desk(made), "buchungsseite/", "welcome_de", widget_origins="https://www.praxis-beispiel.de/\r\n")

    policy = visitor().get(f"/widget/{made.practice.slug}/").headers["Content-Security-Policy"]
    assert answer.status_code == 302
    assert Practice.objects.get(id=made.id).widget_origins == ["https://www.praxis-beispiel.de"]
    assert "frame-ancestors https://www.praxis-beispiel.de" in policy


def test_a_site_that_is_none_is_told_at_its_field_and_kept() -> None:
    made = make_practice()

    answer = send(at_desk(made), "buchungsseite/", "welcome_de", widget_origins="http://www.praxis-beispiel.de")

    page = Page(answer)
    assert (page.status, set(page.errors)) == (422, {"widget_origins"})
    assert "http://www.praxis-beispiel.de</textarea>" in answer.content.decode()
    assert Practice.objects.get(id=made.id).widget_origins == []


def test_the_pieces_to_copy_lead_to_this_practice_and_the_preview_is_our_own_page() -> None:
    made = make_practice()

    answer = at_desk(made).get("/desk/einstellungen/buchungsseite/")

    html, slug = answer.content.decode(), made.practice.slug
    assert escape(f'<script src="http://localhost:8000/static/widget.js" data-praxis="{slug}" async></script>') in html
    assert escape(f'<iframe src="http://localhost:8000/widget/{slug}/"') in html
    assert f'src="/widget-vorschau/{slug}/"' in html
    assert "frame-src 'self'" in answer.headers["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]
