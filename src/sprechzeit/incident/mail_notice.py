"""Mail the host's notice to the practices' own addresses, in German and English; nothing in it is personal."""

from __future__ import annotations

from collections.abc import Iterable
from smtplib import SMTPException, SMTPRecipientsRefused, SMTPResponseException

import structlog
from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.utils.translation import gettext as _
from django.utils.translation import override

from sprechzeit import clock
from sprechzeit.database.tenancy import acting_for
from sprechzeit.identifiers import PracticeId
from sprechzeit.incident.concerned import Extent
from sprechzeit.incident.documents import LANGUAGES, Kind, document
from sprechzeit.incident.models import Incident
from sprechzeit.incident.texts import Texts
from sprechzeit.practices.models import Practice

log = structlog.get_logger("sprechzeit.incident")
ANSWERED = (SMTPRecipientsRefused, SMTPResponseException)


def mail_notices(told: Iterable[tuple[Practice, Incident, Extent | None]]) -> list[Practice]:
    """Mail to each that has not had it, as the role ``worker``; tells to whom none went: call them.

    A server that refuses one mail is asked for the next; of one that does not answer the rest is told at once.
    """
    left: list[Practice] = []
    connection = get_connection() if settings.EMAIL_HOST else None
    for practice, row, extent in told:
        if row.notice_mailed_at is not None:
            continue
        if connection is None or not practice.email:
            left.append(practice)
            continue
        mail = _mail(practice, row, extent)
        mail.connection = connection
        try:
            mail.send()
        except ANSWERED:
            log.warning("a notice was not taken by the mail server", practice=practice.id)
            left.append(practice)
            continue
        except (OSError, SMTPException):
            log.warning("a notice was not mailed", practice=practice.id, exc_info=True)
            left.append(practice)
            connection = None
            continue
        _mark(PracticeId(practice.id), row)
    if connection is not None:
        connection.close()
    return left


def _mark(practice: PracticeId, row: Incident) -> None:
    with acting_for(practice):
        Incident.objects.filter(practice=practice, id=row.id).update(notice_mailed_at=clock.now())


def _mail(practice: Practice, row: Incident, extent: Extent | None) -> EmailMessage:
    texts = [document(Kind.HOST, language, practice, row, Texts(), extent).text for language in LANGUAGES]
    with override("de"):
        subject = _("Sprechzeit: Verletzung des Datenschutzes, Ihre 72 Stunden laufen")
    headers = {"Auto-Submitted": "auto-generated"}
    return EmailMessage(subject=subject, body="\n--\n\n".join(texts), to=[practice.email], headers=headers)
