"""The permission matrix as Markdown, read from the one table and from the addresses themselves."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import LocalePrefixPattern, URLPattern, URLResolver, get_resolver

from sprechzeit.api.v1 import api
from sprechzeit.staff.permissions import PERMISSION_NAMES, Permission, R, is_allowed, matrix

PUBLIC = "anybody"


def permission_tables() -> str:
    """Two tables: permissions by role, and every address of the desk and the API with what it needs."""
    roles = [role.value for role in R]
    lines = [_row("permission", "meaning", *roles), _row("---", "---", *("---" for _ in roles))]
    for permission, row in matrix():
        lines.append(
            _row(f"`{permission.value}`", PERMISSION_NAMES[permission], *("yes" if yes else "" for yes in row))
        )
    lines += [
        "",
        _row("address of the desk", "needs", "passkey again", *roles),
        _row("---", "---", "---", *("---" for _ in roles)),
    ]
    for name, route, needed, step_up in desk_addresses():
        needs = needed.value if needed else PUBLIC
        allowed = ["yes" if needed is None or is_allowed(role, needed) else "" for role in R]
        lines.append(_row(f"`{name}` /{route}", needs, "yes" if step_up else "", *allowed))
    lines += ["", _row("operation of the API", "needs"), _row("---", "---")]
    lines += [_row(f"`{method} {path}`", needs) for method, path, needs in api_operations()]
    return "\n".join(lines)


def desk_addresses() -> Iterator[tuple[str, str, Permission | None, bool]]:
    """Name, route, permission (None: open to anybody) and whether the passkey is asked for again, in order."""
    for route, pattern in _patterns(get_resolver(), ""):
        if route.startswith("desk/"):
            view = pattern.callback
            yield (
                str(pattern.name),
                route,
                getattr(view, "permission", None),
                bool(getattr(view, "step_up", False)),
            )


def api_operations() -> Iterator[tuple[str, str, str]]:
    """Method, path and what is needed: nothing, the manage link's secret, or a token with a scope."""
    for path, operations in sorted(api.get_openapi_schema()["paths"].items()):
        for method, operation in operations.items():
            schemes = [name for each in operation.get("security", []) for name in each]
            needs = {"ManageLink": "the manage link's secret", "TokenAuth": "a token"}.get(
                schemes[0] if schemes else "", PUBLIC
            )
            scope = operation.get("x-scope")
            yield method.upper(), path, f"{needs} with `{scope}`" if scope else needs


def _patterns(resolver: URLResolver, prefix: str) -> Iterator[tuple[str, URLPattern]]:
    for one in resolver.url_patterns:
        if isinstance(one, URLResolver):
            own = "" if isinstance(one.pattern, LocalePrefixPattern) else str(one.pattern)
            yield from _patterns(one, prefix + own)
        else:
            yield prefix + str(one.pattern), one


def _row(*cells: object) -> str:
    return "| " + " | ".join(str(cell) for cell in cells) + " |"
