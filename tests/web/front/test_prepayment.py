"""What is to be paid beforehand is said before the booking, and in the confirmation where the practice wants that."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from sprechzeit import clock
from sprechzeit.database.roles import Role
from sprechzeit.database.tenancy import acting_for, wearing
from sprechzeit.messages.models import MessageTemplate
from tests.audit.mail_server import make_certificate
from tests.booking.reminded import bookable, booked
from tests.factories import in_days, make_bookable, visitor
from tests.messages.post_box import PostBox, running
from tests.messages.posted import deliver_all, mailing_to, settle_others
from tests.web.front.walk import TYPED, details_url, times_url
from tests.web.page import Page

GERMAN, ENGLISH = "Bitte zahlen Sie 40 € & bringen Sie den Beleg mit.", "Please pay 40 € beforehand."


@pytest.fixture
def box(database: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[PostBox]:
    settle_others()
    certificate = make_certificate(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    with running(certificate) as box, mailing_to(box.port):
        yield box


def mailed(box: PostBox, **fields: object) -> tuple[str, str]:
    """The plain text and the HTML of the confirmation."""
    made, visit_type = bookable(**fields)
    booked(made, visit_type, in_days(3, 10))
    deliver_all()
    plain, page = box.mails[-1].get_body(("plain",)), box.mails[-1].get_body(("html",))
    assert plain is not None
    assert page is not None
    return plain.get_content(), page.get_content()


def test_it_stands_where_a_time_is_chosen_above_the_form_and_on_the_appointments_page() -> None:
    made, visit_type = make_bookable(prepayment_de=GERMAN, prepayment_en=ENGLISH)
    client = visitor()
    times = Page(client.get(times_url(made, visit_type)))
    url = details_url(client, made, visit_type, in_days(1, 9))
    german, english = Page(client.get(url)), Page(client.get(f"/en{url}"))
    booked_page = Page(client.get(german.form(with_field="first_name").send(client, **TYPED).headers["Location"]))

    for page in (times, german, booked_page):
        assert GERMAN in page.text
        assert "Vorauszahlung" in page.text
    assert ENGLISH in english.text
    assert GERMAN not in english.text


def test_without_a_note_nothing_is_said_of_paying() -> None:
    made, visit_type = make_bookable()
    client = visitor()

    assert "Vorauszahlung" not in Page(client.get(details_url(client, made, visit_type, in_days(1, 9)))).text


def test_the_confirmation_is_silent_unless_the_practice_wants_it(box: PostBox) -> None:
    plain, page = mailed(box, prepayment_de=GERMAN)

    assert "zahl" not in plain + page


def test_the_confirmation_says_it_where_the_practice_wants_it(box: PostBox) -> None:
    plain, page = mailed(box, prepayment_de=GERMAN, prepayment_by_mail=True)

    assert f"Vorauszahlung:\n{GERMAN}\n" in plain.replace("\r\n", "\n")
    assert "40 € &amp; bringen" in page


def test_it_stands_below_the_practices_own_text_too(box: PostBox) -> None:
    made, visit_type = bookable(prepayment_de=GERMAN, prepayment_by_mail=True)
    with wearing(Role.DESK), acting_for(made.id):
        MessageTemplate.objects.create(
            practice_id=made.id, text="confirmation", language="de", subject="Bis bald", body="Am {day}.",
            changed_at=clock.now(),
        )  # fmt: skip  # lines grouped by hand
    booked(made, visit_type, in_days(3, 10))
    deliver_all()

    plain = box.mails[-1].get_body(("plain",))
    assert plain is not None
    assert box.mails[-1]["Subject"] == "Bis bald"
    assert GERMAN in plain.get_content()
