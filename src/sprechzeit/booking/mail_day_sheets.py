"""Mail the newest day sheet to the practices that want it, once each morning and once each evening.

The worker hands a closed file on; it has no key. No transaction is open while the mail server is spoken to.
"""

from __future__ import annotations

from datetime import timedelta
from smtplib import SMTPException, SMTPRecipientsRefused, SMTPResponseException

import structlog
from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.utils.translation import gettext as _
from django.utils.translation import override

from sprechzeit import clock
from sprechzeit.audit.record import SYSTEM, record
from sprechzeit.booking.day_sheet_due import last_moment, newest_day_sheet
from sprechzeit.booking.day_sheet_file import day_sheet_name
from sprechzeit.booking.models import DaySheet
from sprechzeit.database.tenancy import acting_for
from sprechzeit.identifiers import PracticeId
from sprechzeit.practices.models import Practice

log = structlog.get_logger("sprechzeit.day_sheets")
WAITS = timedelta(hours=1)  # for a fresh one; then the last one goes out: nobody may be at the desk any more
ANSWERED = (SMTPRecipientsRefused, SMTPResponseException)  # the server works; it does not take this one mail


def mail_day_sheets() -> int:
    """Mail what is ready, and tell how many went out. What could not be mailed is tried again next time."""
    wanting = Practice.objects.filter(day_sheet_by_mail=True, kind=Practice.Kind.REAL).exclude(email="").order_by("id")
    ready = [practice for practice in wanting if _is_ready(practice)]
    if not ready or not settings.EMAIL_HOST:
        return 0
    sent = 0
    connection = get_connection()
    try:
        connection.open()
        for practice in ready:
            mail = _mail(practice)
            mail.connection = connection
            try:
                if mail.send():
                    _mark_sent(practice)
                    sent += 1
            except ANSWERED:
                log.warning("a day sheet was not taken by the mail server", exc_info=True)
        connection.close()
    except (OSError, SMTPException):  # every error of TLS and of time is an OSError
        log.warning("day sheets were not mailed", count=len(ready) - sent, exc_info=True)
    return sent


def _is_ready(practice: Practice) -> bool:
    """Not mailed yet, nor another one since the last six or seventeen o'clock; fresh, or nothing fresher will come."""
    moment = last_moment(practice)
    sheet = newest_day_sheet(practice)
    if sheet is None or (sheet.sent_at is not None and (sheet.sent_at >= moment or sheet.sent_at >= sheet.made_at)):
        return False
    return sheet.made_at >= moment or clock.now() - moment >= WAITS


def _mark_sent(practice: Practice) -> None:
    number = PracticeId(practice.id)
    with acting_for(number):
        DaySheet.objects.filter(practice=number).update(sent_at=clock.now())
        record(number, SYSTEM, "day-sheet.mail")


def _mail(practice: Practice) -> EmailMessage:
    """German and English below each other: who reads it is not known here. Nothing readable in it is personal."""
    with acting_for(PracticeId(practice.id)):
        sheet = DaySheet.objects.get(practice=practice)
    texts = []
    for language in ("de", "en"):
        with override(language):
            texts.append(_text(practice, sheet))
    with override("de"):
        subject = _("Sprechzeit: Tagesblatt für den Notfall")
    mail = EmailMessage(
        subject=subject,
        body="\n\n--\n\n".join(texts) + "\n",
        to=[practice.email],
        headers={"Auto-Submitted": "auto-generated"},
    )
    mail.attach(day_sheet_name(practice, sheet.made_at), bytes(sheet.sealed).decode(), "text/html")
    return mail


def _text(practice: Practice, sheet: DaySheet) -> str:
    made = f"{sheet.made_at.astimezone(practice.zone):%d.%m.%Y, %H:%M}"
    return "\n\n".join(
        [
            _("Im Anhang: das Tagesblatt Ihrer Praxis, Stand %(time)s.") % {"time": made},
            _(
                "Was es ist: die Termine von heute und der nächsten Sprechtage, verschlüsselt. Damit arbeiten Sie "
                "weiter, wenn der Server oder die Leitung ausfällt. Speichern Sie den Anhang, und öffnen Sie ihn im "
                "Browser mit der Passphrase der Tagesblätter oder den Wörtern des Notfallblatts. Eine Verbindung "
                "braucht es nicht."
            ),
            _(
                "Was es nicht ist: keine Sicherung und kein Kalender. Was Sie darin ansehen, können Sie nicht ändern, "
                "und Termine, die danach vergeben wurden, stehen nicht darin."
            ),
            _(
                "Bitte antworten Sie nicht, und schicken Sie niemandem die Passphrase oder die Wörter: Wir fragen nie "
                "danach. Löschen Sie ältere Tagesblätter."
            ),
        ]
    )
