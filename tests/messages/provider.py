"""A real HTTPS server that takes SMS, answers what it is told to, and keeps what it was asked."""

from __future__ import annotations

import json
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

from django.test import override_settings

from sprechzeit.environment import Sms

KEY = "geheimer-schluessel"


@dataclass
class Provider:
    """``answers`` are given in turn as (status, body); then all is well. Status 0 hangs up, after it took the SMS."""

    port: int = 0
    is_seven: bool = False
    answers: list[tuple[int, str]] = field(default_factory=list)
    asked: list[dict[str, str]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    connections: set[tuple[str, int]] = field(default_factory=set)

    def take(self, fields: dict[str, str], headers: dict[str, str]) -> tuple[int, str]:
        self.asked.append(fields)
        self.headers.append(headers)
        if self.answers:
            return self.answers.pop(0)
        return 200, json.dumps({"success": "100"}) if self.is_seven else "{}"

    @property
    def texts(self) -> list[str]:
        return [one["text"] for one in self.asked]


def _handler(provider: Provider) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        timeout = 5

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            is_json = self.headers["Content-Type"].startswith("application/json")
            provider.connections.add(self.client_address)
            status, answer = provider.take(
                json.loads(body) if is_json else dict(parse_qsl(body)),
                {name.lower(): value for name, value in self.headers.items()},
            )
            if not status:
                self.close_connection = True
                return
            self.send_response(status)
            if 300 <= status < 400:
                self.send_header("Location", f"https://localhost:{provider.port}/anderswo")
            self.send_header("Content-Length", str(len(answer.encode())))
            self.end_headers()
            self.wfile.write(answer.encode())

        def log_message(self, *_given: Any) -> None:
            """Quiet."""

    return Handler


@contextmanager
def providing(certificate: Path, *, seven: bool = False, **names: str) -> Iterator[Provider]:
    """It runs, and the settings lead to it."""
    provider = Provider(is_seven=seven)
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(provider))
    server.daemon_threads = True
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    provider.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    url = f"https://localhost:{provider.port}/api/sms"
    sms = Sms("seven" if seven else "generic", url, "Praxis", KEY, **names)
    try:
        with override_settings(SMS=sms):
            yield provider
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)
