"""Addresses outside of any frame: to be kept, mailed, or opened in a window of their own."""

from __future__ import annotations

from django.urls import get_script_prefix, reverse, set_script_prefix


def outside(name: str, *args: object) -> str:
    """The path of a page as it is without the prefix of the practice's own site (``site/framing.py``)."""
    before = get_script_prefix()
    set_script_prefix("/")
    try:
        return reverse(name, args=args)
    finally:
        set_script_prefix(before)
