"""The rules as a table in Markdown, for ``docs/noticing.md``; a test holds the two together."""

from __future__ import annotations

from sprechzeit.guard.rules import RULES


def rules_table() -> str:
    """One line for each rule, in the order of ``rules.py``."""
    lines = ["| rule | watches | alarm from | severity |", "| --- | --- | --- | --- |"]
    lines += [f"| `{one.name}` | {one.watches} | {one.threshold} | {one.severity} |" for one in RULES]
    return "\n".join(lines)
