"""What stands in a mail, in its source as it leaves, and in its calendar file."""

from __future__ import annotations

import re
from datetime import timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import pytest
from django.test import override_settings
from icalendar import Calendar

from sprechzeit.identifiers import new_id
from sprechzeit.messages.letter import Letter
from sprechzeit.messages.models import Message
from sprechzeit.messages.render import render
from sprechzeit.practices.models import Practice
from tests.factories import in_days, make_practice
from tests.messages.posted import facts

LINK = "https://termine.example.org/praxis/linde/mein-termin/AAAAAAAAAAAAAAAAAAAAAA/"
STOP = "BBBBBBBBBBBBBBBBBBBBBQ"


def practice(**fields: Any) -> Practice:
    given = {"street": "Lindenallee 12", "postal_code": "10115", "city": "Berlin", "phone": "+49 30 23125 000"}
    made = make_practice(**{**given, **fields})
    made.practice.name = "Praxis Müller & <Söhne>"
    return made.practice


def source(kind: str, *, language: str = "de", by: Practice | None = None, **more: int | str) -> bytes:
    by = by or practice()
    row = Message(
        id=new_id(),
        practice_id=by.id,
        kind=kind,
        about=new_id(),
        language=language,
        facts={"minutes": 30} if kind == "code" else facts(sequence=3) | more,
    )
    text = "Dr. Ü ist krank & kommt <nicht>.\n\n\nRufen Sie an." if kind == "note" else ""
    letter = Letter(to="erika@example.org", code="042137", link=LINK, stop=STOP, text=text)
    with override_settings(PUBLIC_URL="https://termine.example.org", DEFAULT_FROM_EMAIL="termine@example.org"):
        return render(row, by, letter).content


def mail(kind: str, **options: Any) -> EmailMessage:
    found = message_from_bytes(source(kind, **options), policy=policy.default)
    assert isinstance(found, EmailMessage)
    assert not found.defects
    return found


def text_of(found: EmailMessage, kind: str) -> str:
    part = found.get_body((kind,))
    assert part is not None
    return str(part.get_content())


def calendar_of(found: EmailMessage) -> Any:
    (file,) = found.iter_attachments()
    assert file.get_content_type() == "text/calendar"
    calendar = Calendar.from_ical(file.get_content())
    assert file.get_param("method") == str(calendar["method"])
    return calendar


@pytest.mark.parametrize("language", ["de", "en"])
@pytest.mark.parametrize("kind", Message.Kind.values)
def test_every_mail_names_the_practice_with_address_and_phone_and_can_be_stopped(kind: str, language: str) -> None:
    found = mail(kind, language=language)

    stop = f"https://termine.example.org{'/en' if language == 'en' else ''}/nicht-fuer-mich/"
    plain, page = text_of(found, "plain"), text_of(found, "html")
    assert "Praxis Müller & <Söhne>" in plain
    assert "Praxis Müller &amp; &lt;Söhne&gt;" in page
    for text in (plain, page):
        for wanted in ("Lindenallee 12, 10115 Berlin", "+49 30 23125 000", stop, STOP):
            assert wanted in text
        assert "None" not in text
        assert "{{" not in text
        assert "{%" not in text
    assert "\n\n\n" not in plain
    assert "&amp;" not in plain


@pytest.mark.parametrize("kind", Message.Kind.values)
def test_its_headers_say_who_sends_and_that_no_machine_should_answer(kind: str) -> None:
    found = mail(kind)

    assert found["From"].addresses[0].display_name == "Praxis Müller & <Söhne>"
    assert found["From"].addresses[0].addr_spec == "termine@example.org"
    assert found["Auto-Submitted"] == "auto-generated"
    assert re.fullmatch(r"<[0-9a-f-]{36}@termine\.example\.org>", found["Message-ID"])
    assert re.fullmatch(rf"<https://[^ ]+/{STOP}/(\?einladung=1)?>", found["List-Unsubscribe"])
    assert found["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    for unwanted in ("Return-Receipt-To", "Disposition-Notification-To", "X-Mailer", "Reply-To"):
        assert found[unwanted] is None


@pytest.mark.parametrize("kind", Message.Kind.values)
def test_nothing_in_it_is_loaded_from_anywhere(kind: str) -> None:
    page = text_of(mail(kind), "html")

    assert not re.search(r"<(img|link|script|iframe|video|object|style)|\bsrc=|url\(|style=", page)
    assert all(one.startswith("https://termine.example.org/") for one in re.findall(r'href="([^"]*)"', page))


def test_only_ascii_lines_of_a_length_that_every_server_takes_leave() -> None:
    content = source("confirmation")

    assert content.isascii()
    assert f"/{STOP}/>\r\n".encode() in content
    assert all(len(line) <= 998 for line in content.split(b"\r\n"))
    assert b"\n" not in content.replace(b"\r\n", b"")


def test_the_code_stands_in_the_text_and_not_in_the_subject() -> None:
    found = mail("code")

    assert "042137" in text_of(found, "plain")
    assert "042137" in text_of(found, "html")
    assert "042137" not in found["Subject"]
    assert list(found.iter_attachments()) == []
    assert LINK not in text_of(found, "plain")


def test_the_question_whether_an_address_is_right_tells_of_no_appointment() -> None:
    found = mail("address")

    assert "/bestaetigen/" in text_of(found, "plain")
    assert "/bestaetigen/" in text_of(found, "html")
    for unwanted in (LINK, f"{in_days(1):%Y}", "09:00"):
        assert unwanted not in text_of(found, "plain")
    assert list(found.iter_attachments()) == []


def test_a_follow_up_holds_the_practices_own_text_and_no_link_to_manage() -> None:
    found = mail("follow-up", text="Viel trinken & ruhen.\nBis bald")

    assert found["Subject"] == "Nach Ihrem Termin"
    assert "Viel trinken & ruhen.\r\nBis bald" in text_of(found, "plain")
    assert "Viel trinken &amp; ruhen.<br>Bis bald" in text_of(found, "html")
    assert LINK not in text_of(found, "plain")
    assert list(found.iter_attachments()) == []


@pytest.mark.parametrize("kind", ["confirmation", "change", "reminder", "note"])
def test_the_time_is_told_in_the_practices_zone_with_the_link_to_change_it(kind: str) -> None:
    text = text_of(mail(kind), "plain")
    there = text_of(mail(kind, by=practice(time_zone="Europe/London")), "plain")

    assert "09:00 Uhr" in text
    assert f"{in_days(1):%Y}" in text
    assert LINK in text
    assert "08:00 Uhr" in there


def test_what_the_practice_wrote_stands_in_it_as_it_was_written() -> None:
    found = mail("note")

    assert "Dr. Ü ist krank & kommt <nicht>.\n\nRufen Sie an." in text_of(found, "plain").replace("\r", "")
    assert "<p>Dr. Ü ist krank &amp; kommt &lt;nicht&gt;.</p>" in text_of(found, "html")
    assert "krank" not in found["Subject"]


def test_english_mails_are_english() -> None:
    found = mail("code", language="en")

    assert text_of(found, "plain").startswith("Hello,")


def test_arabic_is_written_from_right_to_left() -> None:
    found = mail("reminder", language="ar")

    assert '<html lang="ar" dir="rtl">' in text_of(found, "html")
    assert "/ar/nicht-fuer-mich/" in found["List-Unsubscribe"]


def test_a_language_that_we_do_not_speak_is_german() -> None:
    assert "Guten Tag" in text_of(mail("code", language="xx"), "plain")


def test_a_request_does_not_say_that_it_is_booked() -> None:
    found = mail("confirmation", pending=1)

    assert found["Subject"] == "Ihre Terminanfrage"
    assert "ist gebucht" not in text_of(found, "plain")


def test_whoever_cancelled_is_named_and_a_refusal_leads_to_its_reason() -> None:
    by_patient, by_practice, refused = (
        text_of(mail("cancellation", **why), "plain")
        for why in ({}, {"by_practice": 1}, {"by_practice": 1, "refused": 1})
    )

    assert "Sie haben diesen Termin abgesagt" in by_patient
    assert "die Praxis musste" in by_practice
    assert "nicht annehmen" in refused
    assert LINK in refused
    assert LINK not in by_practice


@pytest.mark.parametrize(
    ("kind", "method", "status"),
    [
        ("confirmation", "REQUEST", "CONFIRMED"),
        ("change", "REQUEST", "CONFIRMED"),
        ("cancellation", "CANCEL", "CANCELLED"),
    ],
)
def test_its_calendar_file_replaces_the_one_before(kind: str, method: str, status: str) -> None:
    by = practice()
    calendar = calendar_of(mail(kind, by=by))
    (event,) = calendar.walk("VEVENT")

    assert (calendar["method"], event["status"], int(event["sequence"])) == (method, status, 3)
    assert str(event["uid"]).endswith("@termine.example.org")
    assert event["dtstart"].dt == in_days(1, 9)
    assert event["dtend"].dt - event["dtstart"].dt == timedelta(minutes=30)
    assert event["organizer"] == "mailto:termine@example.org"
    assert event["attendee"] == "mailto:erika@example.org"
    assert event["attendee"].params["RSVP"] == "FALSE"
    assert LINK not in calendar.to_ical().decode()  # calendars lie in clouds and on shared screens


def test_the_calendar_file_of_a_move_has_the_uid_of_the_booked_one() -> None:
    by, about = practice(), new_id()
    uids = []
    for kind in ("confirmation", "change", "cancellation"):
        row = Message(id=new_id(), practice_id=by.id, kind=kind, about=about, language="de", facts=facts())
        content = render(row, by, Letter(to="erika@example.org", link=LINK, stop=STOP)).content
        found = message_from_bytes(content, policy=policy.default)
        assert isinstance(found, EmailMessage)
        uids.append(str(calendar_of(found).walk("VEVENT")[0]["uid"]))

    assert len(set(uids)) == 1
    assert uids[0].startswith(str(about))


def test_an_address_that_smuggles_a_header_makes_no_mail() -> None:
    from sprechzeit.messages.channels import Refused

    by = practice()
    row = Message(id=new_id(), practice_id=by.id, kind="code", about=new_id(), language="de", facts={"minutes": 30})
    for address in ("a@example.org\r\nBcc: b@example.org", "a@example.org, b@example.org", "a b@example.org", "", "@"):
        with pytest.raises(Refused):
            render(row, by, Letter(to=address, code="1", stop=STOP))
