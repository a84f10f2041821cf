"""SMS against a real HTTPS server: what it takes, what it refuses, and to whom they go."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import RequestFactory, override_settings
from hypothesis import given
from hypothesis import strategies as st

from sprechzeit import clock
from sprechzeit.booking.accept import accept
from sprechzeit.booking.cancel import cancel_appointment, cancel_managed
from sprechzeit.booking.confirm import Booked
from sprechzeit.booking.forget_number import withdraw_at_desk
from sprechzeit.booking.move import move_appointment, move_managed
from sprechzeit.booking.not_for_me import not_for_me
from sprechzeit.booking.own_consents import withdraw_own
from sprechzeit.booking.write_to_practice import correct_contact
from sprechzeit.database.roles import Role
from sprechzeit.database.tenancy import acting_for, wearing
from sprechzeit.identifiers import new_id
from sprechzeit.messages.deliver import BACK_OFF, Outcome
from sprechzeit.messages.gsm import parts, shortened
from sprechzeit.messages.letter import Letter
from sprechzeit.messages.models import Message
from sprechzeit.messages.post import post_to_kept
from sprechzeit.messages.render import render
from sprechzeit.messages.which import channels_for
from sprechzeit.messages.words import reason_in_words
from sprechzeit.patients.consent import P
from sprechzeit.practices.models import Practice
from sprechzeit.vault import link_from_text
from sprechzeit.web.front.demo_mails import demo_mails
from tests.factories import Made, in_days, make_practice
from tests.messages.mailbox import to_whom
from tests.messages.post_box import PostBox
from tests.messages.posted import deliver_all, facts, messages, notifier, put_in, states
from tests.messages.provider import KEY, Provider, providing
from tests.messages.test_what_a_mail_says import LINK, STOP, practice
from tests.messages.told import booked, mailing

NUMBER = "+4915112345678"
SMS = Message.Channel.SMS


@pytest.fixture
def provider(box: PostBox, certificate: Path) -> Iterator[Provider]:
    """Beside a mail server that is there."""
    with providing(certificate) as one:
        yield one


@pytest.fixture
def seven(box: PostBox, certificate: Path) -> Iterator[Provider]:
    with providing(certificate, seven=True) as one:
        yield one


def sms(made: Made, **fields: Any) -> None:
    put_in(made, NUMBER, Message.Kind.CHANGE, channel=SMS, **fields)


def agreed(**person: str) -> tuple[Made, Any, Booked]:
    """Booked online, with the consent to SMS."""
    made, visit_type = mailing()
    booking = booked(made, visit_type, consents=("reminder-sms",), **{"phone": NUMBER, **person})
    return made, visit_type, booking


def change(made: Made, booking: Booked) -> None:
    with wearing(Role.DESK), acting_for(made.id):
        post_to_kept(made.id, booking.appointment_id, Message.Kind.CHANGE, once="change-1", facts=facts(by_practice=1))


def later(box: PostBox, provider: Provider) -> tuple[list[str], list[str]]:
    """Subjects of mails and texts of SMS that went out since the last look, after what can be undone."""
    with clock.travelled(timedelta(minutes=11)):
        deliver_all()
    found = [str(one["Subject"]) for one in box.mails], [re.sub(r"\s+", " ", one) for one in provider.texts]
    box.mails.clear()
    provider.asked.clear()
    return found


def test_any_provider_that_takes_json_gets_recipient_sender_and_text(provider: Provider) -> None:
    made = make_practice()
    sms(made)

    deliver_all()

    (asked,), (headers,) = provider.asked, provider.headers
    assert (asked["to"], asked["from"]) == (NUMBER, "Praxis")
    assert "verschoben" in asked["text"]
    assert headers["authorization"] == f"Bearer {KEY}"
    assert headers["content-type"] == "application/json"
    assert headers["idempotency-key"] == str(messages(made)[0].id)
    assert states(made) == [("sent", "", 1)]


def test_its_fields_are_called_as_the_settings_say(box: PostBox, certificate: Path) -> None:
    with providing(certificate, to="recipient", sender_field="source", text="message") as provider:
        sms(make_practice())
        deliver_all()

    assert set(provider.asked[0]) == {"recipient", "source", "message"}


def test_seven_gets_a_form_and_its_own_header(seven: Provider) -> None:
    made = make_practice()
    sms(made)

    deliver_all()

    assert (seven.asked[0]["to"], seven.asked[0]["from"]) == (NUMBER, "Praxis")
    assert seven.headers[0]["x-api-key"] == KEY
    assert seven.headers[0]["content-type"].startswith("application/x-www-form-urlencoded")
    assert "authorization" not in seven.headers[0]
    assert states(made) == [("sent", "", 1)]


def test_many_go_over_one_connection_and_one_that_was_closed_is_opened_anew(provider: Provider) -> None:
    made = make_practice()
    for number in range(10):
        sms(made, once=f"n{number}", about=new_id())

    deliver_all()

    assert len(provider.asked) == 10
    assert len(provider.connections) == 1


@pytest.mark.parametrize(
    ("status", "state", "reason"),
    [
        (400, "failed", "number-refused"),
        (404, "failed", "number-refused"),
        (422, "failed", "number-refused"),
        (401, "waiting", "sms-login-refused"),
        (402, "waiting", "sms-login-refused"),
        (403, "waiting", "sms-login-refused"),
        (429, "waiting", "sms-busy"),
        (500, "waiting", "sms-busy"),
        (503, "waiting", "sms-busy"),
        (302, "waiting", "sms-away"),
    ],
)
def test_what_the_provider_answers_decides(provider: Provider, status: int, state: str, reason: str) -> None:
    made = make_practice()
    sms(made)
    provider.answers = [(status, "no, +4915112345678!")]

    deliver_all()
    first = states(made)
    with clock.travelled(BACK_OFF[0]):
        deliver_all()

    assert first == [(state, reason, 1)]
    assert len(provider.asked) == (1 if state == "failed" else 2)  # a redirection is not followed
    assert reason_in_words(reason)


@pytest.mark.parametrize(
    ("answer", "state", "reason"),
    [
        ('{"success": "100"}', "sent", ""),
        ("100", "sent", ""),
        ('{"success": "402"}', "sent", ""),
        ('{"success": "202"}', "failed", "number-refused"),
        ("305", "failed", "sms-refused"),
        ('{"success": "500"}', "waiting", "sms-account"),
        ("900", "waiting", "sms-login-refused"),
        ('{"success": "600"}', "waiting", "sms-busy"),
        ("", "waiting", "sms-busy"),
        ("[1]", "waiting", "sms-busy"),
        ("<html>", "waiting", "sms-busy"),
    ],
)
def test_seven_says_in_its_body_what_became_of_it(seven: Provider, answer: str, state: str, reason: str) -> None:
    made = make_practice()
    sms(made)
    seven.answers = [(200, answer)]

    deliver_all()

    assert states(made) == [(state, reason, 1)]


def test_one_that_hangs_up_without_a_word_is_asked_again_with_the_same_key(provider: Provider) -> None:
    made = make_practice()
    sms(made)
    provider.answers = [(0, "")]

    deliver_all()
    first = states(made)
    with clock.travelled(BACK_OFF[0]):
        deliver_all()

    assert first == [("waiting", "sms-away", 1)]
    assert len({one["idempotency-key"] for one in provider.headers}) == 1
    assert states(made) == [("sent", "", 2)]


def test_an_untrusted_certificate_gets_neither_the_text_nor_the_key(
    provider: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = make_practice()
    sms(made)
    monkeypatch.delenv("SSL_CERT_FILE")

    deliver_all()

    assert provider.asked == []
    assert states(made) == [("waiting", "sms-away", 1)]


def test_a_provider_that_is_away_keeps_no_mail_waiting(box: PostBox, provider: Provider) -> None:
    made = make_practice()
    for number in range(120):  # more than one look holds, all older than the mail
        sms(made, once=f"n{number}", about=new_id(), due_at=clock.now() - timedelta(minutes=5))
    put_in(made, "erika@example.org", Message.Kind.CHANGE)
    provider.answers = [(503, "")]

    counts = deliver_all()

    assert (counts[Outcome.AWAY], counts[Outcome.SENT]) == (1, 1)
    assert [one["To"] for one in box.mails] == ["erika@example.org"]
    assert len(provider.asked) == 1


def test_neither_the_settings_nor_a_channel_show_the_key(provider: Provider) -> None:
    assert KEY not in repr(settings.SMS) + str(settings.SMS) + repr(vars(notifier().channels("sms")))


def test_who_agreed_to_sms_hears_of_what_the_practice_changes_by_both_and_of_the_booking_by_mail(
    box: PostBox, provider: Provider
) -> None:
    made, _type, booking = agreed()

    first = later(box, provider)
    change(made, booking)
    second = later(box, provider)

    assert first == (["Ihr Termin ist gebucht"], [])
    assert second[0] == ["Ihr Termin wurde verschoben"]
    assert len(second[1]) == 1


def test_without_the_consent_no_number_is_kept(box: PostBox, provider: Provider) -> None:
    made, visit_type = mailing()
    booked(made, visit_type, phone=NUMBER, consents=("reminder-email",))

    assert [one.to for one in to_whom(made)] == ["erika@example.org"]


def test_without_a_mailbox_the_phone_gets_all_of_it(box: PostBox, provider: Provider) -> None:
    made, visit_type = mailing()
    booked(made, visit_type, email="", phone=NUMBER, consents=("reminder-sms",))

    mails, texts = later(box, provider)

    assert (mails, len(texts)) == ([], 1)
    assert "Ihr Termin: " in texts[0]


def test_what_the_practice_changes_goes_to_the_phone_too_and_what_the_patient_does_only_to_the_mailbox(
    box: PostBox, provider: Provider
) -> None:
    made, _type, booking = agreed()
    later(box, provider)
    with wearing(Role.DESK):
        move_appointment(made.id, made.actor, booking.appointment_id, in_days(1, 10), version=1)
    by_practice = later(box, provider)
    move_managed(made.id, booking.manage_secret, in_days(1, 11))
    by_patient = later(box, provider)
    with wearing(Role.DESK):
        cancel_appointment(made.id, made.actor, booking.appointment_id, version=3)
    off = later(box, provider)

    assert [len(one) for one in by_practice] == [1, 1]
    assert "verschoben auf" in by_practice[1][0]
    assert [len(one) for one in by_patient] == [1, 0]
    assert [len(one) for one in off] == [1, 1]
    assert "muss leider ausfallen" in off[1][0]


def test_the_patients_own_cancellation_costs_no_sms(box: PostBox, provider: Provider) -> None:
    made, _type, booking = agreed()
    later(box, provider)

    cancel_managed(made.id, booking.manage_secret)

    assert [len(one) for one in later(box, provider)] == [1, 0]


def test_the_stop_link_of_the_phone_stops_the_phone_alone(box: PostBox, provider: Provider) -> None:
    made, _type, booking = agreed()
    later(box, provider)
    change(made, booking)
    deliver_all()
    (secret,) = re.findall(r"/nicht-fuer-mich/\d+/([^/]+)/", provider.texts[0])

    not_for_me(made.id, link_from_text(secret))

    assert [one.to for one in to_whom(made)] == ["erika@example.org"]


@pytest.mark.parametrize("at_the_desk", [False, True])
def test_whoever_withdraws_the_consent_gets_none_any_more(
    box: PostBox, provider: Provider, *, at_the_desk: bool
) -> None:
    made, _type, booking = agreed()
    deliver_all()
    change(made, booking)

    if at_the_desk:
        with wearing(Role.DESK):
            patient = accept(made.keys, made.actor, booking.appointment_id)
            withdraw_at_desk(made.id, made.actor, patient, P.REMINDER_SMS)
    else:
        withdraw_own(made.id, booking.manage_secret, P.REMINDER_SMS)

    mails, texts = later(box, provider)
    assert "Ihr Termin wurde verschoben" in mails
    assert texts == []
    assert [one.to for one in to_whom(made)] == ["erika@example.org"]


def test_a_new_number_takes_the_place_of_the_one_that_sms_went_to(box: PostBox, provider: Provider) -> None:
    made, _type, booking = agreed()

    correct_contact(made.id, booking.manage_secret, email="", phone="+4917098765432")

    assert sorted(one.to for one in to_whom(made)) == ["+4917098765432", "erika@example.org"]


def test_without_a_provider_no_number_is_kept(box: PostBox) -> None:
    made, *_ = agreed()

    assert [one.to for one in to_whom(made)] == ["erika@example.org"]


def test_a_demos_sms_stand_on_its_page_of_mails(box: PostBox) -> None:
    made = make_practice(kind=Practice.Kind.DEMO)
    sms(made)
    with override_settings(DEMO=True):
        deliver_all()
        page = demo_mails(RequestFactory().get("/demo/mails/")).content.decode()

    assert states(made) == [("sent", "", 1)]
    assert "<h2>SMS</h2>" in page
    assert NUMBER in page


def text_of(kind: str, language: str = "de", by: Practice | None = None, **more: int) -> str:
    by = by or practice()
    told = {"minutes": 30} if kind == "code" else facts(**more)
    row = Message(id=new_id(), practice_id=by.id, kind=kind, channel=SMS, about=new_id(), language=language, facts=told)
    letter = Letter(to=NUMBER, code="042137", link="" if kind == "code" else LINK, stop=STOP, text="Bitte anrufen.")
    with override_settings(PUBLIC_URL="https://termine.example.org"):
        return render(row, by, letter).content.decode()


@pytest.mark.parametrize("language", ["de", "en"])
@pytest.mark.parametrize("kind", Message.Kind.values)
def test_every_sms_names_practice_and_phone_has_the_links_and_is_two_long_at_most(kind: str, language: str) -> None:
    text = text_of(kind, language)

    for wanted in ("Praxis Müller & <Söhne>", "+49 30 23125 000", f"/{STOP}/"):
        assert wanted in text
    assert (LINK in text) == (kind not in {"code", "address", "follow-up", "new-address"})
    without_time = {"code", "address", "follow-up", "recall", "waiting-list", "new-address"}
    assert ("09:00" in text) == (kind not in without_time)
    assert ("/bestaetigen/" in text) == (kind == "address")
    assert ("042137" in text) == (kind in {"code", "address"})  # there it is the secret of the link
    for unwanted in ("{{", "{%", "None", "&amp;", "\n\n"):
        assert unwanted not in text
    assert parts(text) <= 2


@pytest.mark.parametrize("language", ["tr", "ar", "uk"])
@pytest.mark.parametrize("kind", Message.Kind.values)
def test_every_language_has_its_sms(kind: str, language: str) -> None:
    assert f"/{language}/nicht-fuer-mich/" in text_of(kind, language)


def test_who_cancelled_and_why_is_told() -> None:
    own, off, refused = (text_of("cancellation", **why) for why in ({}, {"by_practice": 1}, {"refused": 1}))

    assert "Sie haben den Termin" in own
    assert "muss leider ausfallen" in off
    assert "nicht möglich" in refused
    assert "Anfrage" in text_of("confirmation", pending=1)


@pytest.mark.parametrize(
    ("text", "count"),
    [("a" * 160, 1), ("a" * 161, 2), ("a" * 306, 2), ("a" * 307, 3), ("€" * 80, 1), ("€" * 81, 2), ("ш" * 70, 1),
     ("ш" * 71, 2), ("😀" * 35, 1), ("😀" * 36, 2), ("äöüßÄÖÜ§\n", 1), ("", 1)],
)  # fmt: skip  # lines grouped by hand
def test_its_length_is_counted_as_phones_do(text: str, count: int) -> None:
    assert parts(text) == count


@given(st.text(max_size=200))
def test_a_name_is_shortened_to_forty(name: str) -> None:
    assert len(shortened(name)) <= 40
    assert shortened(name) == name or shortened(name).endswith("...")


@given(
    kind=st.sampled_from(Message.Kind.values),
    kept=st.sets(st.sampled_from(Message.Channel.values)),
    by_practice=st.booleans(),
)
def test_a_message_goes_out_if_anything_is_kept_and_only_there(kind: str, kept: set[str], *, by_practice: bool) -> None:
    chosen = channels_for(kind, kept, {"by_practice": int(by_practice)})

    assert bool(chosen) == bool(kept)
    assert set(chosen) <= kept
    assert len(chosen) == len(set(chosen))


def test_nothing_of_it_is_personal_but_the_number(provider: Provider) -> None:
    made, visit_type, booking = agreed(last_name="Geheimfrau")
    change(made, booking)

    deliver_all()

    told = json.dumps(provider.asked) + json.dumps(provider.headers)
    assert NUMBER in told
    for unsaid in ("Geheimfrau", "Erika", visit_type.name_de, "erika@example.org"):
        assert unsaid not in told
