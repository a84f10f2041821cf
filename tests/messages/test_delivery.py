"""Against a real mail server: what it takes, what it refuses, and what happens when it is slow or gone."""

from __future__ import annotations

import threading
import time
from datetime import timedelta
from email.message import EmailMessage

import pytest

from sprechzeit import clock
from sprechzeit.database.roles import Role
from sprechzeit.database.tenancy import acting_for, wearing
from sprechzeit.messages.deliver import BACK_OFF, Outcome
from sprechzeit.messages.models import Message
from sprechzeit.messages.post import stop
from sprechzeit.messages.words import REASONS, reason_in_words
from tests.factories import Made, make_practice
from tests.messages.post_box import PostBox
from tests.messages.posted import deliver_all, mailing_to, messages, notifier, put_in, states

BUSY = "451 please come back"
NOBODY = "550 no such mailbox"


def plain(mail: EmailMessage) -> str:
    part = mail.get_body(("plain",))
    assert part is not None
    return str(part.get_content())


def test_a_message_goes_out_over_tls_and_nothing_of_its_address_stays(box: PostBox) -> None:
    made = make_practice()
    put_in(made, "erika@example.org")

    counts = deliver_all()

    assert counts[Outcome.SENT] == 1
    assert box.encrypted == [True]
    assert [one["To"] for one in box.mails] == ["erika@example.org"]
    assert "123456" in plain(box.mails[0])
    (row,) = messages(made)
    assert (row.state, row.sealed, row.attempts) == ("sent", None, 1)
    assert row.done_at is not None


def test_many_messages_go_over_one_connection(box: PostBox) -> None:
    made = make_practice()
    for number in range(30):
        put_in(made, f"nummer{number}@example.org")

    deliver_all()

    assert len(box.mails) == 30
    assert len(box.connections) == 1


def test_codes_go_first_and_then_the_oldest(box: PostBox) -> None:
    made = make_practice()
    now = clock.now()
    put_in(made, "spaeter@example.org", Message.Kind.CHANGE, due_at=now - timedelta(minutes=1))
    put_in(made, "frueher@example.org", Message.Kind.CHANGE, due_at=now - timedelta(minutes=2))
    put_in(made, "code@example.org", Message.Kind.CODE)

    deliver_all()

    assert [str(one["To"]).partition("@")[0] for one in box.mails] == ["code", "frueher", "spaeter"]


def test_what_is_not_due_waits(box: PostBox) -> None:
    made = make_practice()
    put_in(made, "erika@example.org", Message.Kind.CHANGE, due_at=clock.now() + timedelta(minutes=5))

    deliver_all()
    assert box.mails == []
    with clock.travelled(timedelta(minutes=6)):
        deliver_all()

    assert len(box.mails) == 1


@pytest.mark.parametrize(("at", "reason"), [("RCPT", "address-refused"), ("DATA", "content-refused")])
def test_a_permanent_refusal_fails_at_once_and_the_next_one_goes_out(box: PostBox, at: str, reason: str) -> None:
    made = make_practice()
    put_in(made, "niemand@example.org")
    put_in(made, "erika@example.org")
    box.answers[at] = [NOBODY]

    deliver_all()

    assert states(made) == [("failed", reason, 1), ("sent", "", 1)]
    assert messages(made)[0].sealed is None
    assert reason_in_words(reason)


@pytest.mark.parametrize(("at", "reason"), [("RCPT", "address-busy"), ("DATA", "mail-server-busy")])
def test_a_server_that_asks_for_patience_is_asked_again_later(box: PostBox, at: str, reason: str) -> None:
    made = make_practice()
    put_in(made, "erika@example.org")
    box.answers[at] = [BUSY]

    deliver_all()
    assert states(made) == [("waiting", reason, 1)]
    deliver_all()
    assert box.mails == []  # not before its time
    with clock.travelled(BACK_OFF[0]):
        deliver_all()

    assert states(made) == [("sent", "", 2)]
    assert len(box.mails) == 1


def test_after_the_last_try_it_fails_with_the_reason(box: PostBox) -> None:
    made = make_practice()
    put_in(made, "erika@example.org")
    box.answers["RCPT"] = [BUSY] * (len(BACK_OFF) + 1)
    waited = timedelta(0)

    for pause in (*BACK_OFF, timedelta(0)):
        with clock.travelled(waited):
            deliver_all()
        waited += pause + timedelta(seconds=1)

    assert states(made) == [("failed", "address-busy", len(BACK_OFF) + 1)]
    assert box.mails == []


def test_a_server_that_hangs_up_before_it_took_the_mail_gets_it_again(box: PostBox) -> None:
    made = make_practice()
    put_in(made, "erika@example.org")
    put_in(made, "otto@example.org")
    box.answers["DATA"] = ["hang-up"]

    counts = deliver_all()
    assert counts[Outcome.AWAY] == 1  # and the next one is not tried in vain
    with clock.travelled(BACK_OFF[0]):
        deliver_all()

    assert sorted(str(one["To"]) for one in box.mails) == ["erika@example.org", "otto@example.org"]


def test_one_that_hangs_up_after_it_took_the_mail_gets_a_second_with_the_same_message_id(box: PostBox) -> None:
    made = make_practice()
    put_in(made, "erika@example.org")
    box.answers["DATA"] = ["taken-hang-up"]

    deliver_all()
    with clock.travelled(BACK_OFF[0]):
        deliver_all()

    assert len(box.ids) == 2  # SMTP cannot do better: nobody said that the first was taken
    assert len(set(box.ids)) == 1


def test_a_connection_that_the_server_closed_between_two_messages_is_opened_anew(box: PostBox) -> None:
    made = make_practice()
    by = notifier()
    put_in(made, "erika@example.org")
    with wearing(Role.WORKER):
        from sprechzeit.messages.deliver import deliver_due

        deliver_due(by)
        connection = by.channels("smtp")._backend.connection
        connection.sock.close()
        put_in_as_front(made)
        counts = deliver_due(by)
    by.channels("smtp").close()

    assert counts[Outcome.SENT] == 1
    assert len(box.mails) == 2


def put_in_as_front(made: Made) -> None:
    with wearing(Role.FRONT):
        put_in(made, "otto@example.org")


def test_a_server_that_is_not_there_costs_one_try_and_no_message(box: PostBox) -> None:
    made = make_practice()
    for name in ("erika", "otto"):
        put_in(made, f"{name}@example.org")

    with mailing_to(1):  # nobody listens there
        counts = deliver_all()

    assert counts[Outcome.AWAY] == 1
    assert states(made) == [("waiting", "mail-server-away", 1), ("waiting", "", 0)]
    with clock.travelled(BACK_OFF[0]):
        deliver_all()
    assert len(box.mails) == 2


def test_a_wrong_log_in_is_not_the_messages_fault(box: PostBox) -> None:
    from tests.audit.mail_server import mailing_by

    made = make_practice()
    put_in(made, "erika@example.org")

    with mailing_by(f"smtp+starttls://wrong:wrong@localhost:{box.port}", patience=2):
        deliver_all()

    assert states(made) == [("waiting", "login-refused", 1)]


def test_an_untrusted_certificate_gets_nothing(box: PostBox, monkeypatch: pytest.MonkeyPatch) -> None:
    made = make_practice()
    put_in(made, "erika@example.org")
    monkeypatch.delenv("SSL_CERT_FILE")

    deliver_all()

    assert (box.mails, box.envelopes) == ([], [])
    assert states(made) == [("waiting", "mail-server-away", 1)]


def test_two_workers_never_send_one_message_twice(box: PostBox) -> None:
    made = make_practice()
    for number in range(60):
        put_in(made, f"nummer{number}@example.org")
    box.delay = 0.005
    begin = threading.Barrier(3)

    def work() -> None:
        begin.wait()
        deliver_all()

    workers = [threading.Thread(target=work) for _ in range(3)]
    for one in workers:
        one.start()
    for one in workers:
        one.join(60)

    assert len(box.ids) == 60
    assert len(set(box.ids)) == 60
    assert len(box.connections) > 1  # they did work at the same time
    assert {one.state for one in messages(made)} == {"sent"}


def test_stopping_does_not_wait_for_a_mail_server_that_is_slow(box: PostBox) -> None:
    made = make_practice()
    about = put_in(made, "erika@example.org")
    box.delay = 1.5
    worker = threading.Thread(target=deliver_all)
    worker.start()
    while not box.envelopes:
        time.sleep(0.01)

    begun = time.monotonic()
    with acting_for(made.id):
        assert stop(made.id, about, [Message.Kind.CODE]) == 1
    took = time.monotonic() - begun
    worker.join(30)

    assert took < 1
    assert messages(made)[0].state == "stopped"


def test_what_was_stopped_does_not_go_out(box: PostBox) -> None:
    made = make_practice()
    about = put_in(made, "erika@example.org")
    with acting_for(made.id):
        stop(made.id, about, [Message.Kind.CODE])

    deliver_all()

    assert box.mails == []
    assert messages(made)[0].sealed is None


def test_put_in_twice_it_goes_out_once(box: PostBox) -> None:
    made = make_practice()
    about = put_in(made, "erika@example.org", once="code-1")
    put_in(made, "erika@example.org", once="code-1", about=about)

    deliver_all()

    assert len(box.mails) == 1


def test_a_change_that_is_rolled_back_tells_nobody(box: PostBox) -> None:
    made = make_practice()

    class Broken(Exception):
        pass

    def change() -> None:
        with acting_for(made.id):
            put_in(made, "erika@example.org")
            raise Broken

    with pytest.raises(Broken):
        change()

    deliver_all()
    assert box.mails == []


def test_a_confirmation_of_what_is_over_is_not_sent(box: PostBox) -> None:
    made = make_practice()
    put_in(made, "erika@example.org", Message.Kind.CONFIRMATION)

    with clock.travelled(timedelta(days=3)):
        deliver_all()

    assert states(made) == [("failed", "too-late", 1)]


def test_an_address_that_no_mail_can_reach_fails(box: PostBox) -> None:
    made = make_practice()
    put_in(made, "jürgen@example.org")
    put_in(made, "juergen@müller.example")

    deliver_all()

    assert [state for state, _, _ in states(made)] == ["failed", "sent"]
    assert box.envelopes == ["termine@example.org -> juergen@xn--mller-kva.example"]


def test_one_that_cannot_be_made_does_not_keep_the_others_waiting(box: PostBox) -> None:
    made = make_practice()
    put_in(made, "erika@example.org", Message.Kind.CONFIRMATION, facts={"starts_at": "morgen"})
    put_in(made, "otto@example.org")

    deliver_all()

    assert states(made) == [("waiting", "internal", 1), ("sent", "", 1)]


def test_without_a_mail_server_or_a_provider_of_sms_the_reason_is_told(database: None) -> None:
    made = make_practice()
    put_in(made, "erika@example.org")
    put_in(made, "+4930123456", channel=Message.Channel.SMS)

    deliver_all()

    assert states(made) == [("failed", "no-mail-server", 1), ("failed", "no-sms-provider", 1)]


def test_every_reason_has_words() -> None:
    assert all(reason_in_words(reason).endswith(".") for reason in REASONS)
    assert reason_in_words("") == ""
