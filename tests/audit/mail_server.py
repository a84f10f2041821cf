"""A real mail server on this machine, with STARTTLS and a certificate made for it."""

from __future__ import annotations

import datetime
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from ipaddress import ip_address
from pathlib import Path

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, Envelope, LoginPassword, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from django.conf import settings
from django.test import override_settings

from sprechzeit.environment import read_environment

USER, PASSWORD = "sprechzeit", "p@ss:w/rd"


@dataclass
class Inbox:
    """What arrived. Recipients in ``refused`` are not taken."""

    refused: set[str] = field(default_factory=set)
    mails: list[EmailMessage] = field(default_factory=list)
    encrypted: list[bool] = field(default_factory=list)

    async def handle_RCPT(self, server: object, session: Session, envelope: Envelope, to: str, options: list) -> str:
        if to in self.refused:
            return "550 no such mailbox"
        envelope.rcpt_tos.append(to)
        return "250 OK"

    async def handle_DATA(self, server: object, session: Session, envelope: Envelope) -> str:
        assert isinstance(envelope.content, bytes)
        self.mails.append(message_from_bytes(envelope.content, policy=policy.default))
        self.encrypted.append(session.ssl is not None)
        return "250 OK"


def make_certificate(folder: Path) -> Path:
    """Certificate and key for localhost in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.datetime.now(datetime.UTC)
    names = x509.SubjectAlternativeName([x509.DNSName("localhost"), x509.IPAddress(ip_address("127.0.0.1"))])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(hours=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(names, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    plain = serialization.NoEncryption()
    path = folder / "mail.pem"
    path.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
        + certificate.public_bytes(serialization.Encoding.PEM)
    )
    return path


def _authenticate(server: object, session: Session, envelope: Envelope, mechanism: str, given: object) -> AuthResult:
    good = LoginPassword(USER.encode(), PASSWORD.encode())
    return AuthResult(success=given == good)


class _AnyPort(Controller):
    """aiosmtpd looks at its own port once it listens; which it is, the system has only just decided."""

    def _trigger_server(self) -> None:
        assert self.server is not None
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


@contextmanager
def mail_server(certificate: Path, inbox: Inbox) -> Iterator[int]:
    """Run it; gives its port."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate)
    controller = _AnyPort(
        inbox,
        hostname="127.0.0.1",
        port=0,
        tls_context=context,
        require_starttls=True,
        authenticator=_authenticate,
        auth_required=True,
    )
    controller.start()
    try:
        yield controller.port
    finally:
        controller.stop()


@contextmanager
def mailing_by(url: str, *, patience: float = 5) -> Iterator[None]:
    """The product's mail settings as this SMTP_URL makes them."""
    read = read_environment({"SMTP_URL": url, "MAIL_FROM": "termine@example.org"}, settings.ENVIRONMENT.data_folder)
    assert read.smtp is not None
    with override_settings(
        SMTP=read.smtp,
        EMAIL_BACKEND="django.core.mail.backends.smtp.EmailBackend",
        EMAIL_HOST=read.smtp.host,
        EMAIL_PORT=read.smtp.port,
        EMAIL_HOST_USER=read.smtp.user,
        EMAIL_HOST_PASSWORD=read.smtp.password,
        EMAIL_USE_TLS=read.smtp.security == "starttls",
        EMAIL_USE_SSL=read.smtp.security == "tls",
        EMAIL_TIMEOUT=patience,
        DEFAULT_FROM_EMAIL=read.mail_from,
    ):
        yield
