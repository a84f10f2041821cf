"""Look at our own address from outside every day, and tell the host's operator what is found."""

from __future__ import annotations

from smtplib import SMTPException

import structlog
from django.conf import settings
from django.core.mail import EmailMessage
from django.utils.translation import gettext as _
from django.utils.translation import override

from sprechzeit.probe import CannotLook, Report, probe
from sprechzeit.probe.target import read_target

log = structlog.get_logger("sprechzeit.guard")


def look_at_ourselves(address: str, operator: str) -> None:
    """Look, and tell what is found. Nothing is raised; what could not be looked at is logged as that.

    An address of this machine is left alone: nobody else reaches it.
    """
    try:
        if not read_target(address).is_loopback:
            tell(probe(address), operator)
    except CannotLook:
        log.warning("our own address could not be looked at", code="unreachable")


def tell(report: Report, operator: str) -> None:
    """Log each finding by its code and mail all to ``operator``, if there is such an address."""
    for finding in report.findings:
        log.warning("exposed", code=finding.code)
    if not report.complete:
        log.warning("our own address was not looked at completely", count=report.unanswered)
    if report.findings and operator and settings.EMAIL_HOST:
        try:
            _mail(report, operator).send()
        except (OSError, SMTPException):  # every error of TLS and of time is an OSError
            log.warning("findings were not mailed", count=len(report.findings), exc_info=True)


def _mail(report: Report, operator: str) -> EmailMessage:
    with override("de"):
        subject = _("Sprechzeit: Von außen ist etwas zu sehen, das niemand sehen soll")
        begin = _("Beim täglichen Blick von außen auf %(address)s wurde gefunden:") % {"address": report.address}
        end = _("So prüfen Sie es selbst nach:")
    found = [f"{one.severity.upper()}: {one.what} [{one.code}]\n  {one.mend}" for one in report.findings]
    return EmailMessage(
        subject=subject,
        body="\n\n".join([begin, *found, end, f"  sprechzeit probe {report.address}"]) + "\n",
        to=[operator],
        headers={"Auto-Submitted": "auto-generated"},
    )
