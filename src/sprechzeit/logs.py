"""Structured logs that hold no personal data.

Only keys on the list below are written; whatever else is handed over is dropped. Of an exception the log gets the
type and the places in the code, never its message: a driver's message can quote a value.
"""

from __future__ import annotations

import logging
import sys
import traceback
from collections.abc import MutableMapping
from types import TracebackType
from typing import Any

import structlog

ALLOWED_KEYS = frozenset(
    {
        "event", "level", "timestamp", "logger", "route", "method", "status", "milliseconds", "practice", "role",
        "exception", "places", "count", "task", "job", "port", "pid", "code", "version", "seconds", "step",
    }
)  # fmt: skip  # lines grouped by hand

Event = MutableMapping[str, Any]


def keep_allowed(_: Any, __: str, event: Event) -> Event:
    """Drop every key that is not on the list."""
    return {key: value for key, value in event.items() if key in ALLOWED_KEYS}


def describe_exception(_: Any, __: str, event: Event) -> Event:
    """Replace ``exc_info`` by the exception's type and its places in the code."""
    given = event.pop("exc_info", None)
    if given is True:
        given = sys.exc_info()
    error = given[1] if isinstance(given, tuple) else given if isinstance(given, BaseException) else None
    if error is not None:
        event["exception"] = type(error).__qualname__
        event["places"] = places_of(error.__traceback__)
    return event


def places_of(trace: TracebackType | None, last: int = 8) -> list[str]:
    """The innermost ``last`` places of a traceback as ``module:line function``, without any value."""
    frames = traceback.extract_tb(trace)[-last:]
    return [f"{frame.filename.rsplit('/src/')[-1]}:{frame.lineno} {frame.name}" for frame in frames]


def _fixed_text(_: Any, __: str, event: Event) -> Event:
    """Foreign libraries' records keep their logger's name only: their text can quote a path or a value."""
    record = event.get("_record")
    if record is not None and not record.name.startswith("sprechzeit"):
        event["event"] = f"message of {record.name}"
    return event


def configure_logs(level: str = "INFO") -> None:
    """Send everything, structlog's and the standard library's records, as JSON lines to standard error."""
    shared: list[Any] = [
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[*shared, structlog.stdlib.add_logger_name],
        processors=[
            _fixed_text,
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            describe_exception,
            keep_allowed,
            structlog.processors.JSONRenderer(),
        ],
    )
    handler = logging.StreamHandler()
    handler.setFormatter(formatter)
    logging.basicConfig(handlers=[handler], level=level, force=True)
    logging.raiseExceptions = False  # else a line that cannot be written is told with all that it would have quoted
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
