"""Moments in the practice's zone, telephone links and the other language, for templates."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django import template
from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse, translate_url
from django.utils.dateformat import format as formatted
from django.utils.translation import get_language, override, pgettext

register = template.Library()


@register.filter
def long_day(moment: datetime, zone: ZoneInfo) -> str:
    """Mittwoch, 25. November 2026."""
    return formatted(moment.astimezone(zone), pgettext("date format", "l, j. F Y"))


@register.filter
def short_day(moment: datetime, zone: ZoneInfo) -> str:
    """Mi., 25.11."""
    return formatted(moment.astimezone(zone), pgettext("date format", "D., j.n."))


@register.filter
def day_name(day: date) -> str:
    """Mittwoch, 25. November."""
    return formatted(day, pgettext("date format", "l, j. F"))


@register.filter
def clock_time(moment: datetime, zone: ZoneInfo) -> str:
    """08:30."""
    return formatted(moment.astimezone(zone), "H:i")


@register.filter
def month_name(moment: datetime) -> str:
    """Nov., on the practice's wall clock when ``in_zone`` came first; so is the weekday's."""
    return formatted(moment, "M")


@register.filter
def weekday_name(moment: datetime) -> str:
    """Mi, We."""
    return formatted(moment, "D")


@register.filter
def in_zone(moment: datetime, zone: ZoneInfo) -> datetime:
    """The same moment on the practice's wall clock."""
    return moment.astimezone(zone)


@register.filter
def listed(words: Iterable[object]) -> str:
    """Words in a row, with the comma of the page's language."""
    return pgettext("between the words of a list", ", ").join(str(one) for one in words)


@register.filter
def for_dialling(phone: str) -> str:
    """A telephone number as a ``tel:`` link wants it (RFC 3966)."""
    return "".join(letter for letter in phone if letter.isdecimal() or letter == "+")


@register.filter
def initials(name: str) -> str:
    """MV for Dr. med. Miriam Vogt: the first letters of the last two words that are no title."""
    words = [word for word in name.split() if not word.endswith(".")]
    return "".join(word[0] for word in [*words[:1], *words[1:][-1:]]).upper()


@register.simple_tag
def public_url() -> str:
    """The address that visitors use, without a path."""
    return str(settings.PUBLIC_URL)


@register.simple_tag(takes_context=True)
def languages(context: template.Context) -> list[dict[str, object]]:
    """Each language, by its own name, with the address of this same page in it; else of the start page."""
    request: HttpRequest | None = context.get("request")
    path = request.get_full_path() if request and request.resolver_match else ""
    found = []
    for code, name in settings.LANGUAGES:
        if path:
            url = translate_url(path, code)
        else:
            with override(code):
                url = reverse("front:start")
        direction = "rtl" if code in settings.LANGUAGES_BIDI else "ltr"
        found.append({"code": code, "name": name, "url": url, "current": code == get_language(), "dir": direction})
    return found
