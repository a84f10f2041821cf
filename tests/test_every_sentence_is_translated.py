"""The interface is German first and English complete: no sentence is forgotten, stale or half translated."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import polib
import pytest
from django.utils.translation import gettext, override, pgettext

from tests.sentences import (
    FOR_PATIENTS,
    Sentence,
    catalogue,
    in_python,
    in_template,
    in_the_code,
    path_of,
    templates,
    untranslatable,
)

PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|%%?[a-z]|\{\w*\}")
NAMES = {"Sprechzeit"}


def placeholders(text: str) -> Counter[str]:
    return Counter(PLACEHOLDER.findall(text))


def said(entry: polib.POEntry) -> list[str]:
    return list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]


EVERY = pytest.mark.parametrize("language", ["en", *FOR_PATIENTS])


@EVERY
def test_the_catalogue_holds_every_sentence_of_the_code_and_no_other(language: str) -> None:
    in_the_catalogue = {Sentence(one.msgid, one.msgctxt or "", one.msgid_plural) for one in catalogue(language)}

    found = in_the_code(for_patients=language in FOR_PATIENTS)

    assert not found - in_the_catalogue, "new sentences: run `make messages`, then translate them in django.po"
    assert not in_the_catalogue - found, "sentences that nothing says any more: run `make messages`"


@EVERY
def test_every_sentence_has_a_translation_that_nobody_needs_to_check(language: str) -> None:
    entries = catalogue(language)

    assert [one.msgid for one in entries if not one.translated()] == []
    assert [one.msgid for one in entries if one.fuzzy or one.obsolete] == []
    assert "fuzzy" not in path_of(language).read_text()


@EVERY
def test_translations_keep_the_placeholders(language: str) -> None:
    for one in catalogue(language):
        for text in said(one):
            assert placeholders(text) == placeholders(one.msgid), one.msgid


@pytest.mark.parametrize(("language", "forms"), [("en", 2), ("tr", 2), ("ar", 6), ("uk", 4)])
def test_every_number_has_its_form(language: str, forms: int) -> None:
    entries = [one for one in catalogue(language) if one.msgid_plural]

    assert f"nplurals={forms};" in catalogue(language).metadata["Plural-Forms"]
    assert entries
    assert all(sorted(one.msgstr_plural) == list(range(forms)) for one in entries)
    assert all(text for one in entries for text in one.msgstr_plural.values())


@EVERY
def test_the_compiled_catalogue_says_the_same(language: str) -> None:
    def content(entries: polib.POFile | polib.MOFile) -> dict[Sentence, list[str]]:
        return {Sentence(one.msgid, one.msgctxt or "", one.msgid_plural): said(one) for one in entries}

    compiled = polib.mofile(str(path_of(language).with_suffix(".mo")))

    assert content(compiled) == content(catalogue(language)), "run `make messages`"


def test_numbers_that_run_from_left_to_right_stay_together_in_arabic() -> None:
    """Spaces within a telephone number would be turned round; marks (U+2066, U+2069) hold it together."""
    for one in catalogue("ar"):
        for text in said(one):
            assert len(re.findall("[\u2066\u2068]", text)) == text.count("\u2069")
            loose = re.sub("\u2066.*?\u2069", "", text)
            assert not re.search(r"\d \d|%\(phone\)s", loose), text


def test_in_german_every_sentence_says_itself() -> None:
    """Django's own German catalogue could know a sentence of ours and say it otherwise."""
    with override("de"):
        for one in catalogue():
            assert (pgettext(one.msgctxt, one.msgid) if one.msgctxt else gettext(one.msgid)) == one.msgid


@pytest.mark.parametrize("template", templates(), ids=lambda path: f"{path.parent.name}/{path.name}")
def test_no_word_of_a_template_stands_outside_of_a_translation(template: Path) -> None:
    left = [piece for piece in untranslatable(template.read_text()) if piece.removeprefix("· ") not in NAMES]

    assert left == []


def test_sentences_are_found_in_python_whatever_the_import_is_called() -> None:
    source = """
from django.utils.translation import gettext as _, gettext_lazy, npgettext, pgettext_lazy as p
_("Neu" " hier"); gettext_lazy("Spät"); npgettext("Ort", "Raum", "Räume", 2); p("Ort", "Mit")
used, _ = found()
"""

    assert set(in_python(source)) == {
        Sentence("Neu hier"),
        Sentence("Spät"),
        Sentence("Raum", "Ort", "Räume"),
        Sentence("Mit", "Ort"),
    }


def test_sentences_are_found_in_every_tag_of_a_template() -> None:
    source = """{% load i18n %}<a title="{% translate 'Noch %s' %}">{% translate "j." context "date" as form %}</a>
{% blocktranslate count n=n %}{{ n }} Tag{% plural %}{{ n }} Tage{% endblocktranslate %}{% include x with y=_("Ja") %}
"""

    assert set(in_template(source)) == {
        Sentence("Noch %%s"),
        Sentence("j.", "date"),
        Sentence("%(n)s Tag", "", "%(n)s Tage"),
        Sentence("Ja"),
    }


def test_words_outside_of_a_translation_are_found() -> None:
    source = """<p title="Hilfe">{% if x %}Ja{% endif %} {% translate "Nein" %} 12</p>"""

    assert untranslatable(source) == ["Hilfe", "Ja 12"]
