"""A real mail server with STARTTLS and a log-in that does what servers do: refuse, ask for patience, hang up."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from tests.audit.mail_server import PASSWORD, USER, _AnyPort


@dataclass
class PostBox:
    """``answers`` are given in turn to what is named (RCPT or DATA), then all is well again.

    "hang-up" ends the connection before the mail is taken, "taken-hang-up" after, without a word.
    """

    port: int = 0
    answers: dict[str, list[str]] = field(default_factory=dict)
    delay: float = 0.0
    mails: list[EmailMessage] = field(default_factory=list)
    envelopes: list[str] = field(default_factory=list)
    encrypted: list[bool] = field(default_factory=list)
    connections: set[tuple[str, int]] = field(default_factory=set)

    @property
    def ids(self) -> list[str]:
        return [str(one["Message-ID"]) for one in self.mails]

    def _next(self, what: str) -> str:
        given = self.answers.get(what, [])
        return given.pop(0) if given else ""

    async def handle_RCPT(self, server: SMTP, session: Session, envelope: Envelope, to: str, options: list) -> str:
        self.envelopes.append(f"{envelope.mail_from} -> {to}")
        answer = self._next("RCPT")
        if answer:
            return answer
        envelope.rcpt_tos.append(to)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        answer = self._next("DATA")
        if self.delay:
            await asyncio.sleep(self.delay)
        if answer == "hang-up":
            server.transport.abort()
            return "421 gone"
        if answer and answer != "taken-hang-up":
            return answer
        assert isinstance(envelope.content, bytes)
        self.mails.append(message_from_bytes(envelope.content, policy=policy.default))
        self.encrypted.append(session.ssl is not None)
        self.connections.add(session.peer)
        if answer == "taken-hang-up":
            server.transport.abort()
        return "250 OK"


def _authenticate(server: SMTP, session: Session, envelope: Envelope, mechanism: str, given: object) -> AuthResult:
    """``handled=False``: the server itself answers with 535."""
    return AuthResult(success=given == LoginPassword(USER.encode(), PASSWORD.encode()), handled=False)


@dataclass
class DsnPostBox(PostBox):
    """One that offers delivery status notifications (RFC 3461) and keeps what was asked of it."""

    options: list[str] = field(default_factory=list)

    async def handle_EHLO(
        self, server: SMTP, session: Session, envelope: Envelope, name: str, answers: list[str]
    ) -> list[str]:
        session.host_name = name
        return [*answers[:-1], "250-DSN", answers[-1]]


class _DsnSmtp(SMTP):
    def _getparams(self, params: list[str]) -> dict[str, str | bool] | None:
        found = super()._getparams(params)
        for name in ("RET", "ENVID", "NOTIFY"):
            if found and name in found:
                self.event_handler.options.append(f"{name}={found.pop(name)}")
        return found


class _DsnController(_AnyPort):
    def factory(self) -> SMTP:
        return _DsnSmtp(self.handler, **self.SMTP_kwargs)


@contextmanager
def running(certificate: Path, box: PostBox | None = None) -> Iterator[PostBox]:
    box = box or PostBox()
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate)
    controller = (_DsnController if isinstance(box, DsnPostBox) else _AnyPort)(
        box,
        hostname="127.0.0.1",
        port=0,
        tls_context=context,
        require_starttls=True,
        authenticator=_authenticate,
        auth_required=True,
    )
    controller.start()
    box.port = controller.port
    try:
        yield box
    finally:
        controller.stop()
