"""The environment, read once and validated at start.

Production refuses to start with DEBUG, a default secret, or a database reached over TCP without TLS; every
refusal says what to change. Nothing else in the code reads ``os.environ``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

DEVELOPMENT_SECRET = "development-only-" + "0" * 40
LOCAL_HOSTS = {"", "localhost", "127.0.0.1", "::1"}


class EnvironmentRefused(Exception):
    """The settings are unsafe or malformed; one line per reason."""


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

    @property
    def secure_cookies(self) -> bool:
        return not self.public_url.startswith("http://localhost")


def _flag(values: Mapping[str, str], name: str, problems: list[str]) -> bool:
    raw = values.get(name, "").strip().lower()
    if raw not in {"", "0", "1", "false", "true", "no", "yes"}:
        problems.append(f"{name} must be 0 or 1")
    return raw in {"1", "true", "yes"}


def _database_problem(name: str, url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme not in {"postgres", "postgresql"}:
        return f"{name} must start with postgresql://"
    query = parse_qs(parts.query)
    host = parts.hostname or (query.get("host") or [""])[0]
    over_tcp = not host.startswith("/") and host not in LOCAL_HOSTS
    if over_tcp and (query.get("sslmode") or [""])[0] not in {"verify-full", "verify-ca"}:
        return f"{name} reaches a database over the network: add ?sslmode=verify-full"
    return ""


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
    public_url = values.get("PUBLIC_URL", "" if production else "http://localhost:8000").rstrip("/")
    role_urls = {
        role: values[f"DATABASE_URL_{role}"]
        for role in ("OWNER", "DESK", "FRONT", "WORKER")
        if values.get(f"DATABASE_URL_{role}")
    }
    if production:
        if debug:
            problems.append("DEBUG must not be set in production")
        if demo:
            problems.append("SPRECHZEIT_DEMO must not be set in production: it logs in without a passkey")
        if len(secret) < 50 or secret == DEVELOPMENT_SECRET:
            problems.append("SECRET_KEY must be a random value of at least 50 characters")
        if not public_url.startswith("https://"):
            problems.append("PUBLIC_URL must be the https:// address that visitors use")
        if not values.get("DATABASE_URL"):
            problems.append("DATABASE_URL must be set in production")
    elif debug:
        problems.append("DEBUG is not used here: errors are in the log, pages never show them")
    for name, url in {"DATABASE_URL": values.get("DATABASE_URL", ""), **role_urls}.items():
        if url and (problem := _database_problem(name, url)):
            problems.append(problem)
    pool = values.get("DATABASE_POOL", "8")
    if not pool.isdigit() or not 1 <= int(pool) <= 200:
        problems.append("DATABASE_POOL must be a number from 1 to 200")
    if problems:
        raise EnvironmentRefused("\n".join(problems))
    host = urlsplit(public_url).hostname or "localhost"
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
    )
