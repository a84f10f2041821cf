"""Whoever gets a message that is not theirs ends it with one click, and learns nothing by it."""

from __future__ import annotations

import re
from datetime import timedelta
from email.message import EmailMessage
from urllib.parse import urlsplit
from uuid import UUID

from sprechzeit import clock
from sprechzeit.database.roles import Role
from sprechzeit.database.tenancy import acting_for, wearing
from sprechzeit.identifiers import new_id
from sprechzeit.messages.address import keep_address
from sprechzeit.messages.letter import Letter
from sprechzeit.messages.models import Message, NotifierAddress
from sprechzeit.messages.post import post, post_to_kept
from sprechzeit.messages.refuse import refused_among
from tests.booking.booked import events
from tests.factories import Made, make_practice, visitor
from tests.messages.post_box import PostBox
from tests.messages.posted import deliver_all, facts, messages, put_in

LETTER = Letter(to="erika@example.org", link="https://termine.example.org/x/")


def stop_url(mail: EmailMessage) -> str:
    return urlsplit(str(mail["List-Unsubscribe"]).strip("<>")).path


def kept(made: Made) -> UUID:
    about = new_id()
    with acting_for(made.id):
        assert keep_address(made.id, about, LETTER, delete_after=clock.now() + timedelta(days=2))
    return about


def tell(made: Made, about: UUID, once: str) -> bool:
    with acting_for(made.id):
        return post_to_kept(made.id, about, Message.Kind.CHANGE, once=once, facts=facts())


def addresses(made: Made) -> list[NotifierAddress]:
    with wearing(Role.WORKER), acting_for(made.id):
        return list(NotifierAddress.objects.filter(practice=made.id))


def test_one_click_deletes_the_address_and_stops_what_waits(box: PostBox) -> None:
    made = make_practice()
    about = kept(made)
    tell(made, about, "change-1")
    deliver_all()
    tell(made, about, "change-2")
    url = stop_url(box.mails[0])

    page = visitor().get(url)
    assert page.status_code == 200
    assert addresses(made)[0].sealed  # looking changes nothing: mail scanners look
    assert re.findall(r"<button", page.content.decode())
    done = visitor().post(url)
    deliver_all()

    assert done.status_code == 200
    assert len(box.mails) == 1
    (row,) = addresses(made)
    assert row.sealed is None
    assert row.refused_at is not None
    assert [one.state for one in messages(made)] == ["sent", "stopped"]
    assert not tell(made, about, "change-3")
    with wearing(Role.DESK), acting_for(made.id):
        assert refused_among(made.id, [about, new_id()]) == {about}
    assert [one.subjects for one in events(made, "message.refuse")] == [[about]]


def test_a_refused_address_is_not_kept_again(box: PostBox) -> None:
    made = make_practice()
    about = kept(made)
    tell(made, about, "change-1")
    deliver_all()
    visitor().post(stop_url(box.mails[0]))

    with acting_for(made.id):
        assert not keep_address(made.id, about, LETTER, delete_after=clock.now())
        assert not post(made.id, Message.Kind.CODE, LETTER, about=about, once="code-9")

    assert [one.sealed for one in addresses(made)] == [None]


def test_who_got_a_code_by_mistake_gets_no_other_one(box: PostBox) -> None:
    made = make_practice()
    about = put_in(made, "falsch@example.org")
    deliver_all()

    visitor().post(stop_url(box.mails[0]), {"List-Unsubscribe": "One-Click"})

    with acting_for(made.id):
        assert not post(made.id, Message.Kind.CODE, LETTER, about=about, once="code-2")


def test_nothing_is_told_by_any_link_right_or_wrong(box: PostBox) -> None:
    made = make_practice()
    about = kept(made)
    tell(made, about, "change-1")
    deliver_all()
    right = stop_url(box.mails[0])
    secret = right.rstrip("/").rpartition("/")[2]
    wrong = [
        right.replace(secret, "A" * 22),
        right.replace(secret, "kurz"),
        f"/nicht-fuer-mich/{10**30}/{secret}/",
        f"/nicht-fuer-mich/{make_practice().id}/{secret}/",
    ]

    for method in ("get", "post"):
        answers = [getattr(visitor(), method)(url) for url in (*wrong, right)]
        bodies = [re.sub(r'href="[^"]*nicht-fuer-mich[^"]*"', "", one.content.decode()) for one in answers]
        assert {one.status_code for one in answers} == {200}
        assert len(set(bodies)) == 1
        assert made.practice.name not in bodies[0]
        assert not any(one.cookies for one in answers)
        if method == "get":
            assert addresses(made)[0].sealed


def test_the_database_does_not_know_the_links_secret(box: PostBox) -> None:
    made = make_practice()
    tell(made, kept(made), "change-1")
    deliver_all()
    secret = stop_url(box.mails[0]).rstrip("/").rpartition("/")[2]

    (row,) = addresses(made)

    assert secret not in str(vars(row))
    assert secret.encode() not in bytes(row.sealed or b"")
    assert len(bytes(row.stop_hash or b"")) == 32
