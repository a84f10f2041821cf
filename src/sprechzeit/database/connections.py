"""Django's ``DATABASES`` from the environment: one alias for each role of the database.

Without ``DATABASE_URL`` the embedded server's socket is used. With it alone, every alias logs in with that URL and
puts on its role at once (``SET ROLE``); with ``DATABASE_URL_DESK`` and its siblings each role has a log-in of its own,
which production should have.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from django.db import connections

from sprechzeit.database.roles import Role
from sprechzeit.database.tenancy import ALIASES
from sprechzeit.environment import Environment

ALIAS_OF_ROLE = {alias: role for role, alias in ALIASES.items()}
PREPARED_FROM = 3  # runs; only statements bound on the server's side are ever prepared (database/statements.py)
EMBEDDED_DATABASE = "sprechzeit"


def databases(environment: Environment) -> dict[str, dict[str, Any]]:
    """One entry for each alias; the values are Django's."""
    return {alias: _entry(environment, role) for alias, role in ALIAS_OF_ROLE.items()}


def _entry(environment: Environment, role: Role) -> dict[str, Any]:
    own = environment.role_urls.get(role.name)
    url = own or environment.database_url or _embedded_url(environment, role)
    parts = urlsplit(url)
    query = dict(parse_qsl(parts.query))
    host = parts.hostname or query.pop("host", "")
    options: dict[str, Any] = {
        **query,
        "prepare_threshold": None if environment.transaction_pooler else PREPARED_FROM,
        "application_name": f"sprechzeit-{role.name.lower()}",
    }
    if environment.database_url and not own:
        options["options"] = f"-c role={role.value}"
    if role in {Role.DESK, Role.FRONT}:
        options["pool"] = {"min_size": 1, "max_size": environment.pool_size, "timeout": 10}
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")) or EMBEDDED_DATABASE,
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(host),
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 0,
        "OPTIONS": options,
        "DISABLE_SERVER_SIDE_CURSORS": True,
    }


def _embedded_url(environment: Environment, role: Role) -> str:
    from sprechzeit.database.embedded import EmbeddedServer

    return EmbeddedServer(environment.data_folder / "postgres").url(role.value, EMBEDDED_DATABASE)


def direct_parameters(alias: str) -> dict[str, Any]:
    """How psycopg connects as this alias without the pool, for what keeps a connection: listening."""
    entry = connections[alias].settings_dict
    options = {name: value for name, value in entry["OPTIONS"].items() if name not in {"pool", "prepare_threshold"}}
    given = {
        "dbname": entry["NAME"],
        "user": entry["USER"],
        "password": entry["PASSWORD"],
        "host": entry["HOST"],
        "port": entry["PORT"],
        **options,
    }
    return {name: value for name, value in given.items() if value}
