"""Every sentence that people see: in the code as gettext's tools would find it, and in a page as it arrives."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from fnmatch import fnmatchcase
from html.parser import HTMLParser
from pathlib import Path
from typing import NamedTuple

import polib
from django.utils.translation.template import templatize

import sprechzeit

PACKAGE = Path(sprechzeit.__file__).parent
CATALOGUE = PACKAGE / "locale/en/LC_MESSAGES/django.po"
FOR_PATIENTS = ("tr", "ar", "uk")  # translated where patients are, not at the desk
NOT_FOR_PATIENTS = (PACKAGE / "locale/not-for-patients.txt").read_text().split()  # what `make messages` leaves out

ARGUMENTS = {
    "gettext": ("text",),
    "pgettext": ("context", "text"),
    "ngettext": ("text", "plural"),
    "npgettext": ("context", "text", "plural"),
}
LITERAL = r"""u?(?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")"""
TEMPLATE_CALL = re.compile(rf"\b(_|n?p?gettext)\(\s*({LITERAL}(?:\s*,\s*{LITERAL})*)")
OUTSIDE_OF_SPEECH = (
    r"\{#.*?#\}",
    r"\{% *block \w+_class *%\}.*?\{% *endblock *%\}",
    r"\{% *blocktranslate.*?endblocktranslate *%\}",
    r"\{%.*?%\}",
    r"\{\{.*?\}\}",
)
COUNTS = {"%(count)s", "%(count)d", "%(number)s", "%(minutes)s", "%(minutes)d"}
SEEN_ATTRIBUTES = {"alt", "aria-label", "placeholder", "title"}
SEEN_LATER = {"data-copied", "data-failed", "data-left", "data-over", "data-soon"}  # our scripts show these


class Sentence(NamedTuple):
    """A msgid with its context and plural, empty where there is none."""

    text: str
    context: str = ""
    plural: str = ""


def sentence_of(function: str, arguments: list[str]) -> Sentence:
    return Sentence(**dict(zip(ARGUMENTS[function], arguments, strict=False)))


def in_python(source: str) -> Iterator[Sentence]:
    """Sentences in calls of Django's gettext functions, whatever name they were imported under."""
    tree = ast.parse(source)
    names = {
        alias.asname or alias.name: re.sub("_(lazy|noop)$", "", alias.name)
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation"
        for alias in node.names
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            function = names.get(node.func.id, "")
            if function in ARGUMENTS:
                yield sentence_of(function, [ast.literal_eval(one) for one in node.args[: len(ARGUMENTS[function])]])


def in_template(source: str) -> Iterator[Sentence]:
    """Sentences in a template's translate and blocktranslate tags."""
    for function, literals in TEMPLATE_CALL.findall(templatize(source)):
        arguments = [ast.literal_eval(one) for one in re.findall(LITERAL, literals)]
        yield sentence_of("gettext" if function == "_" else function, arguments)


def in_the_code(*, for_patients: bool = False) -> set[Sentence]:
    """Every sentence, or those that stand where patients can meet them."""
    found: set[Sentence] = set()
    for path in PACKAGE.rglob("*.py"):
        if not (for_patients and is_not_for_patients(path)):
            found.update(in_python(path.read_text()))
    for path in (*templates(), *PACKAGE.rglob("templates/**/*.txt")):
        if not (for_patients and is_not_for_patients(path)):
            found.update(in_template(path.read_text()))
    return found


def is_not_for_patients(path: Path) -> bool:
    """As makemessages takes its ignored patterns: a folder with all in it, a file's name or its whole path."""
    inside = path.relative_to(PACKAGE)
    return any(
        fnmatchcase(one.name, pattern) or fnmatchcase(one.as_posix(), pattern)
        for one in (inside, *inside.parents)
        for pattern in NOT_FOR_PATIENTS
    )


def templates() -> list[Path]:
    return sorted(PACKAGE.rglob("templates/**/*.html"))


def catalogue(language: str = "en") -> polib.POFile:
    return polib.pofile(str(path_of(language)))


def path_of(language: str) -> Path:
    return PACKAGE / f"locale/{language}/LC_MESSAGES/django.po"


def pattern_of(german: str) -> re.Pattern[str]:
    """Finds the sentence with whatever stands in its placeholders, digits where it counts."""
    parts = re.split(r"(%\(\w+\)[a-z]|%%s)", german)
    filled = [re.escape(one) if n % 2 == 0 else r"\d+" if one in COUNTS else ".+?" for n, one in enumerate(parts)]
    return re.compile(r"(?<!\w)" + "".join(filled) + r"(?!\w)")


class _Seen(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.pieces: list[str] = []
        self.hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.hidden += tag in {"script", "style"}
        self.pieces += [value for name, value in attrs if name in SEEN_ATTRIBUTES | SEEN_LATER and value]

    def handle_endtag(self, tag: str) -> None:
        self.hidden -= tag in {"script", "style"}

    def handle_data(self, data: str) -> None:
        if not self.hidden:
            self.pieces.append(data)


def seen(html: str) -> list[str]:
    """What a person reads, hears or sees later of a page, piece by piece."""
    parser = _Seen()
    parser.feed(html)
    return [" ".join(piece.split()) for piece in parser.pieces if piece.strip()]


def untranslatable(template: str) -> list[str]:
    """Pieces of a template with letters in them that stand outside of all template tags."""
    for pattern in OUTSIDE_OF_SPEECH:
        template = re.sub(pattern, "", template, flags=re.DOTALL)
    return [piece for piece in seen(template) if re.search(r"[^\W\d_]", piece)]
