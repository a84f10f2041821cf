"""E-mail by SMTP (RFC 5321), over one connection for many messages.

Whether that is encrypted, and by which certificate, the settings say (``SMTP_URL``); production refuses any other.
"""

from __future__ import annotations

from contextlib import suppress
from smtplib import (
    SMTP,
    SMTPAuthenticationError,
    SMTPDataError,
    SMTPException,
    SMTPResponseException,
    SMTPServerDisconnected,
)

from django.core.mail.backends.smtp import EmailBackend

from sprechzeit.messages.channels import Later, Refused, Rendered

MOST = 100  # messages over one connection; many servers allow no more
OK = 250
BAD = 500


class SmtpChannel:
    """Opens the connection with the first message and keeps it until ``close``."""

    def __init__(self) -> None:
        self._backend: EmailBackend | None = None
        self._count = 0

    def send(self, rendered: Rendered) -> None:
        if self._count >= MOST:
            self.close()
        try:
            server = self._begin(rendered)
            notify = ["NOTIFY=FAILURE"] if server.has_extn("dsn") else []
            _require(server.rcpt(rendered.to, notify), "address-refused", "address-busy")
            # When the connection breaks from here on, nobody knows whether the server has it: see deliver.py.
            _require(server.data(rendered.content), "content-refused", "mail-server-busy")
        except (Refused, Later):
            self._reset()
            raise
        except SMTPDataError as error:
            self._reset()
            _require((error.smtp_code, b""), "content-refused", "mail-server-busy")
        except (SMTPException, OSError) as error:  # every error of TLS and of time is an OSError
            self.close()
            raise _away(error) from None
        self._count += 1

    def close(self) -> None:
        backend, self._backend, self._count = self._backend, None, 0
        if backend is not None:
            with suppress(SMTPException, OSError):
                backend.close()

    def _begin(self, rendered: Rendered) -> SMTP:
        """A connection at which a message has begun; one that the server closed meanwhile is opened anew.

        A server that knows delivery status notifications (RFC 3461) is told by which number to name the message
        (``messages/report.py``), and to send no more than headers back.
        """
        is_new = self._backend is None
        server = self._server()
        try:
            answer = _mail(server, rendered)
            if answer[0] == 421:
                raise SMTPServerDisconnected
        except (SMTPServerDisconnected, ConnectionError):
            self.close()
            if is_new:
                raise
            server = self._server()
            answer = _mail(server, rendered)
        if answer[0] != OK:
            # Not the message's fault: the host has to mend the sender's address.
            raise Later("sender-refused" if answer[0] >= BAD else "mail-server-busy", is_away=True)
        return server

    def _server(self) -> SMTP:
        if self._backend is None:
            backend = EmailBackend(fail_silently=False)
            backend.open()
            self._backend = backend
        server = self._backend.connection
        if not isinstance(server, SMTP):
            raise SMTPServerDisconnected
        server.ehlo_or_helo_if_needed()
        return server

    def _reset(self) -> None:
        """The next message begins afresh (RFC 5321, section 4.1.1.5)."""
        if self._backend is None:
            return
        try:
            self._server().rset()
        except (SMTPException, OSError):
            self.close()


def _mail(server: SMTP, rendered: Rendered) -> tuple[int, bytes]:
    options = ["RET=HDRS", f"ENVID={rendered.id}"] if server.has_extn("dsn") else []
    return server.mail(rendered.sender, options)


def _require(answer: tuple[int, bytes], refused: str, later: str) -> None:
    """What the server says is not kept: it may quote the address."""
    code = answer[0]
    if code >= BAD:
        raise Refused(refused)
    if code == 421:
        raise Later("mail-server-busy", is_away=True)
    if not 200 <= code < 300:
        raise Later(later)


def _away(error: Exception) -> Later:
    if isinstance(error, SMTPAuthenticationError):
        return Later("login-refused", is_away=True)
    if isinstance(error, SMTPResponseException) and error.smtp_code < BAD:
        return Later("mail-server-busy", is_away=True)
    return Later("mail-server-away", is_away=True)
