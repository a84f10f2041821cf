"""One whole row, read or put in by a statement that is compiled once.

The ORM compiles a statement anew each time, which for tables with many columns costs several times what the database
takes to carry it out. What comes and goes are the model's ordinary instances.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache, cached_property
from itertools import islice
from typing import Any, Generic, TypeVar

from django.db import connections
from django.db.models import Field, GeneratedField, Model

from sprechzeit.database.statements import fetch_planned, run_planned
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


def put(row: Model) -> None:
    """Insert a new row whose every column is set here, its number included. Needs ``acting_for``.

    No signals, and no value that the database chooses: ``TypeError`` for such a column.
    """
    statement, fields = _insertion(type(row))
    values = {str(field.column): field.pre_save(row, add=True) for field in fields}
    if chosen := [name for name, value in values.items() if hasattr(value, "resolve_expression")]:
        raise TypeError(f"{type(row).__name__} is put in without a value for {', '.join(chosen)}")
    run_planned(statement, values)
    row._state.adding, row._state.db = False, current_alias()


@cache
def _insertion(model: type[Model]) -> tuple[str, list[Field[Any, Any]]]:
    fields = [field for field in model._meta.concrete_fields if not isinstance(field, GeneratedField)]
    if converted := [field.name for field in fields if hasattr(field, "from_db_value")]:
        raise TypeError(f"{model.__name__} cannot be put in like this: {', '.join(converted)}")
    columns = ", ".join(f'"{field.column}"' for field in fields)
    values = ", ".join(f"%({field.column})s" for field in fields)
    return f'insert into "{model._meta.db_table}" ({columns}) values ({values})', fields  # noqa: S608 - names of models
