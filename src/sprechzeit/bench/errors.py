"""What stops the benchmark, in one line."""

from __future__ import annotations


class BenchError(Exception):
    """The benchmark cannot go on; the text is one line for people."""
