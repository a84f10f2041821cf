"""Tell the owner what was forgotten: numbers, and nothing else. When something went, else once a month."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from smtplib import SMTPException

import structlog
from django.conf import settings
from django.core.mail import EmailMessage
from django.utils.translation import gettext as _
from django.utils.translation import override

from sprechzeit import clock
from sprechzeit.audit.values import VALUES
from sprechzeit.database.tenancy import acting_for
from sprechzeit.identifiers import PracticeId
from sprechzeit.practices.models import Practice
from sprechzeit.retention.models import RetentionReport

log = structlog.get_logger("sprechzeit.retention")
AT_LEAST = timedelta(days=30)


def tell_owner(practice: Practice) -> bool:
    """Mail what is due to be told, and tell whether something went out; what did not is told with the next."""
    number = PracticeId(practice.id)
    if not practice.email or not settings.EMAIL_HOST:
        return False
    with acting_for(number):
        report, _made = RetentionReport.objects.get_or_create(practice_id=number)
    pending = {kind: count for kind, count in report.pending.items() if count}
    if not pending and report.told_at is not None and report.told_at > clock.now() - AT_LEAST:
        return False
    try:
        _mail(practice, pending).send()
    except (OSError, SMTPException):  # every error of TLS and of time is an OSError
        log.warning("what was forgotten was not mailed", exc_info=True)
        return False
    with acting_for(number):
        row = RetentionReport.objects.get(practice_id=number)
        left = {kind: count - pending.get(kind, 0) for kind, count in row.pending.items()}
        row.pending = {kind: count for kind, count in left.items() if count > 0}
        row.told_at = clock.now()
        row.save(update_fields=["pending", "told_at"])
    return True


def _mail(practice: Practice, counts: Mapping[str, int]) -> EmailMessage:
    """German and English below each other: who reads it is not known here. Nothing in it is personal."""
    texts = []
    for language in ("de", "en"):
        with override(language):
            texts.append(_text(counts))
    with override("de"):
        subject = _("Sprechzeit: Was gelöscht wurde")
    return EmailMessage(
        subject=subject,
        body="\n\n--\n\n".join(texts) + "\n",
        to=[practice.email],
        headers={"Auto-Submitted": "auto-generated"},
    )


def _text(counts: Mapping[str, int]) -> str:
    lines = [f"  {VALUES.get(kind, kind)}: {count}" for kind, count in counts.items()]
    return "\n\n".join(
        [
            _("Nach den Fristen Ihrer Praxis wurde gelöscht:") if lines else _("Es war nichts zu löschen."),
            *(["\n".join(lines)] if lines else []),
            _("Die Fristen stehen in den Einstellungen unter „Aufbewahrung“."),
            _("Diese Mail enthält nur Anzahlen, nichts über Patienten oder Ihr Team."),
        ]
    )
