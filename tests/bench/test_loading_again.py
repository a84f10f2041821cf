"""When a loaded database is used again, and when it is not."""

from __future__ import annotations

import io
from datetime import UTC, datetime, timedelta

from sprechzeit.bench.progress import Progress
from sprechzeit.bench.scale import Scale
from sprechzeit.bench.store import Store, is_usable, open_store

NOW = datetime(2026, 3, 25, tzinfo=UTC)
WANTED = {"scale": "small", "fingerprint": "abc"}


def _found(**fields: str) -> dict[str, str]:
    return {**WANTED, "loaded_at": (NOW - timedelta(days=2)).isoformat(), **fields}


def test_the_same_scale_and_tables_are_used_again() -> None:
    assert is_usable(_found(), WANTED, NOW)


def test_another_scale_or_other_tables_or_nothing_is_not() -> None:
    assert not is_usable(_found(scale="seed"), WANTED, NOW)
    assert not is_usable(_found(fingerprint="def"), WANTED, NOW)
    assert not is_usable({}, WANTED, NOW)


def test_a_calendar_of_last_week_is_not() -> None:
    assert not is_usable(_found(loaded_at=(NOW - timedelta(days=7)).isoformat()), WANTED, NOW)


def test_a_second_run_does_not_load(store: Store, tiny: Scale) -> None:
    again = open_store(store.folder, tiny, Progress(io.StringIO()))

    assert again.reused
    assert again.loaded_at == store.loaded_at
    assert again.load == store.load
