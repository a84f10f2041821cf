"""Rate limits at the doors: what the present request's address may still do."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress

from django.http import HttpResponse

from sprechzeit.errors import DomainError
from sprechzeit.guard.errors import TooMany
from sprechzeit.guard.limits import WHOLE_SITE, Limit, require_left, spend
from sprechzeit.origin import current_origin


def spend_here(*limits: Limit) -> None:
    """Count one hit of the present address, and of the whole site where the limit is one of it.

    Raises
    ------
    TooMany
    """
    for limit in limits:
        spend(limit, WHOLE_SITE if limit.of_site else current_origin().address)


@contextmanager
def failures_limited(limit: Limit, *failures: type[DomainError]) -> Iterator[None]:
    """Only failures count: whoever guesses secrets is stopped, whoever has the right one never.

    Raises
    ------
    TooMany
        There were too many failures from this address.
    """
    require_left(limit, current_origin().address)
    try:
        yield
    except failures:
        with suppress(TooMany):
            spend(limit, current_origin().address)
        raise


def tell_when(response: HttpResponse, error: DomainError) -> HttpResponse:
    """Say in ``Retry-After`` when it may be tried again (RFC 9110, section 10.2.3)."""
    if isinstance(error, TooMany):
        response.headers["Retry-After"] = str(error.retry_after)
    return response
