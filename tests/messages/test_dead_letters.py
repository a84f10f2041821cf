"""What did not arrive stands on the desk, with the reason, and can be tried again or settled."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from uuid import UUID

import pytest
from django.test import Client

from sprechzeit import clock
from sprechzeit.booking.cancel import cancel_appointment
from sprechzeit.booking.confirm import Booked
from sprechzeit.booking.errors import MessageNotFound, NotRetryable
from sprechzeit.booking.not_for_me import not_for_me
from sprechzeit.booking.retry_message import retry_message
from sprechzeit.booking.settle_message import settle_message
from sprechzeit.database.roles import Role
from sprechzeit.database.tenancy import wearing
from sprechzeit.identifiers import new_id
from sprechzeit.messages.failed import LISTED
from sprechzeit.messages.words import reason_in_words
from sprechzeit.practices.models import VisitType
from sprechzeit.vault import link_from_text
from tests.booking.at_once import all_at_once
from tests.booking.booked import events
from tests.factories import Made, at_desk
from tests.messages.mailbox import to_whom
from tests.messages.post_box import PostBox
from tests.messages.posted import deliver_all, messages, put_in, states
from tests.messages.told import appointment, booked, mailing
from tests.web.page import Page

NOBODY = "550 5.1.1 no such mailbox"
HERE = "/desk/nachrichten/"


def bounced(box: PostBox, **person: str) -> tuple[Made, VisitType, Booked]:
    """The confirmation of a booking was refused by the mail server."""
    made, visit_type = mailing()
    booking = booked(made, visit_type, **{"last_name": "Ferne", "first_name": "Frida", **person})
    box.answers["RCPT"] = [NOBODY]
    deliver_all()
    return made, visit_type, booking


def only(made: Made) -> UUID:
    (row,) = messages(made)
    return row.id


def retry(made: Made, message: UUID) -> None:
    with wearing(Role.DESK):
        retry_message(made.id, made.actor, message)


def page(client: Client) -> Page:
    return Page(client.get(HERE))


def press(client: Client, shown: Page, ending: str) -> int:
    (form,) = [one for one in shown.forms if one.action.endswith(ending)]
    return form.send(client).status_code


def test_it_is_listed_with_kind_reason_name_and_the_way_to_the_appointment(box: PostBox) -> None:
    made, _type, booking = bounced(box)

    shown = page(at_desk(made))

    assert "Bestätigung" in shown.text
    assert reason_in_words("address-refused") in shown.text
    assert "Ferne, Frida" in shown.text
    assert f"/desk/termin/{booking.appointment_id}/" in shown.links
    (event,) = events(made, "message.view")
    assert event.subjects == [appointment(made, booking).intake_id]


def test_the_menu_of_every_page_counts_them_until_they_are_settled(box: PostBox) -> None:
    made, *_ = bounced(box)
    client = at_desk(made)

    before = client.get("/desk/").content.decode()
    assert press(client, page(client), "/erledigt/") == 302

    assert 'count--problem" title' in before
    assert 'count--problem" title' not in client.get("/desk/").content.decode()
    assert "Ferne" not in page(client).text
    (event,) = events(made, "message.settle")
    assert event.details == {"kind": "confirmation"}


def test_tried_again_it_goes_out_to_the_address_that_is_still_kept(box: PostBox) -> None:
    made, *_ = bounced(box)
    client = at_desk(made)

    assert press(client, page(client), "/nochmal/") == 302
    deliver_all()

    assert [one["To"] for one in box.mails] == ["erika@example.org"]
    assert states(made) == [("sent", "", 1)]
    assert "Ferne" not in page(client).text
    assert len(events(made, "message.retry")) == 1


def test_pressed_twice_at_once_it_goes_out_once(box: PostBox) -> None:
    made, *_ = bounced(box)
    message = only(made)

    results, at_once = all_at_once([partial(retry, made, message) for _ in range(4)])
    deliver_all()
    retry(made, message)
    deliver_all()

    assert (results, at_once) == ([None] * 4, 4)
    assert len(box.mails) == 1
    assert len(events(made, "message.retry")) == 1


def test_one_that_fails_again_is_listed_again(box: PostBox) -> None:
    made, *_ = bounced(box)
    client = at_desk(made)
    press(client, page(client), "/nochmal/")
    box.answers["RCPT"] = [NOBODY]

    deliver_all()

    assert states(made) == [("failed", "address-refused", 1)]
    assert "Ferne, Frida" in page(client).text


def test_a_code_is_gone_with_its_mail_and_names_nobody(box: PostBox) -> None:
    made, _type = mailing()
    put_in(made, "erika@example.org")
    box.answers["RCPT"] = [NOBODY]
    deliver_all()
    client = at_desk(made)

    shown = page(client)

    assert "Zu einer Buchung, die nicht abgeschlossen wurde" in shown.text
    assert "Der Code ist gelöscht" in shown.text
    assert not [one for one in shown.forms if one.action.endswith("/nochmal/")]
    with pytest.raises(NotRetryable):
        retry(made, only(made))
    assert events(made, "message.view") == []  # nobody's data was shown


def test_where_the_address_was_refused_by_its_owner_nothing_is_tried_again(box: PostBox) -> None:
    made, *_ = bounced(box)
    (letter,) = to_whom(made)
    not_for_me(made.id, link_from_text(letter.stop))

    shown = page(at_desk(made))

    assert "Die Adresse oder Nummer ist nicht mehr aufbewahrt" in shown.text
    answer = at_desk(made).post(f"{HERE}{only(made)}/nochmal/")
    assert answer.status_code == 409
    assert "Die Adresse oder Nummer ist nicht mehr aufbewahrt" in answer.content.decode()
    assert states(made) == [("failed", "address-refused", 1)]


def test_what_no_longer_holds_is_not_tried_again(box: PostBox) -> None:
    made, _type, booking = bounced(box)
    confirmation = only(made)
    with wearing(Role.DESK):
        cancel_appointment(made.id, made.actor, booking.appointment_id, version=1)

    with pytest.raises(NotRetryable) as refused:
        retry(made, confirmation)

    assert "seither geändert" in refused.value.message


def test_after_the_visit_nothing_is_tried_again(box: PostBox) -> None:
    made, *_ = bounced(box)

    with clock.travelled(timedelta(days=1, hours=12)), pytest.raises(NotRetryable):
        retry(made, only(made))


def test_another_practices_message_is_none(box: PostBox) -> None:
    made, *_ = bounced(box)
    other, *_ = mailing()

    for verb in (retry_message, settle_message):
        for message in (only(made), new_id()):
            with wearing(Role.DESK), pytest.raises(MessageNotFound):
                verb(other.id, other.actor, message)
    assert "Ferne" not in page(at_desk(other)).text


def test_after_thirty_days_it_leaves_the_list(box: PostBox) -> None:
    made, *_ = bounced(box)
    with clock.travelled(LISTED + timedelta(hours=1)):
        assert "Ferne" not in page(at_desk(made)).text


def test_it_tells_how_many_wait_and_went_out_today(box: PostBox) -> None:
    made, visit_type = mailing()
    booked(made, visit_type, 9)
    booked(made, visit_type, 10)
    client = at_desk(made)

    before = page(client).text
    deliver_all()
    after = page(client).text

    assert "Wartennoch2" in "".join(before.split())
    assert "Heuteverschickt0" in "".join(before.split())
    assert "Wartennoch0" in "".join(after.split())
    assert "Heuteverschickt2" in "".join(after.split())
    assert "Alles ist angekommen" in after
