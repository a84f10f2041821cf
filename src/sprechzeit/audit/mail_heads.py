"""Mail each owner the head of their trail, out of reach of whoever holds the server."""

from __future__ import annotations

from collections.abc import Iterable
from smtplib import SMTPException, SMTPRecipientsRefused, SMTPResponseException

import structlog
from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.utils.translation import gettext as _
from django.utils.translation import override

from sprechzeit.audit.head import Head
from sprechzeit.practices.models import Practice

log = structlog.get_logger("sprechzeit.audit")
ANSWERED = (SMTPRecipientsRefused, SMTPResponseException)  # the server works; it does not take this one mail


def mail_heads(anchored: Iterable[tuple[Practice, Head]]) -> int:
    """Mail to every practice that has an address, and tell how many went out. Nothing is raised: files are there.

    A server that refuses one mail is asked for the next; one that does not answer is left alone until tomorrow.
    """
    mails = [_mail(practice, head) for practice, head in anchored if practice.email]
    if not mails or not settings.EMAIL_HOST:
        return 0
    sent = 0
    connection = get_connection()
    try:
        connection.open()
        for mail in mails:
            mail.connection = connection
            try:
                sent += mail.send()
            except ANSWERED:
                log.warning("a head was not taken by the mail server", exc_info=True)
        connection.close()
    except (OSError, SMTPException):  # every error of TLS and of time is an OSError
        log.warning("heads were not mailed", count=len(mails) - sent, exc_info=True)
    return sent


def _mail(practice: Practice, head: Head) -> EmailMessage:
    """German and English below each other: who reads it is not known here. Nothing in it is personal."""
    texts = []
    for language in ("de", "en"):
        with override(language):
            texts.append(_text(practice, head))
    with override("de"):
        subject = _("Sprechzeit: Stand des Protokolls, Ereignis %(number)d") % {"number": head.number}
    return EmailMessage(
        subject=subject,
        body="\n\n--\n\n".join(texts) + "\n",
        to=[practice.email],
        headers={"Auto-Submitted": "auto-generated"},
    )


def _text(practice: Practice, head: Head) -> str:
    at = head.at.astimezone(practice.zone).isoformat(sep=" ", timespec="seconds")
    return "\n\n".join(
        [
            _("Dies ist der Stand des Zugriffsprotokolls Ihrer Praxis:"),
            "\n".join(
                [
                    "  " + _("Ereignis: %(number)d") % {"number": head.number},
                    "  " + _("Prüfsumme: %(hash)s") % {"hash": head.hash},
                    "  " + _("Zeit: %(time)s") % {"time": at},
                ]
            ),
            _(
                "Wozu: In jedem Ereignis steckt die Prüfsumme des vorigen. Wer nachträglich eines ändert oder löscht, "
                "kann diese Prüfsumme nicht mehr treffen. Bitte heben Sie die Mail auf: Sie beweist es, auch wenn "
                "jemand den ganzen Server in der Hand hat."
            ),
            _("So prüft der Betreiber Ihres Servers, ob das Protokoll noch dazu passt:"),
            f"  sprechzeit audit verify --practice {practice.slug} --head {head.number}:{head.hash}",
            _("Diese Mail kommt jede Nacht. Sie enthält nichts über Patienten oder Ihr Team."),
        ]
    )
