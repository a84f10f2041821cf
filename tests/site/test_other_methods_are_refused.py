"""An address answers the methods that its view names and no other; TRACE is none of them anywhere."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.test import RequestFactory
from django.urls import URLPattern, URLResolver, get_resolver

ANY_METHOD = {"api-v1:openapi-json", "api-v1:api-root"}  # the API's own document, which is public, and nothing


def every_address(resolver: URLResolver, spaces: tuple[str, ...] = ()) -> Iterator[tuple[str, URLPattern, list[str]]]:
    for one in resolver.url_patterns:
        if isinstance(one, URLPattern):
            yield ":".join([*spaces, str(one.name)]), one, list(one.pattern.converters)
        else:
            inside = (*spaces, one.namespace) if one.namespace else spaces
            for name, pattern, wanted in every_address(one, inside):
                yield name, pattern, [*one.pattern.converters, *wanted]


ADDRESSES = {name: (pattern, wanted) for name, pattern, wanted in every_address(get_resolver())}


def test_there_are_addresses_to_walk() -> None:
    assert len(ADDRESSES) > 150


@pytest.mark.parametrize("method", ["TRACE", "CONNECT", "PROPFIND"])
def test_a_method_that_nobody_named_is_refused(method: str) -> None:
    answered = []
    for name in ADDRESSES.keys() - ANY_METHOD:
        pattern, wanted = ADDRESSES[name]
        answer = pattern.callback(RequestFactory().generic(method, "/"), **dict.fromkeys(wanted, "1"))
        if answer.status_code != 405:
            answered.append((name, answer.status_code))

    assert answered == []
