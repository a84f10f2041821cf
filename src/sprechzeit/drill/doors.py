"""Every address of the desk and every operation of the API, as somebody finds them in the source."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from secrets import token_urlsafe

from django.urls import LocalePrefixPattern, URLPattern, URLResolver, get_resolver, reverse

from sprechzeit.api.v1 import api

# They name nothing of another practice, and end the thief's own session, change the own keys, or stream without an end.
LEFT_OUT = {"logout", "lock", "login-demo", "rotation", "sessions-end", "brake-pull", "live", "key-differs"}


def desk_doors() -> Iterator[tuple[str, tuple[str, ...]]]:
    """Name and what the address names, in order."""
    for pattern in _patterns(get_resolver(), ""):
        if pattern.name not in LEFT_OUT:
            yield str(pattern.name), tuple(pattern.pattern.converters)


def _patterns(resolver: URLResolver, prefix: str) -> Iterator[URLPattern]:
    for one in resolver.url_patterns:
        own = "" if isinstance(one.pattern, LocalePrefixPattern) else str(one.pattern)
        if isinstance(one, URLResolver):
            yield from _patterns(one, prefix + own)
        elif (prefix + own).startswith("desk/"):
            yield one


def address(name: str, named: tuple[str, ...], ids: Mapping[str, str]) -> str:
    """The address with these ids in it; what the other practice has none of is named by an appointment's id."""
    return reverse(f"desk:{name}", kwargs={one: ids.get(one, ids["appointment"]) for one in named})


def form(ids: Mapping[str, str], start: str) -> dict[str, str]:
    """One form that has what any of the desk's forms asks for, with these ids wherever one may stand."""
    chosen = {
        "patient": "patient",
        "mit": "patient",
        "termin": "appointment",
        "slot": "appointment",
        "bei": "resource",
        "art": "visit_type",
        "kontrolle": "recall",
        "member": "member",
        "message": "message",
        "spalten": "resource",
        "room": "resource",
        "wanted": "patient",
    }
    plain = {"version": "1", "other_version": "1", "status": "arrived", "start": start, "tag": start[:10],
             "minutes": "10", "q": "Müller", "name": "Drill", "label": "Drill", "role": "owner", "days": "30",
             "scopes": "patients.search", "text": "Drill", "bemerkung": "Drill", "uhrzeit": start[11:16],
             "von": start[11:16], "bis": "23:59", "identity": "in-person", "format": "json", "richtung": "up",
             "bestaetigen": "1", "key": token_urlsafe(12), "last_name": "Drill", "first_name": "Dora",
             "take_last_name": "other", "state": "1", "step": "1"}  # fmt: skip  # lines grouped by hand
    return {**plain, **{field: ids[name] for field, name in chosen.items()}}


def api_operations() -> Iterator[tuple[str, str, bool]]:
    """Method, path, and whether it is the desk's (by token) rather than a patient's (by a link's secret or open)."""
    for path, operations in sorted(api.get_openapi_schema()["paths"].items()):
        for method in operations:
            yield method.upper(), path, "/desk/" in path
