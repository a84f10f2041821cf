"""Asks the one host, politely: bounded in number and time, at most four at once, no redirect followed.

A request that is correct goes through ``http.client`` and keeps its connection; one that is broken on purpose is
written to a connection of its own byte by byte.
"""

from __future__ import annotations

import socket
import ssl
import time
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from threading import Lock, local
from typing import TypeVar

from sprechzeit.probe.target import Target

AGENT = "sprechzeit-probe/1 (exposure check by the operator)"
MOST_REQUESTS = 1500
AT_ONCE = 4
PATIENCE = 10.0  # seconds for one answer
MOST_BYTES = 256 * 1024  # read of one body
Item = TypeVar("Item")


@dataclass(frozen=True)
class Answer:
    """What came back. ``path`` is as it was asked for, ``body`` its first 256 KiB."""

    method: str
    path: str
    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes

    def header(self, name: str) -> str:
        """The header's values, joined as RFC 9110, section 5.2 says; empty without any."""
        return ", ".join(self.all(name))

    def all(self, name: str) -> list[str]:
        return [value for key, value in self.headers if key.lower() == name.lower()]

    @property
    def type(self) -> str:
        """The media type without parameters."""
        return self.header("content-type").partition(";")[0].strip().lower()

    @property
    def is_page(self) -> bool:
        return self.type in {"text/html", "application/xhtml+xml"}

    @property
    def told(self) -> str:
        """Status, type and size, for a finding."""
        return f"{self.status} {self.type or 'no type'}, {len(self.body):,} bytes"


@dataclass
class Client:
    """Asks the target. ``context`` is how TLS is spoken, once that was looked at."""

    target: Target
    seconds: float
    most: int = MOST_REQUESTS
    context: ssl.SSLContext | None = None
    asked: int = 0
    unanswered: int = 0
    is_exhausted: bool = False
    begun: float = field(default_factory=time.monotonic)
    _lock: Lock = field(default_factory=Lock)
    _local: local = field(default_factory=local)
    _open: list[HTTPConnection] = field(default_factory=list)

    @property
    def left(self) -> float:
        """Seconds that are left."""
        return self.seconds - (time.monotonic() - self.begun)

    def may_ask(self) -> bool:
        """Count one more request, unless time or number ran out."""
        with self._lock:
            if self.asked >= self.most or self.left <= 0:
                self.is_exhausted = True
                return False
            self.asked += 1
            return True

    @property
    def patience(self) -> float:
        return max(0.2, min(PATIENCE, self.left))

    def ask(
        self,
        path: str,
        *,
        method: str = "GET",
        headers: Mapping[str, str] | None = None,
        body: bytes | None = None,
    ) -> Answer | None:
        """A correct request; nothing when it was not answered or may not be asked any more."""
        if not self.may_ask():
            return None
        fresh = not hasattr(self._local, "connection")
        try:
            return self._ask(path, method, headers or {}, body)
        except (OSError, HTTPException):
            self._forget()
            if not fresh and self.left > 0:  # the server may have closed what it kept open
                with suppress(OSError, HTTPException):
                    return self._ask(path, method, headers or {}, body)
                self._forget()
        with self._lock:
            self.unanswered += 1
        return None

    def send(self, request: bytes, *, path: str, method: str = "GET") -> Answer | None:
        """Exactly these bytes over a connection of their own; nothing when the host closes it instead of answering."""
        if not self.may_ask():
            return None
        try:
            with self.connect() as raw:
                with suppress(OSError):  # an answer may be there although the rest was not taken
                    raw.sendall(request)
                response = HTTPResponse(raw, method=method)
                response.begin()
                return _read(response, method, path)
        except (OSError, HTTPException, ValueError):
            return None

    def each(self, items: Iterable[Item], what: Callable[[Item], None]) -> None:
        """Do it for all, four at once."""
        with ThreadPoolExecutor(AT_ONCE) as pool:
            for done in [pool.submit(what, item) for item in items]:
                done.result()

    def connect(self) -> socket.socket:
        """A connection, with TLS where the target has it; the caller closes it."""
        plain = socket.create_connection((self.target.host, self.target.port), self.patience)
        if self.context is None:
            return plain
        try:
            return self.context.wrap_socket(plain, server_hostname=self.target.host)
        except (OSError, ValueError):
            plain.close()
            raise

    def close(self) -> None:
        for connection in self._open:
            connection.close()

    def _ask(self, path: str, method: str, headers: Mapping[str, str], body: bytes | None) -> Answer:
        connection: HTTPConnection | None = getattr(self._local, "connection", None)
        if connection is None:
            connection = self._connection()
            self._local.connection = connection
            with self._lock:
                self._open.append(connection)
        connection.timeout = self.patience
        connection.request(
            method, path, body=body, headers={"Host": self.target.name, "User-Agent": AGENT, "Accept": "*/*", **headers}
        )
        response = connection.getresponse()
        answer = _read(response, method, path)
        if not response.isclosed():  # more than we read
            self._forget()
        return answer

    def _connection(self) -> HTTPConnection:
        if self.context is None:
            return HTTPConnection(self.target.host, self.target.port, timeout=self.patience)
        return HTTPSConnection(self.target.host, self.target.port, timeout=self.patience, context=self.context)

    def _forget(self) -> None:
        connection = self._local.__dict__.pop("connection", None)
        if connection is not None:
            connection.close()


def _read(response: HTTPResponse, method: str, path: str) -> Answer:
    body = response.read(MOST_BYTES) if response.status >= 200 else b""
    return Answer(method, path, response.status, tuple(response.getheaders()), body)
