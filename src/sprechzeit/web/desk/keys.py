"""Every action's key: the one list, shown by "?" and read from the page by desk-keys.js."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Key:
    """A key and what it does.

    With an entry focused: ``post`` sends ``values`` to an address below the entry's, ``part`` opens that part of its
    card, ``follow`` goes to an address below it. With a free cell focused: ``cell`` names a page or ``paste``.
    Otherwise ``press`` presses the first element seen with this selector, or ``go`` opens a page, at the day shown.
    A key with none of these is told only: the grid's own scripts know it.
    """

    key: str
    name: Promise
    shown: str | Promise = ""
    post: str = ""
    values: str = ""
    part: str = ""
    follow: str = ""
    cell: str = ""
    press: str = ""
    go: str = ""
    query: str = ""
    needs: str = "calendar"

    @property
    def caps(self) -> list[str]:
        """What stands on the keys."""
        return str(self.shown or self.key.upper()).split(" ")

    @property
    def cell_address(self) -> str:
        return reverse(f"desk:{self.cell}") if self.cell not in {"", "paste"} else self.cell

    @property
    def go_address(self) -> str:
        return reverse(f"desk:{self.go}") + self.query if self.go else ""


@dataclass(frozen=True)
class Group:
    """Keys under one heading."""

    name: Promise
    keys: tuple[Key, ...]


def _link(key: str) -> str:
    return f'[aria-keyshortcuts~="{key}"]'


def _mark(key: str, name: Promise, status: str) -> Key:
    return Key(key, name, post="stand/", values=f"status={status}", press=f"#panel [value={status}]", needs="book")


GROUPS = (
    Group(
        _("Kalender"),
        (
            Key("t", _("heute"), press=_link("t"), go="day", query="?"),
            Key("j", _("weiter: nächster Tag, nächste Woche"), press=_link("j")),
            Key("k", _("zurück: voriger Tag, vorige Woche"), press=_link("k")),
            Key("ArrowRight", _("weiter, wenn nichts gewählt ist"), "→", press=_link("j")),
            Key("ArrowLeft", _("zurück, wenn nichts gewählt ist"), "←", press=_link("k")),
            Key("d", _("Tag"), press=_link("d"), go="day"),
            Key("w", _("Woche"), press=_link("w"), go="week"),
            Key("m", _("Monat"), press=_link("m")),
            Key("l", _("Liste"), press=_link("l")),
            Key("p", _("drucken"), press=f"{_link('p')}, [data-print]"),
        ),
    ),
    Group(
        _("Auf dem Raster"),
        (
            Key("", _("zum nächsten Termin oder zur nächsten freien Zeit"), "↑ ↓ ← →"),
            Key("", _("zum ersten, zum letzten der Spalte"), _("Pos1 Ende")),
            Key("", _("öffnen"), _("Enter")),
            Key("", _("um eine Viertelstunde, zum Nachbarn verschieben"), _("Alt ↑ ↓ ← →"), needs="book"),
            Key("", _("um fünf Minuten verschieben"), _("Strg ↑ ↓"), needs="book"),
            Key("", _("um fünf Minuten kürzen, verlängern"), _("Alt Umschalt ↑ ↓"), needs="book"),
        ),
    ),
    Group(
        _("Mit dem gewählten Termin"),
        (
            _mark("e", _("eingetroffen"), "arrived"),
            _mark("b", _("in Behandlung"), "in-treatment"),
            _mark("f", _("fertig"), "done"),
            Key("u", _("verschieben: freie Zeiten zeigen"), follow="verschieben/", needs="book"),
            Key("x", _("ausschneiden"), post="ablage/", values="art=cut", press="#panel [value=cut]", needs="book"),
            Key("c", _("kopieren"), post="ablage/", values="art=copy", press="#panel [value=copy]", needs="book"),
            Key("v", _("aus der Ablage hier einsetzen"), cell="paste", needs="book"),
            Key("r", _("Bemerkung schreiben"), part="#bemerkung", press=".remark-form summary", needs="book"),
            Key("Delete", _("absagen, mit Rückfrage"), _("Entf"), part='[action$="absagen/"]', needs="book"),
        ),
    ),
    Group(
        _("Überall"),
        (
            Key("n", _("neuer Termin"), cell="new", go="new", query="?", needs="book"),
            Key("o", _("ohne Termin gekommen"), go="new", query="?ohne=1", needs="book"),
            Key("g", _("Zeit sperren"), cell="block-new", go="block-new", needs="book"),
            Key("z", _("letzte Änderung rückgängig machen"), press=".undo button", needs="book"),
            Key("/", _("Patient suchen"), press="#suche", needs="patients"),
            Key("i", _("Eingang"), go="inbox", query="?", needs="intake"),
            Key("s", _("sperren"), press="[data-lock-screen]"),
            Key("", _("schließen, doch nicht"), _("Esc")),
            Key("?", _("diese Liste"), press="[data-keys-open]"),
        ),
    ),
)


def keys_for(may: Mapping[str, bool]) -> list[Group]:
    """What a member with these permissions can do by a key."""
    return [Group(group.name, tuple(one for one in group.keys if may.get(one.needs))) for group in GROUPS]
