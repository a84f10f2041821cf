from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID

import pytest

from sprechzeit import clock
from sprechzeit.database.roles import Role
from sprechzeit.database.tenancy import acting_for, wearing
from sprechzeit.messages.models import Message, NotifierAddress
from sprechzeit.patients.consent import P, Whose, withdraw
from sprechzeit.patients.models import Patient
from sprechzeit.recall.invite import invite_no_more
from sprechzeit.recall.models import Recall
from sprechzeit.recall.still_wanted import is_still_wanted
from tests.booking.at_once import all_at_once
from tests.booking.booked import book_by_phone, events, rows
from tests.factories import Made, at_desk, in_days, visitor
from tests.messages.mailbox import mail_server_set, number_put_in, to_whom
from tests.messages.posted import messages
from tests.recall.due import change, due, invite_all, links, recall_of
from tests.recall.test_recalls_begin_and_end import renew


@pytest.fixture(autouse=True)
def mail_server() -> Iterator[None]:
    with mail_server_set():
        yield


def kept(made: Made, about: UUID) -> list[NotifierAddress]:
    with wearing(Role.WORKER), acting_for(made.id):
        return list(NotifierAddress.objects.filter(practice=made.id, about=about))


def may_leave(made: Made) -> bool:
    (message,) = messages(made, kind=Message.Kind.RECALL)
    with wearing(Role.WORKER), acting_for(made.id):
        return is_still_wanted(message)


def test_whoever_is_due_and_agreed_is_written_to_with_a_link_of_their_own() -> None:
    made, _, patient = due()

    assert invite_all(made) == 1

    (link,) = links(made)
    assert link.startswith(f"/praxis/{made.practice.slug}/kontrolle/")
    recall = recall_of(made)
    assert (recall.state, recall.invitations) == ("invited", 1)
    assert "erika@example.org" in [one.to for one in to_whom(made)]
    (address,) = kept(made, recall.id)
    assert address.delete_after - clock.now() < timedelta(days=60)
    assert [one.subjects for one in events(made, "recall.invite")] == [[patient]]
    assert may_leave(made)


def test_withdrawn_since_nothing_goes_out() -> None:
    made, _, patient = due()
    with wearing(Role.DESK):
        withdraw(made.id, made.actor, Whose(patient=patient), P.RECALL)

    assert invite_all(made) == 0
    assert number_put_in(made, Message.Kind.RECALL) == 0


def test_withdrawn_after_it_was_put_in_it_does_not_leave() -> None:
    made, _, patient = due()
    invite_all(made)
    with wearing(Role.DESK):
        withdraw(made.id, made.actor, Whose(patient=patient), P.RECALL)

    assert not may_leave(made)


def test_with_a_visit_to_come_nobody_is_invited() -> None:
    made, visit_type, patient = due()
    book_by_phone(made, visit_type, in_days(2, 9), patient)

    assert invite_all(made) == 0


def test_an_address_that_nobody_confirmed_is_not_written_to() -> None:
    made, _, _ = due(confirmed=False)

    assert invite_all(made) == 0


def test_not_before_it_is_nearly_due() -> None:
    made, _, _ = due()
    change(made, due_on=clock.now().date() + timedelta(days=40))

    assert invite_all(made) == 0


def test_the_second_comes_after_four_weeks_and_there_is_no_third() -> None:
    made, _, _ = due()
    counts = []
    for days in (0, 27, 29, 58, 100):
        with clock.travelled(timedelta(days=days)):
            counts.append(invite_all(made))

    assert counts == [1, 0, 1, 0, 0]
    first, second = links(made)
    assert first != second


def test_invited_by_several_at_the_same_moment_one_message_goes() -> None:
    made, _, _ = due()

    results, _ = all_at_once([lambda: invite_all(made)] * 4, role=Role.DESK)

    assert sorted(results) == [0, 0, 0, 1]
    assert number_put_in(made, Message.Kind.RECALL) == 1


def test_not_wanted_any_more_it_ends_and_the_address_goes() -> None:
    made, _, patient = due()
    invite_all(made)
    recall = recall_of(made)

    with wearing(Role.DESK):
        invite_no_more(made.id, made.actor, recall.id)
        invite_no_more(made.id, made.actor, recall.id)

    assert (recall_of(made).state, recall_of(made).secret_hash) == ("declined", None)
    assert kept(made, recall.id) == []
    assert not may_leave(made)
    assert [one.subjects for one in events(made, "recall.end")] == [[patient]]


def test_who_says_that_it_is_not_for_them_is_not_invited_again() -> None:
    made, _, _ = due()
    invite_all(made)
    (secret,) = [one.stop for one in to_whom(made) if one.link and "erika" in one.to]

    answer = visitor().post(f"/nicht-fuer-mich/{made.id}/{secret}/")

    assert answer.status_code in {200, 302, 303}
    assert "E-Mail abgelehnt" in at_desk(made).get("/desk/kontrollen/").content.decode()
    with clock.travelled(timedelta(days=30)):
        assert invite_all(made) == 0
    assert renew(made) == (1, 0)
    assert recall_of(made).state == "stopped"


def test_with_the_patient_the_recall_and_its_address_go() -> None:
    made, _, patient = due()
    invite_all(made)
    recall = recall_of(made)

    with wearing(Role.DESK), acting_for(made.id):
        Patient.objects.filter(practice=made.id, id=patient).delete()

    assert rows(made, Recall) == []
    assert kept(made, recall.id) == []


def test_the_list_names_who_is_due_and_that_is_recorded() -> None:
    made, visit_type, patient = due()

    page = at_desk(made).get("/desk/kontrollen/").content.decode()

    assert "Muster, Erika" in page
    assert visit_type.name in page
    assert [one.subjects for one in events(made, "recall.view")] == [[patient]]


def test_the_list_leaves_out_who_is_due_later() -> None:
    made, _, _ = due()
    change(made, due_on=clock.now().date() + timedelta(days=40))

    assert "Muster" not in at_desk(made).get("/desk/kontrollen/").content.decode()


def test_the_ticked_are_invited_and_the_page_tells_how_many() -> None:
    made, _, _ = due()
    client = at_desk(made)

    answer = client.post("/desk/kontrollen/einladen/", {"kontrolle": [str(recall_of(made).id)]}, follow=True)

    page = answer.content.decode()
    assert "1 Patient ist eingeladen." in page
    assert "vor weniger als vier Wochen eingeladen" in page
    assert 'name="kontrolle"' not in page
    assert len(links(made)) == 1


def test_nobody_ticked_is_told_and_nonsense_is_refused() -> None:
    made, _, _ = due()
    client = at_desk(made)

    assert "Bitte kreuzen Sie an" in client.post("/desk/kontrollen/einladen/", follow=True).content.decode()
    assert client.post("/desk/kontrollen/einladen/", {"kontrolle": ["x"]}).status_code == 422
    assert links(made) == []


def test_the_list_ends_one() -> None:
    made, _, _ = due()

    answer = at_desk(made).post(f"/desk/kontrollen/{recall_of(made).id}/nicht-mehr/", follow=True)

    assert "Niemand ist fällig." in answer.content.decode()
    assert recall_of(made).state == "declined"
