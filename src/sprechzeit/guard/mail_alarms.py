"""Mail alarms to the practice's owner and, unless they are mere notices, to the host. Nothing in them is personal."""

from __future__ import annotations

from smtplib import SMTPException, SMTPRecipientsRefused, SMTPResponseException

import structlog
from django.conf import settings
from django.core.mail import EmailMessage
from django.utils.translation import gettext as _
from django.utils.translation import override

from sprechzeit import clock
from sprechzeit.database.tenancy import acting_for
from sprechzeit.guard.models import Alarm
from sprechzeit.guard.rules import BY_NAME, Severity
from sprechzeit.identifiers import PracticeId
from sprechzeit.practices.models import Practice

log = structlog.get_logger("sprechzeit.alarm")


def mail_alarms(practice: PracticeId | None) -> bool:
    """Mail what was not mailed yet, of one practice or (None) of the host; False when some must be tried again."""
    home = Practice.objects.get(id=practice) if practice is not None else None
    done = True
    for alarm in _waiting(practice):
        try:
            for address in _addresses(alarm, home):
                _mail(alarm, home, address).send()
        except (SMTPRecipientsRefused, SMTPResponseException):
            log.warning("an alarm was not taken by the mail server", code=alarm.rule, practice=practice)
        except (OSError, SMTPException):
            log.warning("an alarm was not mailed yet", code=alarm.rule, practice=practice, exc_info=True)
            done = False
            continue
        _mark(alarm, practice)
    return done


def _waiting(practice: PracticeId | None) -> list[Alarm]:
    if practice is None:
        return list(Alarm.objects.filter(practice=None, mailed_at=None).order_by("first_seen"))
    with acting_for(practice):
        return list(Alarm.objects.filter(practice=practice, mailed_at=None).order_by("first_seen"))


def _mark(alarm: Alarm, practice: PracticeId | None) -> None:
    if practice is None:
        Alarm.objects.filter(id=alarm.id).update(mailed_at=clock.now())
        return
    with acting_for(practice):
        Alarm.objects.filter(practice=practice, id=alarm.id).update(mailed_at=clock.now())


def _addresses(alarm: Alarm, home: Practice | None) -> list[str]:
    if not settings.EMAIL_HOST:
        return []
    owner = home.email if home else ""
    host = settings.OPERATOR_EMAIL if home is None or alarm.severity != Severity.NOTICE else ""
    return [address for address in dict.fromkeys((owner, host)) if address]


def _mail(alarm: Alarm, home: Practice | None, address: str) -> EmailMessage:
    """German and English below each other: who reads it is not known here."""
    texts = []
    for language in ("de", "en"):
        with override(language):
            texts.append(_text(alarm, home))
    with override("de"):
        subject = _("Sprechzeit: Alarm: %(title)s") % {"title": BY_NAME[alarm.rule].title}
    headers = {"Auto-Submitted": "auto-generated"}
    return EmailMessage(subject=subject, body="\n\n--\n\n".join(texts) + "\n", to=[address], headers=headers)


def _text(alarm: Alarm, home: Practice | None) -> str:
    rule = BY_NAME[alarm.rule]
    at = alarm.first_seen.astimezone(home.zone if home else None).isoformat(sep=" ", timespec="seconds")
    lines = [
        _("Was: %(title)s") % {"title": rule.title},
        _("Wo: %(practice)s") % {"practice": home.slug if home else settings.PUBLIC_URL},
        _("Wann: %(time)s") % {"time": at},
        _("Regel: %(rule)s, Schwere: %(severity)s") % {"rule": rule.name, "severity": alarm.severity},
    ]
    if alarm.actor:
        lines.append(_("Kennung von Mitglied oder Programm: %(actor)s") % {"actor": alarm.actor})
    parts = ["\n".join(lines), _("Was zu tun ist: %(what)s") % {"what": rule.what_to_do}]
    if home is not None:
        parts.append(
            _("Alle Alarme: %(link)s\nNotbremse: %(brake)s")
            % {"link": f"{settings.PUBLIC_URL}/desk/alarme/", "brake": f"{settings.PUBLIC_URL}/desk/notbremse/"}
        )
    return "\n\n".join(parts)
