"""What can go wrong with a backup: told to whoever runs the command, in one line."""

from __future__ import annotations


class BackupError(Exception):
    """The backup could not be made or restored; the message says what to do. No personal data is in it."""
