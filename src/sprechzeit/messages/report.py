"""Read what a mail server says of a mail that it could not deliver (RFC 3464, delivery status notifications).

Nothing of the report is kept or told but which of our messages it is about and that it failed: the rest quotes the
address, and often the mail.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from email import message_from_bytes, message_from_string, policy
from email.message import Message as Part
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings

MOST = 1024 * 1024  # bytes
XTEXT = re.compile(r"\+([0-9A-F]{2})")


class NotAReport(ValueError):
    """It is no delivery status notification about one of our messages."""


@dataclass(frozen=True)
class Report:
    """Which message, and whether the server has given up; False while it only tells of a delay, or of a success."""

    message: UUID
    has_failed: bool


def read_report(content: bytes) -> Report:
    """The report in a mail.

    Raises
    ------
    NotAReport
    """
    if len(content) > MOST:
        raise NotAReport
    whole = message_from_bytes(content, policy=policy.compat32)
    if whole.get_content_type() != "multipart/report" or not whole.is_multipart():
        raise NotAReport
    parts = [one for one in whole.walk() if one is not whole]
    status = next((one for one in parts if one.get_content_type() == "message/delivery-status"), None)
    blocks = status.get_payload() if status is not None and status.is_multipart() else []
    if not isinstance(blocks, list) or len(blocks) < 2:
        raise NotAReport
    told = [one for one in blocks if isinstance(one, Part)]
    message = _envelope_id(told[0]) or _message_id(parts)
    if message is None:
        raise NotAReport
    return Report(message, any(_is_final(one) for one in told[1:]))


def _envelope_id(of_the_message: Part) -> UUID | None:
    """What we gave the server as ENVID (RFC 3461, section 4.4), in xtext."""
    text = XTEXT.sub(lambda found: chr(int(found[1], 16)), _header(of_the_message, "Original-Envelope-Id"))
    return _id_in(text)


def _message_id(parts: list[Part]) -> UUID | None:
    """Of the mail's headers that came back with the report (RFC 3462), when they name our host."""
    for part in parts:
        if part.get_content_type() == "text/rfc822-headers":
            payload = part.get_payload(decode=True)
            headers = message_from_string(payload.decode("ascii", "replace")) if isinstance(payload, bytes) else part
        elif part.get_content_type() == "message/rfc822" and part.is_multipart():
            inner = part.get_payload()
            headers = inner[0] if isinstance(inner, list) and isinstance(inner[0], Part) else part
        else:
            continue
        text, _at, host = _header(headers, "Message-ID").strip("<>").rpartition("@")
        if host == urlsplit(settings.PUBLIC_URL).hostname and (found := _id_in(text)):
            return found
    return None


def _is_final(of_a_recipient: Part) -> bool:
    """Whether the server tries no more (RFC 3464, section 2.3.3); a delay is told with the action "delayed"."""
    action = _header(of_a_recipient, "Action").lower()
    return action == "failed" and _header(of_a_recipient, "Status").startswith(("5.", "4."))


def _header(part: Part, name: str) -> str:
    """Without comments and line breaks."""
    return " ".join(re.sub(r"\([^()]*\)", "", str(part.get(name, ""))).split())


def _id_in(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
