"""Reads one whole row by a fixed condition.

The ORM compiles a statement anew for each query, which for tables with many columns costs several times what the
database takes to answer it. Here it is compiled once; what comes back are the model's ordinary instances.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import islice
from typing import Any, Generic, TypeVar

from django.db import connections
from django.db.models import Model

from sprechzeit.database.statements import fetch_planned
from sprechzeit.database.tenancy import current_alias

M = TypeVar("M", bound=Model)
Part = tuple[str, type[Model], list[str]]  # the reference that leads there, what is there, and its columns' names


class Lookup(Generic[M]):
    """``Lookup(Hold, "hold.id = %(id)s", related=("visit_type",)).first(id=…)``.

    ``related`` are references that are never null; they are read in the same statement. Columns need no conversion of
    Django's (JSON has one): ``TypeError`` at the first use otherwise.
    """

    def __init__(self, model: type[M], where: str, *, related: Sequence[str] = ()) -> None:
        self._model = model
        self._where = where
        self._related = tuple(related)

    def first(self, **values: Any) -> M | None:
        """The row, or nothing. Of several, any."""
        alias = current_alias()
        connections[alias].ensure_connection()
        rows = fetch_planned(self._statement, values)
        if not rows:
            return None
        cells = iter(rows[0])
        found: M = _made(self._parts[0], alias, cells)
        for part in self._parts[1:]:
            found._state.fields_cache[part[0]] = _made(part, alias, cells)
        return found

    @cached_property
    def _parts(self) -> list[Part]:
        parts: list[Part] = []
        for name in ("", *self._related):
            model: Any = self._model._meta.get_field(name).related_model if name else self._model
            fields = model._meta.concrete_fields
            if converted := [field.name for field in fields if hasattr(field, "from_db_value")]:
                raise TypeError(f"{model.__name__} cannot be looked up like this: {', '.join(converted)}")
            parts.append((name, model, [field.attname for field in fields]))
        return parts

    @cached_property
    def _statement(self) -> str:
        table = self._model._meta.db_table
        columns = [
            f'"{model._meta.db_table}"."{field.column}"'
            for _name, model, _columns in self._parts
            for field in model._meta.concrete_fields
        ]
        joins = "".join(
            f' join "{model._meta.db_table}" on "{model._meta.db_table}".id = "{table}".{name}_id'
            for name, model, _columns in self._parts[1:]
        )
        return f'select {", ".join(columns)} from "{table}"{joins} where {self._where} limit 1'  # noqa: S608 - names of models


def _made(part: Part, alias: str, cells: Iterator[Any]) -> Any:
    _name, model, columns = part
    return model.from_db(alias, columns, list(islice(cells, len(columns))))
