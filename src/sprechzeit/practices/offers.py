"""What a practice can say of itself for the search: languages, accessibility."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Words = str | Promise

LANGUAGES: Mapping[str, Words] = {
    "de": _("Deutsch"),
    "en": _("Englisch"),
    "tr": _("Türkisch"),
    "ar": _("Arabisch"),
    "uk": _("Ukrainisch"),
    "ru": _("Russisch"),
    "pl": _("Polnisch"),
    "ro": _("Rumänisch"),
    "bg": _("Bulgarisch"),
    "hr": _("Kroatisch"),
    "sr": _("Serbisch"),
    "fr": _("Französisch"),
    "es": _("Spanisch"),
    "it": _("Italienisch"),
    "pt": _("Portugiesisch"),
    "el": _("Griechisch"),
    "fa": _("Persisch"),
    "ku": _("Kurdisch"),
    "vi": _("Vietnamesisch"),
    "zh": _("Chinesisch"),
}
"""By their codes of ISO 639-1, the ones that are asked for most first."""

ACCESSIBILITY: Mapping[str, Words] = {
    "step-free": _("Stufenloser Zugang"),
    "lift": _("Aufzug"),
    "toilet": _("Rollstuhlgerechte Toilette"),
    "parking": _("Behindertenparkplatz"),
    "hearing": _("Induktive Höranlage"),
    "signs": _("Gebärdensprache"),
    "guide-dog": _("Assistenzhunde willkommen"),
}


def in_words(codes: Iterable[str], words: Mapping[str, Words]) -> list[Words]:
    """The words for these codes in the order of the table; unknown codes are left out."""
    wanted = set(codes)
    return [word for code, word in words.items() if code in wanted]
