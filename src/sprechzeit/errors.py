"""The root of the domain's errors. Each capability has its own small tree below it.

A message tells the person what to do next and never carries personal data. Doors translate these errors in
one place: pages show the message at the field, the API makes a problem document of it (RFC 9457).
"""

from __future__ import annotations

from typing import ClassVar


class DomainError(Exception):
    """Something that a person or a program asked for cannot be done.

    ``code`` is stable and made for programs, ``message`` is a translatable sentence for people, ``field``
    names the form field that it belongs to (empty when it belongs to none).
    """

    code: ClassVar[str] = "error"
    status: ClassVar[int] = 400

    def __init__(self, message: str, *, field: str = "") -> None:
        super().__init__(self.code)  # never the message: it may be logged
        self.message = message
        self.field = field


class Invalid(DomainError):
    """A value is malformed or outside what is allowed."""

    code = "invalid"
    status = 422


class NotFound(DomainError):
    """The thing does not exist, or not for this caller; which of the two is not told."""

    code = "not-found"
    status = 404
