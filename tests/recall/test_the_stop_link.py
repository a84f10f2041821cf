"""The link below an invitation for those whom it does not concern: its words are of invitations, and it ends them."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.audit.mail_server import make_certificate
from tests.factories import visitor
from tests.messages.post_box import running
from tests.messages.posted import deliver_all, mailing_to, settle_others
from tests.recall.due import due, invite_all, recall_of
from tests.recall.test_recalls_begin_and_end import renew
from tests.web.page import Page


def test_it_speaks_of_invitations_stops_them_and_the_next_night_ends_the_recall(
    database: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settle_others()
    certificate = make_certificate(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    with running(certificate) as box, mailing_to(box.port):
        made, _, _ = due()
        invite_all(made)
        deliver_all()
    (mail,) = box.mails
    link = urlsplit(str(mail["List-Unsubscribe"]).strip("<>"))
    path = f"{link.path}?{link.query}"

    asked = Page(visitor().get(path)).text
    assert recall_of(made).state == "invited"
    done = Page(visitor().post(path, {"List-Unsubscribe": "One-Click"})).text

    assert "Keine Einladungen mehr bekommen?" in asked
    assert "Zu dieser Kontrolle bekommen Sie keine Einladung mehr." in done
    assert "diesem Termin" not in asked + done
    assert invite_all(made) == 0
    assert renew(made) == (1, 0)
    assert recall_of(made).state == "stopped"


def test_without_that_word_it_speaks_of_an_appointment(database: None) -> None:
    path = "/nicht-fuer-mich/1/AAAAAAAAAAAAAAAAAAAAAA/"

    assert "Keine Nachrichten mehr bekommen?" in Page(visitor().get(path)).text
