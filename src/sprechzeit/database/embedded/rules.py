"""Write the server's settings and who may log in: only the user who started it, as one of our roles."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType

from sprechzeit.database.embedded.place import PORT, Place
from sprechzeit.database.roles import Role

SUPERUSER = "postgres"

MEMORY = MappingProxyType(
    {
        "max_connections": "150",
        "shared_buffers": "128MB",
        "effective_cache_size": "512MB",
        "work_mem": "8MB",
        "maintenance_work_mem": "64MB",
        "max_wal_size": "1GB",
        "min_wal_size": "80MB",
        "jit": "off",
    }
)
# A message of level ERROR can quote what a patient typed ("invalid input syntax for type date: …"), a DETAIL
# the statement of a crashed process. So the log holds LOG and worse only, terse (no DETAIL), no statement.
SILENCE = MappingProxyType(
    {
        "logging_collector": "off",
        "log_destination": "stderr",
        "log_line_prefix": "%m [%p] ",
        "log_timezone": "UTC",
        "log_min_messages": "log",
        "log_min_error_statement": "panic",
        "log_error_verbosity": "terse",
        "log_statement": "none",
        "log_min_duration_statement": "-1",
        "log_min_duration_sample": "-1",
        "log_transaction_sample_rate": "0",
        "log_duration": "off",
        "log_parameter_max_length": "0",
        "log_parameter_max_length_on_error": "0",
        "log_checkpoints": "off",
        "log_autovacuum_min_duration": "-1",
    }
)
FIXED = (
    "log",
    "debug_",
    "listen_addresses",
    "port",
    "unix_socket",
    "hba_file",
    "ident_file",
    "config_file",
    "data_directory",
    "cluster_name",
    "update_process_title",
    "allow_alter_system",
    "external_pid_file",
)


def check_settings(settings: Mapping[str, str]) -> dict[str, str]:
    """Refuse, with ``ValueError``, a setting that would open the server or its log."""
    for name in settings:
        if not re.fullmatch(r"[a-z_]+(\.[a-z_]+)?", name) or name.startswith(FIXED):
            raise ValueError(f"{name} cannot be set for the embedded PostgreSQL")
    return dict(settings)


def write_rules(place: Place, settings: Mapping[str, str]) -> None:
    """Write ``postgresql.conf``, ``pg_hba.conf`` and ``pg_ident.conf`` into the folder of rules."""
    client = place.client_user().replace('"', '""')
    roles = [SUPERUSER, *(role.value for role in Role)]
    values = {
        **MEMORY,
        "timezone": "UTC",
        "lc_messages": "C",
        "dynamic_shared_memory_type": "posix",
        **settings,
        **SILENCE,
        "listen_addresses": "",
        "port": str(PORT),
        "unix_socket_directories": '"{}"'.format(str(place.socket_dir).replace('"', '""')),
        "unix_socket_permissions": "0700",
        "hba_file": str(place.config / "pg_hba.conf"),
        "ident_file": str(place.config / "pg_ident.conf"),
        "allow_alter_system": "off",
    }
    _write(place, "pg_hba.conf", ["local all all peer map=sprechzeit"])
    _write(place, "pg_ident.conf", [f'sprechzeit "{client}" {role}' for role in roles])
    _write(place, "postgresql.conf", [f"{name} = {_quoted(value)}" for name, value in values.items()])


def _write(place: Place, name: str, lines: list[str]) -> None:
    path = place.config / name
    path.write_text("\n".join(["# Written at each start; changes are lost.", *lines, ""]), encoding="utf-8")
    path.chmod(0o644 if place.as_root else 0o600)


def _quoted(value: str) -> str:
    return "'" + value.replace("\\", "\\\\").replace("'", "''") + "'"
