"""The environment, read once and validated at start.

Production refuses to start with DEBUG, a default secret, or a database reached over TCP without TLS; every
refusal says what to change. Nothing else in the code reads ``os.environ``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Literal
from urllib.parse import parse_qsl, unquote, urlsplit
from zoneinfo import ZoneInfo

DEVELOPMENT_SECRET = "development-only-" + "0" * 40
LOCAL_HOSTS = {"", "localhost", "127.0.0.1", "::1"}
SMTP_PORTS = {"smtp+starttls": 587, "smtps": 465, "smtp": 25}
SEVEN = "https://gateway.seven.io/api/sms"
SMS_SENDER = re.compile(r"[A-Za-z0-9][A-Za-z0-9 .-]{0,10}|\+?[0-9]{3,16}")
SMS_FIELD = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]{0,40}")
ADDRESS = re.compile(r"[^@\s<>,;]+@[^@\s<>,;]+")


class EnvironmentRefused(Exception):
    """The settings are unsafe or malformed; one line per reason."""


@dataclass(frozen=True)
class Smtp:
    """The mail server that takes what we send. No mailbox is ever read."""

    host: str
    port: int
    user: str
    password: str = field(repr=False)
    security: Literal["starttls", "tls", "none"]


@dataclass(frozen=True)
class Sms:
    """The provider that takes SMS by HTTPS. ``to``, ``sender_field`` and ``text`` are what it calls these fields."""

    provider: Literal["generic", "seven"]
    url: str
    sender: str
    secret: str = field(repr=False)
    to: str = "to"
    sender_field: str = "from"
    text: str = "text"


@dataclass(frozen=True)
class Environment:
    """What the process was told from outside."""

    production: bool
    demo: bool
    debug: bool
    secret_key: str
    hosts: tuple[str, ...]
    public_url: str
    data_folder: Path
    database_url: str
    role_urls: Mapping[str, str]
    pool_size: int
    rate_limits: bool
    transaction_pooler: bool
    smtp: Smtp | None = None
    sms: Sms | None = None
    notifier_keys: Path | None = None
    mail_from: str = ""
    host_name: str = ""
    host_address: tuple[str, ...] = ()
    host_contact: str = ""
    host_imprint: tuple[str, ...] = ()
    demo_clock: datetime | None = None
    backup_folder: Path | None = None
    operator_email: str = ""

    @property
    def key_folder(self) -> Path:
        """Where the notifier's key pair lies (``messages/notifier_key.py``)."""
        return self.notifier_keys or self.data_folder / "keys"

    @property
    def secure_cookies(self) -> bool:
        return not self.public_url.startswith("http://localhost")


def _flag(values: Mapping[str, str], name: str, problems: list[str]) -> bool:
    raw = values.get(name, "").strip().lower()
    if raw not in {"", "0", "1", "false", "true", "no", "yes"}:
        problems.append(f"{name} must be 0 or 1")
    return raw in {"1", "true", "yes"}


def _database_problem(name: str, url: str) -> str:
    try:
        parts = urlsplit(url)
        query = dict(parse_qsl(parts.query))  # of a repeated parameter the last counts, for libpq and for us
        hosts = (parts.hostname or query.get("host", "")).split(",") + query.get("hostaddr", "").split(",")
        _ = parts.port  # raises when it is none
    except ValueError:
        return f"{name} is malformed"
    if parts.scheme not in {"postgres", "postgresql"}:
        return f"{name} must start with postgresql://"
    over_tcp = any(not host.startswith("/") and host not in LOCAL_HOSTS for host in hosts)
    if over_tcp and query.get("sslmode", "") not in {"verify-full", "verify-ca"}:
        return f"{name} reaches a database over the network: add ?sslmode=verify-full"
    return ""


def _read_smtp(url: str, *, production: bool, problems: list[str]) -> Smtp | None:
    """The mail server. A problem never quotes the address: its password is in it."""
    if not url:
        return None
    try:
        parts = urlsplit(url)
        port = parts.port or SMTP_PORTS[parts.scheme]
    except (ValueError, KeyError):
        problems.append("SMTP_URL must look like smtp+starttls://user:password@host:587 or smtps://…")
        return None
    if not parts.hostname or parts.path.strip("/") or parts.query or parts.fragment:
        problems.append("SMTP_URL must name a host, and nothing behind it")
        return None
    if parts.scheme == "smtp" and (production or parts.hostname not in LOCAL_HOSTS):
        problems.append("SMTP_URL sends without encryption: use smtp+starttls:// or smtps://")
    security: dict[str, Literal["starttls", "tls", "none"]] = {"smtp+starttls": "starttls", "smtps": "tls"}
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    return Smtp(parts.hostname, port, user, password, security.get(parts.scheme, "none"))


def _read_sms(values: Mapping[str, str], problems: list[str]) -> Sms | None:
    """The provider of SMS. Without encryption none is spoken to, not even on this machine."""
    names = ("URL", "SECRET", "FROM", "PROVIDER", "FIELDS")
    given = {name: values.get(f"SMS_{name}", "").strip() for name in names}
    if not any(given.values()):
        return None
    before = len(problems)
    provider = given["PROVIDER"] or "generic"
    if provider not in {"generic", "seven"}:
        problems.append("SMS_PROVIDER must be generic or seven")
    url = given["URL"] or (SEVEN if provider == "seven" else "")
    try:
        parts = urlsplit(url)
        _ = parts.port  # raises when it is none
        is_sound = parts.scheme == "https" and bool(parts.hostname)
        is_bare = not (parts.username or parts.password or parts.query or parts.fragment)
    except ValueError:
        is_sound, is_bare = False, True
    if not is_sound or not is_bare:
        problems.append("SMS_URL must be an https:// address without a secret in it: that belongs into SMS_SECRET")
    if not given["SECRET"] or not (given["SECRET"].isascii() and given["SECRET"].isprintable()):
        problems.append("SMS_SECRET must be the provider's key: it goes into a header")
    if not SMS_SENDER.fullmatch(given["FROM"]):
        problems.append("SMS_FROM must be what phones show as sender: 11 letters and digits, or a number")
    called = _read_sms_fields(given["FIELDS"], problems)
    if len(problems) > before:
        return None
    return Sms("seven" if provider == "seven" else "generic", url, given["FROM"], given["SECRET"], *called)


def _read_sms_fields(text: str, problems: list[str]) -> tuple[str, str, str]:
    """What a generic provider calls recipient, sender and text: ``to=recipient,from=sender,text=message``."""
    names = {"to": "to", "from": "from", "text": "text"}
    for part in filter(None, text.split(",")):
        ours, _equals, theirs = part.strip().partition("=")
        if ours not in names or not SMS_FIELD.fullmatch(theirs):
            problems.append("SMS_FIELDS must look like to=recipient,from=sender,text=message")
            break
        names[ours] = theirs
    return names["to"], names["from"], names["text"]


def _read_demo_clock(text: str, *, production: bool, problems: list[str]) -> datetime | None:
    """The moment at which a demo's clock starts, meant in Germany when it names no zone."""
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        problems.append("SPRECHZEIT_DEMO_CLOCK must look like 2026-03-10T10:20")
        return None
    if production:
        problems.append("SPRECHZEIT_DEMO_CLOCK must not be set in production: it is for the demo only")
    return moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo("Europe/Berlin"))


def _lines(text: str) -> tuple[str, ...]:
    """Lines parted by ``|`` or by line breaks; empty ones are left out."""
    return tuple(line.strip() for line in text.replace("|", "\n").splitlines() if line.strip())


def _host_of(public_url: str) -> str:
    """The host of a bare address as browsers name an origin, empty when it is none."""
    try:
        parts = urlsplit(public_url)
        _ = parts.port  # raises when it is none
    except ValueError:
        return ""
    more = parts.path or parts.query or parts.fragment or parts.username
    return "" if more or parts.scheme not in {"http", "https"} else parts.hostname or ""


def read_environment(values: Mapping[str, str], base: Path) -> Environment:
    """Read and validate.

    Parameters
    ----------
    values
        Usually ``os.environ``.
    base
        Folder below which ``.data`` lies when ``SPRECHZEIT_DATA`` is not set.

    Raises
    ------
    EnvironmentRefused
        With one line per reason.
    """
    problems: list[str] = []
    mode = values.get("SPRECHZEIT_ENV", "development")
    if mode not in {"development", "production"}:
        problems.append("SPRECHZEIT_ENV must be development or production")
    production = mode == "production"
    demo = _flag(values, "SPRECHZEIT_DEMO", problems)
    debug = _flag(values, "DEBUG", problems)
    secret = values.get("SECRET_KEY", "") or ("" if production else DEVELOPMENT_SECRET)
    no_limits = _flag(values, "SPRECHZEIT_NO_RATE_LIMITS", problems)
    pooler = _flag(values, "DATABASE_TRANSACTION_POOLER", problems)
    public_url = values.get("PUBLIC_URL", "" if production else "http://localhost:8000").rstrip("/")
    role_urls = {
        role: values[f"DATABASE_URL_{role}"]
        for role in ("OWNER", "DESK", "FRONT", "WORKER", "SUPPORT", "BACKUP")
        if values.get(f"DATABASE_URL_{role}")
    }
    if production:
        if debug:
            problems.append("DEBUG must not be set in production")
        if demo:
            problems.append("SPRECHZEIT_DEMO must not be set in production: it logs in without a passkey")
        if no_limits:
            problems.append("SPRECHZEIT_NO_RATE_LIMITS must not be set in production: it is for tests and benchmarks")
        if len(secret) < 50 or secret == DEVELOPMENT_SECRET:
            problems.append("SECRET_KEY must be a random value of at least 50 characters")
        if not public_url.startswith("https://"):
            problems.append("PUBLIC_URL must be the https:// address that visitors use")
        if not values.get("DATABASE_URL"):
            problems.append("DATABASE_URL must be set in production")
    elif debug:
        problems.append("DEBUG is not used here: errors are in the log, pages never show them")
    host = _host_of(public_url)
    if not host and (public_url or not production):
        problems.append("PUBLIC_URL must be an address without a path, like https://termine.example.org")
    for name in ("DATABASE_URL", *(f"DATABASE_URL_{role}" for role in role_urls)):
        url = values.get(name, "")
        if url and (problem := _database_problem(name, url)):
            problems.append(problem)
    pool = values.get("DATABASE_POOL", "8")
    if not (pool.isascii() and pool.isdigit()) or not 1 <= int(pool) <= 200:
        problems.append("DATABASE_POOL must be a number from 1 to 200")
    smtp = _read_smtp(values.get("SMTP_URL", ""), production=production, problems=problems)
    mail_from = values.get("MAIL_FROM", "")
    if (smtp or mail_from) and not ADDRESS.fullmatch(mail_from):
        problems.append("MAIL_FROM must be the address that mails come from, like termine@beispiel.de")
    host_contact = values.get("SPRECHZEIT_HOST_CONTACT", "").strip()
    if host_contact and not ADDRESS.fullmatch(host_contact):
        problems.append("SPRECHZEIT_HOST_CONTACT must be an e-mail address, like info@beispiel.de")
    sms = _read_sms(values, problems)
    operator_email = values.get("OPERATOR_EMAIL", "").strip()
    if operator_email and not ADDRESS.fullmatch(operator_email):
        problems.append("OPERATOR_EMAIL must be the address that alarms go to, like betrieb@beispiel.de")
    demo_clock = _read_demo_clock(values.get("SPRECHZEIT_DEMO_CLOCK", ""), production=production, problems=problems)
    if problems:
        raise EnvironmentRefused("\n".join(problems))
    return Environment(
        production=production,
        demo=demo,
        debug=False,
        secret_key=secret,
        hosts=(host,) if production else (host, "localhost", "127.0.0.1", "[::1]"),
        public_url=public_url,
        data_folder=Path(values.get("SPRECHZEIT_DATA") or base / ".data"),
        database_url=values.get("DATABASE_URL", ""),
        role_urls=role_urls,
        pool_size=int(pool),
        rate_limits=not no_limits,
        transaction_pooler=pooler,
        smtp=smtp,
        sms=sms,
        notifier_keys=Path(values["NOTIFIER_KEYS"]) if values.get("NOTIFIER_KEYS") else None,
        mail_from=mail_from,
        host_name=values.get("SPRECHZEIT_HOST_NAME", "").strip(),
        host_address=_lines(values.get("SPRECHZEIT_HOST_ADDRESS", "")),
        host_contact=host_contact,
        host_imprint=_lines(values.get("SPRECHZEIT_HOST_IMPRINT", "")),
        demo_clock=demo_clock,
        operator_email=operator_email,
        backup_folder=Path(values["BACKUP_FOLDER"]) if values.get("BACKUP_FOLDER") else None,
    )
