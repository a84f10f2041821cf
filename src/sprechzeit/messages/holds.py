"""What has to hold still when a message leaves, beyond what this app knows: the apps above say it, once, at start."""

from __future__ import annotations

from collections.abc import Callable

from sprechzeit.messages.models import Message

Check = Callable[[Message], bool]
_checks: dict[str, Check] = {}


def ask_before(kind: str, check: Check) -> None:
    """Messages of this kind leave only while ``check`` says yes; it is called within ``acting_for``, by the worker."""
    _checks[kind] = check


def still_holds(message: Message) -> bool:
    """Whether it may leave."""
    check = _checks.get(message.kind)
    return check is None or check(message)
