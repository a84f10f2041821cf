"""Which host is looked at, and what its certificate is checked against."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit


class CannotLook(Exception):
    """The deployment cannot be looked at; the message says why in one line."""


@dataclass(frozen=True)
class Target:
    """One host and port. ``ca_file`` holds further authorities that may have signed its certificate."""

    scheme: str
    host: str
    port: int
    ca_file: Path | None = None

    @property
    def is_tls(self) -> bool:
        return self.scheme == "https"

    @property
    def is_loopback(self) -> bool:
        """Whether only this machine can reach it."""
        if self.host == "localhost" or self.host.endswith(".localhost"):
            return True
        try:
            return ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return False

    @property
    def name(self) -> str:
        """As the ``Host`` header has it (RFC 9110, section 7.2)."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == (443 if self.is_tls else 80) else f"{host}:{self.port}"

    @property
    def url(self) -> str:
        return f"{self.scheme}://{self.name}"


def read_target(address: str, ca_file: Path | None = None) -> Target:
    """The target that this address names.

    Raises
    ------
    CannotLook
        It is no http or https address of a bare host.
    """
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        raise CannotLook("the address is malformed") from None
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.username or not address.isascii():
        raise CannotLook("the address must look like https://termine.example.org")
    if parts.path.strip("/") or parts.query or parts.fragment:
        raise CannotLook("the address must name a host, and nothing behind it")
    if ca_file is not None and not ca_file.is_file():
        raise CannotLook("the file with further authorities is not there")
    return Target(parts.scheme, parts.hostname, port or (443 if parts.scheme == "https" else 80), ca_file)
