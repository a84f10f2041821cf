"""The host's notice of a breach (Art. 33(2) GDPR) is mailed to the practice's own address, once."""

from __future__ import annotations

from datetime import timedelta

from sprechzeit import clock
from sprechzeit.database.roles import Role
from sprechzeit.database.tenancy import acting_for, wearing
from sprechzeit.guard.mail_alarms import mail_alarms
from sprechzeit.identifiers import new_id
from sprechzeit.incident.mail_notice import mail_notices
from sprechzeit.incident.models import Incident
from sprechzeit.incident.notify import Notice, notify_practice
from sprechzeit.practices.models import Practice
from tests.booking.booked import rows
from tests.factories import Made, make_practice
from tests.messages.post_box import PostBox
from tests.messages.test_what_a_mail_says import text_of


def practice(email: str) -> Made:
    made = make_practice()
    with wearing(Role.DESK), acting_for(made.id):
        Practice.objects.filter(id=made.id).update(email=email, subdivision="HH")
        made.practice.refresh_from_db()
    return made


def tell(made: Made, notice: Notice) -> list[str]:
    """Whom no mail reached."""
    with wearing(Role.WORKER):
        row, _is_new = notify_practice(made.id, notice)
        return [one.slug for one in mail_notices([(made.practice, row, None)])]


def notice() -> Notice:
    told = {"facts_de": "Sicherung gestohlen.", "facts_en": "Backup stolen.", "measures_de": "Schlüssel gewechselt."}
    return Notice(new_id(), clock.now() - timedelta(hours=3), clock.now() - timedelta(hours=1), told, is_dump=True)


def test_it_says_in_both_languages_what_happened_and_until_when_the_practice_has_time(box: PostBox) -> None:
    made, said = practice("inhaber@example.org"), notice()

    assert tell(made, said) == []
    assert tell(made, said) == []  # the second time it has it already
    with wearing(Role.WORKER):
        mail_alarms(made.id)

    (mail,) = box.mails
    text = text_of(mail, "plain").replace("\r", "")
    assert mail["To"] == "inhaber@example.org"
    for part in (
        "Artikel 33 Absatz 2 DSGVO", "Article 33(2) GDPR", "Sicherung gestohlen.", "Backup stolen.",
        "Schlüssel gewechselt.", "Hamburgischer Beauftragter", "/desk/vorfaelle/", "72",
    ):  # fmt: skip  # lines grouped by hand
        assert part in text
    (row,) = rows(made, Incident)
    assert row.notice_mailed_at is not None


def test_a_practice_without_an_address_is_told_to_the_host(box: PostBox) -> None:
    made = practice("")

    assert tell(made, notice()) == [made.practice.slug]
    assert box.mails == []
