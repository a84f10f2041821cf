"""The attacker's client: keeps cookies as told, never follows a redirect, sends whatever it is asked to."""

from __future__ import annotations

import json
import re
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.client import HTTPSConnection
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
PATIENCE = 60.0


@dataclass(frozen=True, repr=False)
class Page:
    """An answer. Its ``repr`` shows the status only: the body may hold what the step was after."""

    status: int
    headers: Mapping[str, str]
    text: str

    def __repr__(self) -> str:
        return f"Page({self.status})"

    @property
    def location(self) -> str:
        return self.headers.get("location", "")

    def json(self) -> Any:
        return json.loads(self.text)


@dataclass
class Browser:
    """Talks to one address over TLS, over one connection."""

    address: str
    authority: Path
    cookies: dict[str, str] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)
    requests: int = 0
    _connection: HTTPSConnection | None = None

    def get(self, path: str) -> Page:
        return self.send("GET", path)

    def post(self, path: str, form: Mapping[str, str]) -> Page:
        """A form of a page seen before, with its CSRF token and origin: as a browser would send it."""
        body = urlencode({"csrfmiddlewaretoken": self.csrf, **form})
        sent = {"Content-Type": "application/x-www-form-urlencoded", "Origin": self.address}
        return self.send("POST", path, body.encode(), sent)

    def post_json(self, path: str, values: Any, method: str = "POST") -> Page:
        sent = {"Content-Type": "application/json", "Origin": self.address, "X-CSRFToken": self.csrf}
        return self.send(method, path, json.dumps(values).encode(), sent)

    def send(self, method: str, path: str, body: bytes | None = None, headers: Mapping[str, str] | None = None) -> Page:
        """Any request. A connection that the server closed meanwhile is opened once more."""
        for attempt in range(2):
            connection = self._connection or self._connect()
            try:
                connection.request(method, path, body, self._all(headers or {}))
                answer = connection.getresponse()
                text = answer.read().decode(errors="replace")
                break
            except (ConnectionError, OSError):
                connection.close()
                self._connection = None
                if attempt:
                    raise
        self.requests += 1
        for value in answer.headers.get_all("Set-Cookie") or []:
            self.cookies.update({name: morsel.value for name, morsel in SimpleCookie(value).items()})
        if found := TOKEN.search(text):
            self._token = found[1]
        if answer.headers.get("Connection", "").lower() == "close":
            connection.close()
            self._connection = None
        return Page(answer.status, {name.lower(): value for name, value in answer.headers.items()}, text)

    _token: str = ""

    @property
    def csrf(self) -> str:
        """The token of the last page that had one."""
        return self._token

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()

    def _connect(self) -> HTTPSConnection:
        parts = urlsplit(self.address)
        context = ssl.create_default_context(cafile=str(self.authority))
        self._connection = HTTPSConnection(parts.hostname or "", parts.port, timeout=PATIENCE, context=context)
        return self._connection

    def _all(self, more: Mapping[str, str]) -> dict[str, str]:
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        sent = {"User-Agent": FIREFOX, "Accept-Language": "de", **self.headers, **more}
        return {**sent, "Cookie": cookies} if cookies else sent
