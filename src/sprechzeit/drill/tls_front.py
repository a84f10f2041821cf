"""What nginx is in production: takes TLS with a certificate made for the drill, and passes everything else on."""

from __future__ import annotations

import re
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

HEAD = re.compile(rb"[A-Z]+ [^\r\n]* HTTP/1\.1\r\n")
TOLD = b"X-Forwarded-Proto: https\r\nX-Forwarded-For: %b\r\n"
CLIENT = "192.0.2.7"  # RFC 5737: documentation
PEM = serialization.Encoding.PEM


def make_certificate(folder: Path) -> tuple[Path, Path]:
    """A certificate for ``localhost`` that signs itself: the file that clients trust, and key and certificate."""
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=60))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )
    trusted, whole = folder / "authority.pem", folder / "server.pem"
    trusted.write_bytes(made.public_bytes(PEM))
    whole.touch(mode=0o600)
    secret = key.private_bytes(PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    whole.write_bytes(secret + made.public_bytes(PEM))
    return trusted, whole


@contextmanager
def tls_front(context: ssl.SSLContext, listening: socket.socket, port: int, client: str = CLIENT) -> Iterator[None]:
    """Pass connections to ``listening`` on to this port of the loopback, telling the program TLS and ``client``."""

    def accept() -> None:
        with suppress(OSError):
            while True:
                plain, _address = listening.accept()
                threading.Thread(target=_handle, args=(plain, context, port, client), daemon=True).start()

    listening.listen(64)
    threading.Thread(target=accept, daemon=True).start()
    try:
        yield
    finally:
        listening.close()


def _handle(plain: socket.socket, context: ssl.SSLContext, port: int, client: str) -> None:
    told = TOLD % client.encode()
    with suppress(OSError), plain:
        plain.settimeout(60)
        with (
            context.wrap_socket(plain, server_side=True) as outer,
            socket.create_connection(("127.0.0.1", port)) as inner,
        ):
            back = threading.Thread(target=_pump, args=(inner, outer, b""), daemon=True)
            back.start()
            _pump(outer, inner, told)
            back.join(10)


def _pump(source: socket.socket, to: socket.socket, told: bytes) -> None:
    with suppress(OSError):
        while data := source.recv(65536):
            if told and (head := HEAD.match(data)):
                data = data[: head.end()] + told + data[head.end() :]
            to.sendall(data)
    with suppress(OSError):
        to.shutdown(socket.SHUT_RDWR)
