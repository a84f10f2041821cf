"""Bytes that do not show themselves by accident."""

from __future__ import annotations

import hmac
from typing import Never, Self


class Secret:
    """Wraps secret bytes: no log line, traceback, template, pickle or f-string shows them, only ``reveal()``.

    Comparison takes the same time wherever the first difference lies. It cannot be changed, hashed or
    serialised.
    """

    __slots__ = ("__value",)
    __value: bytes
    __hash__ = None  # type: ignore[assignment]  # a hash in a dict or cache would outlive its purpose

    def __init__(self, value: bytes) -> None:
        if not isinstance(value, bytes):
            raise TypeError("a secret is made of bytes")
        object.__setattr__(self, "_Secret__value", value)

    def reveal(self) -> bytes:
        """The bytes themselves. Keep them local."""
        return self.__value

    def __len__(self) -> int:
        return len(self.reveal())

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Secret):
            return NotImplemented
        return hmac.compare_digest(self.reveal(), other.reveal())

    def __repr__(self) -> str:
        return "Secret(hidden)"

    def __setattr__(self, name: str, value: object) -> Never:
        raise AttributeError("a secret cannot be changed")

    def __delattr__(self, name: str) -> Never:
        raise AttributeError("a secret cannot be changed")

    def __copy__(self) -> Self:
        return self

    def __deepcopy__(self, memo: object) -> Self:
        return self

    def __getstate__(self) -> Never:  # every pickle protocol asks this
        raise TypeError("a secret cannot be serialised")


def require_length(secret: Secret, length: int, what: str) -> None:
    """The check at the door: ``ValueError`` naming ``what`` unless the secret has ``length`` bytes."""
    if len(secret) != length:
        raise ValueError(f"{what} must have {length} bytes")
