"""A practice writes its own texts: mails say them, and what must stand in every mail still stands there."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.db import ProgrammingError
from django.test import Client

from sprechzeit import clock
from sprechzeit.booking.cancel import cancel_appointment
from sprechzeit.booking.tell import tell_confirmed
from sprechzeit.database.roles import Role
from sprechzeit.database.tenancy import acting_for, wearing
from sprechzeit.errors import Invalid
from sprechzeit.furnishing.message_text import change_message_text, own_texts, reset_message_text
from sprechzeit.messages.models import Message, MessageTemplate
from sprechzeit.messages.own_text import OwnText
from sprechzeit.messages.preview import example_message, preview_of
from sprechzeit.messages.render import built_in
from sprechzeit.messages.texts import NAMES, Text, in_body, text_of
from tests.booking.booked import events
from tests.factories import Made, at_desk, make_practice
from tests.messages.post_box import PostBox
from tests.messages.posted import deliver_all, messages
from tests.messages.test_what_a_mail_says import text_of as part_of
from tests.messages.told import appointment, booked, mailing
from tests.web.page import Page

PAGE = "/desk/einstellungen/nachrichten/text/?text={text}&sprache={language}"
OWN = OwnText("Bis {day}", "Liebe Patientin,\nbis {day} um {time} <Uhr>.\n\n{practice}")


def write(made: Made, text: Text, own: OwnText = OWN, language: str = "de") -> None:
    with wearing(Role.DESK):
        change_message_text(made.id, made.actor, text, language, own)


def mailed(box: PostBox) -> Any:
    deliver_all()
    (mail,) = box.mails
    return mail


def url(text: Text = Text.REMINDER, language: str = "de") -> str:
    return PAGE.format(text=text.value, language=language)


def send(client: Client, subject: str, body: str, **button: str) -> Page:
    return Page(client.post(url(), {"subject": subject, "body": body, **button}, follow=True))


def test_a_mail_says_what_the_practice_wrote_with_the_appointments_day_and_time(box: PostBox) -> None:
    made, visit_type = mailing()
    write(made, Text.CONFIRMATION)
    booked(made, visit_type)

    mail = mailed(box)
    plain, page = (part_of(mail, kind).replace("\r", "") for kind in ("plain", "html"))

    assert str(mail["Subject"]).startswith("Bis ")
    assert plain.startswith("Liebe Patientin,\nbis ")
    assert "um 09:00 <Uhr>." in plain
    assert "um 09:00 &lt;Uhr&gt;." in page
    assert "<p>Liebe Patientin,<br>bis " in page
    assert "Guten Tag" not in plain + page
    assert [one.get_content_type() for one in mail.iter_attachments()] == ["text/calendar"]


def test_practice_stop_link_and_a_manage_link_that_it_forgot_stand_below(box: PostBox) -> None:
    made, visit_type = mailing(phone_purpose="")
    write(made, Text.CONFIRMATION)
    booked(made, visit_type)

    mail = mailed(box)

    for text in (part_of(mail, "plain"), part_of(mail, "html")):
        assert made.practice.name in text
        assert "/nicht-fuer-mich/" in text
        assert text.count("/mein-termin/") == 1


def test_a_link_that_it_names_is_clickable_and_not_repeated(box: PostBox) -> None:
    made, visit_type = mailing()
    write(made, Text.CONFIRMATION, OwnText("Termin", "Hier: {link}"))
    booked(made, visit_type)

    mail = mailed(box)

    assert part_of(mail, "plain").count("/mein-termin/") == 1
    assert '<p>Hier: <a href="' in part_of(mail, "html")


def test_only_in_the_language_that_it_was_written_for(box: PostBox) -> None:
    made, visit_type = mailing()
    write(made, Text.CONFIRMATION, language="en")
    booked(made, visit_type)

    assert mailed(box)["Subject"] == "Ihr Termin ist gebucht"


def test_a_request_does_not_read_like_a_booking(box: PostBox) -> None:
    made, visit_type = mailing(needs_confirmation=True)
    write(made, Text.CONFIRMATION, OwnText("Fest gebucht", "Gebucht!"))
    booking = booked(made, visit_type)
    first = mailed(box)["Subject"]
    box.mails.clear()

    with wearing(Role.DESK), acting_for(made.id):
        tell_confirmed(appointment(made, booking))

    assert (first, mailed(box)["Subject"]) == ("Ihre Terminanfrage", "Fest gebucht")


def test_the_practices_cancellation_is_not_the_patients(box: PostBox) -> None:
    made, visit_type = mailing()
    write(made, Text.OWN_CANCELLATION, OwnText("Schade", "Sie haben abgesagt."))
    booking = booked(made, visit_type)
    deliver_all()
    box.mails.clear()
    with wearing(Role.DESK):
        cancel_appointment(made.id, made.actor, booking.appointment_id, version=1)

    with clock.travelled(timedelta(minutes=11)):
        assert mailed(box)["Subject"] == "Ihr Termin findet nicht statt"


def test_what_for_is_told_only_where_the_practice_wrote_so(box: PostBox) -> None:
    silent, silent_type = mailing(name_de="Hautkrebsvorsorge")
    booked(silent, silent_type)
    made, visit_type = mailing(name_de="Hautkrebsvorsorge")
    write(made, Text.CONFIRMATION, OwnText("Termin", "{visit_type} am {day}"))
    booked(made, visit_type)

    deliver_all()

    quiet, loud = (part_of(one, "plain") for one in box.mails)
    assert "Hautkrebsvorsorge" not in quiet
    assert loud.startswith("Hautkrebsvorsorge am ")
    assert [one.facts.get("visit_type") for one in (*messages(silent), *messages(made))] == [None, visit_type.id]


def test_a_message_that_does_not_know_what_for_says_ours(box: PostBox) -> None:
    made, visit_type = mailing()
    booked(made, visit_type)  # put in before the practice wrote its text
    write(made, Text.CONFIRMATION, OwnText("Termin", "{visit_type}"))

    assert part_of(mailed(box), "plain").startswith("Guten Tag,")


@pytest.mark.parametrize(
    ("own", "field"),
    [
        (OwnText("", "Text"), "subject"),
        (OwnText("Betreff", ""), "body"),
        (OwnText("a\nb", "Text"), "subject"),
        (OwnText("x" * 121, "Text"), "subject"),
        (OwnText("Betreff", "x" * 2001), "body"),
        (OwnText("{visit_type}", "Text"), "subject"),
        (OwnText("{link}", "Text"), "subject"),
        (OwnText("Betreff", "Liebe {patient}"), "body"),
        (OwnText("Betreff", "{day.__class__}"), "body"),
        (OwnText("Betreff", "{"), "body"),
    ],
)
def test_what_is_wrong_is_refused_at_its_field(database: None, own: OwnText, field: str) -> None:
    made = make_practice()

    with pytest.raises(Invalid) as refused:
        write(made, Text.REMINDER, own)

    assert refused.value.field == field
    with wearing(Role.DESK):
        assert own_texts(made.id) == {}


def test_a_cancellation_has_no_link_to_name(database: None) -> None:
    made = make_practice()

    with pytest.raises(Invalid) as refused:
        write(made, Text.CANCELLATION, OwnText("Absage", "{link}"))

    assert "{link} gibt es hier nicht" in refused.value.message
    assert "{day}" in refused.value.message


@pytest.mark.parametrize("language", [code for code, _name in settings.LANGUAGES])
@pytest.mark.parametrize("text", list(Text))
def test_every_text_begins_with_ours_and_has_a_preview(database: None, text: Text, language: str) -> None:
    client = at_desk(make_practice(phone="+49 30 1"))

    page = Page(client.get(url(text, language)))

    form = page.form(with_field="subject")
    assert page.status == 200
    assert form.fields["subject"]
    assert page.inline == []
    assert ("vorschau", "1") in form.buttons


def test_ours_with_words_in_braces_says_the_same_as_ours(database: None) -> None:
    """Who opens the page and saves changes nothing of what patients read, whatever text and language."""
    made = make_practice(phone="+49 30 1", street="Ring 1", city="Berlin")
    for text in Text:
        for language, _name in settings.LANGUAGES:
            ours = built_in(example_message(text, language), language)
            before, after = (preview_of(made.practice, text, language, own) for own in (None, ours))

            assert set(after.plain.split()) == set(before.plain.split())
            assert before.subject == after.subject


def test_saved_from_the_page_it_counts_and_stands_in_the_trail(database: None) -> None:
    made = make_practice()
    client = at_desk(made)

    page = send(client, "Bis bald", "Am {day}.\r\n\r\nGruß")

    with wearing(Role.DESK):
        assert own_texts(made.id) == {("reminder", "de"): OwnText("Bis bald", "Am {day}.\n\nGruß")}
    assert "Gespeichert." in page.text
    (event,) = events(made, "message-text.change")
    assert event.details == {"text": "reminder", "language": "de"}
    assert "eigener Text" in Page(client.get("/desk/einstellungen/nachrichten/")).text


def test_a_preview_shows_what_was_typed_and_saves_nothing(database: None) -> None:
    made = make_practice()
    client = at_desk(made)

    answer = client.post(url(), {"subject": "Bis bald", "body": "Kommen Sie am {day} <b>.", "vorschau": "1"})

    html = answer.content.decode()
    assert "Vorschau, noch nicht gespeichert" in html
    assert "Kommen Sie am {day} &lt;b&gt;." in html  # in the field
    assert "&amp;lt;b&amp;gt;" in html  # in the mail's page, inside the frame's attribute
    assert 'sandbox=""' in html
    with wearing(Role.DESK):
        assert own_texts(made.id) == {}
    assert events(made, "message-text.change") == []


def test_a_wrong_word_stands_at_its_field_with_those_there_are_and_nothing_typed_is_lost(database: None) -> None:
    client = at_desk(make_practice())

    page = send(client, "Bis bald", "Liebe {patient}")

    assert page.status == 422
    assert "{patient} gibt es hier nicht" in page.errors["body"]
    assert "{visit_type}" in page.errors["body"]
    assert page.form(with_field="subject").fields["subject"] == "Bis bald"


def test_it_warns_when_it_tells_what_for(database: None) -> None:
    client = at_desk(make_practice())
    warning = "steht in der E-Mail, wofür der Termin ist"

    assert warning in send(client, "Bis bald", "{visit_type}", vorschau="1").text
    assert warning not in send(client, "Bis bald", "{day}", vorschau="1").text


def test_back_to_ours(database: None) -> None:
    made = make_practice()
    client = at_desk(made)
    send(client, "Bis bald", "Am {day}.")

    send(client, "Bis bald", "Am {day}.", zurueck="1")
    with wearing(Role.DESK):
        reset_message_text(made.id, made.actor, Text.REMINDER, "de")
        assert own_texts(made.id) == {}

    assert len(events(made, "message-text.reset")) == 1


@pytest.mark.parametrize("query", ["", "?text=code&sprache=de", "?text=reminder&sprache=xx", "?text=reminder"])
def test_a_text_that_is_none_is_not_found(database: None, query: str) -> None:
    answer = at_desk(make_practice()).get(f"/desk/einstellungen/nachrichten/text/{query}")

    assert answer.status_code == 404


def test_patients_pages_cannot_read_what_practices_wrote(database: None) -> None:
    made = make_practice()
    write(made, Text.REMINDER)

    with wearing(Role.FRONT), pytest.raises(ProgrammingError), acting_for(made.id):
        MessageTemplate.objects.filter(practice=made.id).values_list("body").first()


def test_every_text_is_said_by_the_message_that_it_belongs_to() -> None:
    assert [text_of(example_message(text, "de")) for text in Text] == list(Text) == list(NAMES)
    assert all("day" in in_body(text) for text in Text)
    assert text_of(Message(kind="code")) is None
