"""Sends every query to the connection of the role worn; only the owner migrates."""

from __future__ import annotations

from typing import Any

from sprechzeit.database.tenancy import current_alias


class RoleRouter:
    """Django's database router, see ``DATABASE_ROUTERS``."""

    def db_for_read(self, model: Any, **hints: Any) -> str:
        return current_alias()

    def db_for_write(self, model: Any, **hints: Any) -> str:
        return current_alias()

    def allow_relation(self, first: Any, second: Any, **hints: Any) -> bool:
        return True  # one database behind all aliases

    def allow_migrate(self, db: str, app_label: str, **hints: Any) -> bool:
        return db == "owner"
