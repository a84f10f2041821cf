"""What nginx is in production: takes TLS, tells the program so, and passes everything else on as it came."""

from __future__ import annotations

import re
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from tests.probe.broken_server import server_context
from tests.probe.certificates import Authority

HEAD = re.compile(rb"[A-Z]+ [^\r\n]* HTTP/1\.1\r\n")
TOLD = b"X-Forwarded-Proto: https\r\nX-Forwarded-For: 192.0.2.7\r\n"


def pump(source: socket.socket, to: socket.socket, *, telling: bool) -> None:
    with suppress(OSError):
        while data := source.recv(65536):
            if telling and (head := HEAD.match(data)):
                data = data[: head.end()] + TOLD + data[head.end() :]
            to.sendall(data)
    with suppress(OSError):
        to.shutdown(socket.SHUT_RDWR)


def handle(plain: socket.socket, context: ssl.SSLContext, port: int) -> None:
    with suppress(OSError), plain:
        plain.settimeout(60)
        with (
            context.wrap_socket(plain, server_side=True) as outer,
            socket.create_connection(("127.0.0.1", port)) as inner,
        ):
            back = threading.Thread(target=pump, args=(inner, outer), kwargs={"telling": False}, daemon=True)
            back.start()
            pump(outer, inner, telling=True)
            back.join(10)


@contextmanager
def tls_proxy(authority: Authority, listening: socket.socket, port: int) -> Iterator[None]:
    """Pass connections to ``listening`` on to this port of the loopback."""
    context = server_context(authority, frozenset())

    def accept() -> None:
        with suppress(OSError):
            while True:
                plain, _ = listening.accept()
                threading.Thread(target=handle, args=(plain, context, port), daemon=True).start()

    listening.listen(64)
    threading.Thread(target=accept, daemon=True).start()
    yield
    listening.close()
