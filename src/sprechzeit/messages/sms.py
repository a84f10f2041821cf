"""SMS by a provider's HTTPS interface: any that takes JSON and a bearer token, and seven.io.

The certificate is verified, and no redirection is followed: the secret goes to the address of ``SMS_URL`` and nowhere
else. What a provider answers is not kept: it may quote the number.
"""

from __future__ import annotations

import json
import ssl
from collections.abc import Mapping
from contextlib import suppress
from http.client import HTTPException, HTTPSConnection
from urllib.parse import urlencode, urlsplit

from django.conf import settings

from sprechzeit.environment import Sms
from sprechzeit.messages.channels import Later, NotSent, Refused, Rendered

PATIENCE = 10  # seconds
MOST = 64 * 1024  # bytes of an answer
OUR_FAULT = {401, 402, 403}  # the key, the account: nothing is wrong with the number

# https://docs.seven.io/en/rest-api/errors, and the enumeration of its own client: the code stands in the body of a 200.
SEVEN_SENT = {"100", "402"}  # 402: the same text went to the same number within three minutes; we had lost the answer
SEVEN: Mapping[str, NotSent] = {
    "101": Refused("number-refused"),
    "201": Refused("number-refused"),
    "202": Refused("number-refused"),
    "301": Refused("number-refused"),
    "305": Refused("sms-refused"),
    "306": Later("sms-refused", is_away=True),
    "401": Refused("sms-refused"),
    "403": Later("sms-busy"),
    "500": Later("sms-account", is_away=True),
    "600": Later("sms-busy"),
    "900": Later("sms-login-refused", is_away=True),
    "902": Later("sms-login-refused", is_away=True),
    "903": Later("sms-login-refused", is_away=True),
}


class SmsChannel:
    """Opens the connection with the first SMS and keeps it until ``close``."""

    def __init__(self) -> None:
        self._connection: HTTPSConnection | None = None

    def send(self, rendered: Rendered) -> None:
        provider: Sms | None = settings.SMS
        if provider is None:
            raise Refused("no-sms-provider")
        try:
            status, answer = self._post(provider, rendered)
        except (HTTPException, OSError):  # every error of TLS and of time is an OSError
            self.close()
            raise Later("sms-away", is_away=True) from None
        if problem := _problem(provider, status, answer):
            raise problem

    def close(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            with suppress(HTTPException, OSError):
                connection.close()

    def _post(self, provider: Sms, rendered: Rendered) -> tuple[int, bytes]:
        """Over the connection that is open; one that the provider closed meanwhile is opened anew.

        Where it broke after the text was sent, nobody knows whether it was taken: rather twice than never, and with
        the same key (draft-ietf-httpapi-idempotency-key-header), by which a provider can tell that they are one.
        """
        body, headers = _request(provider, rendered)
        if self._connection is not None:
            with suppress(ConnectionError):
                return self._ask(self._connection, provider, body, headers)
            self.close()
        address = urlsplit(provider.url)
        context = ssl.create_default_context()
        host, port = address.hostname or "", address.port or 443
        self._connection = HTTPSConnection(host, port, timeout=PATIENCE, context=context)
        return self._ask(self._connection, provider, body, headers)

    def _ask(
        self, connection: HTTPSConnection, provider: Sms, body: bytes, headers: dict[str, str]
    ) -> tuple[int, bytes]:
        connection.request("POST", urlsplit(provider.url).path or "/", body, headers)
        response = connection.getresponse()
        answer = response.read(MOST)
        if response.will_close or not response.isclosed():
            self.close()
        return response.status, answer


def _request(provider: Sms, rendered: Rendered) -> tuple[bytes, dict[str, str]]:
    fields = {
        provider.to: rendered.to,
        provider.sender_field: provider.sender,
        provider.text: rendered.content.decode(),
    }
    headers = {"Accept": "application/json", "Idempotency-Key": str(rendered.id), "User-Agent": "Sprechzeit"}
    if provider.provider == "seven":
        headers |= {"X-Api-Key": provider.secret, "Content-Type": "application/x-www-form-urlencoded; charset=utf-8"}
        return urlencode(fields).encode(), headers
    headers |= {"Authorization": f"Bearer {provider.secret}", "Content-Type": "application/json"}
    return json.dumps(fields).encode(), headers


def _problem(provider: Sms, status: int, answer: bytes) -> NotSent | None:
    """None when it was taken."""
    if 200 <= status < 300:
        return _problem_of_seven(answer) if provider.provider == "seven" else None
    if status == 429:
        return Later("sms-busy", is_away=True)
    if status in OUR_FAULT:
        return Later("sms-login-refused", is_away=True)
    if 400 <= status < 500:
        return Refused("number-refused")
    return Later("sms-busy" if status >= 500 else "sms-away", is_away=True)


def _problem_of_seven(answer: bytes) -> NotSent | None:
    try:
        told = json.loads(answer)
    except ValueError:
        told = None
    code = str(told.get("success", "") if isinstance(told, dict) else told if told is not None else "").strip()
    if code in SEVEN_SENT:
        return None
    known = SEVEN.get(code)
    if isinstance(known, Later):
        return Later(known.reason, is_away=known.is_away)
    return Refused(known.reason) if known else Later("sms-busy")
