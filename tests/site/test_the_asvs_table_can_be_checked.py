"""What docs/asvs.md and docs/security.md name exists, is complete and counted; links in docs lead somewhere."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

from sprechzeit.drill.inside import STEPS

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src" / "sprechzeit"
DOCS = sorted((ROOT / "docs").rglob("*.md"))
ASVS = (ROOT / "docs" / "asvs.md").read_text(encoding="utf-8")
SECURITY = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")

STATES = ["holds", "partly", "open", "not applicable"]
SECTIONS = {
    1: [2, 10, 12, 3, 3],
    2: [3, 3, 5, 2],
    3: [1, 3, 5, 8, 8, 1, 5],
    4: [5, 5, 2, 4],
    5: [1, 6, 3, 3],
    6: [3, 12, 8, 6, 8, 4, 2, 4],
    7: [3, 4, 2, 5, 3, 2],
    8: [4, 4, 3, 2],
    9: [3, 4],
    10: [2, 3, 5, 16, 5, 2, 3],
    11: [4, 5, 5, 4, 2, 2, 2],
    12: [5, 2, 5],
    13: [4, 6, 4, 7],
    14: [2, 8, 3],
    15: [5, 5, 7, 4],
    16: [1, 5, 4, 3, 4],
    17: [2, 8, 2],
}
"""How many requirements each section of ASVS 5.0.0 has, by chapter."""
OF_LEVEL = {1: 70, 2: 183, 3: 92}
LETTERS = set("abcdefgh")

ROW = re.compile(r"\| v5\.0\.0-(\d+\.\d+\.\d+) \| ([123]) \| ([^|]+) \| ([^|]+) \| ([^|]*) \| ([^|]+) \|")
COUNT = re.compile(
    r"\| (?:\[V(\d+) [^\]]+\]\([^)]+\)|level (\d)|\*\*(all)\*\*) \| (\d+) \| (\d+) \| (\d+) \| (\d+) \| (\d+) \|"
)
ROWS = [match.groups() for match in map(ROW.fullmatch, ASVS.splitlines()) if match]
FILE = re.compile(r"`([^`\s]*[/.][^`\s]*)`")
LINK = re.compile(r"\]\(([^)\s]+)\)")
CRYPTOGRAPHY = re.compile(
    r"^\s*(?:import|from) (?:hashlib|hmac|ssl|cryptography|argon2|webauthn)\b|crypto\.(?:subtle|getRandomValues)",
    re.MULTILINE,
)
GUARDS_NOTHING = {"bench", "demo", "drill"}


def counted(rows: list[tuple[str, ...]]) -> list[int]:
    by_state = Counter(row[3] for row in rows)
    return [len(rows), *(by_state[state] for state in STATES)]


def is_there(name: str) -> bool:
    """A file of the root, of the source or, as tests are named, of the tests."""
    return any((base / name).exists() for base in (ROOT, SOURCE, ROOT / "tests"))


def headings(text: str) -> set[str]:
    """The anchors that GitHub makes of them."""
    found = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in found}


def test_every_line_that_looks_like_a_requirement_is_read() -> None:
    assert len(ROWS) == ASVS.count("| v5.0.0-")


def test_every_requirement_stands_there_once_in_the_standards_order() -> None:
    expected = [
        f"{chapter}.{section}.{number}"
        for chapter, sections in SECTIONS.items()
        for section, count in enumerate(sections, 1)
        for number in range(1, count + 1)
    ]

    assert [row[0] for row in ROWS] == expected


def test_each_level_has_as_many_as_in_the_standard() -> None:
    assert Counter(int(row[1]) for row in ROWS) == OF_LEVEL


def test_each_state_is_one_of_four_and_says_where_or_why() -> None:
    assert {row[3] for row in ROWS} <= set(STATES)
    assert [row[0] for row in ROWS if not row[4].strip()] == []


def test_what_holds_or_partly_holds_names_its_check_and_nothing_else_has_to() -> None:
    unchecked = [row[0] for row in ROWS if row[3] in STATES[:2] and row[5] == "-"]
    checked = [row[0] for row in ROWS if row[3] == "not applicable" and row[5] != "-"]

    assert (unchecked, checked) == ([], [])


def test_each_check_is_a_test_that_exists_or_one_of_our_ways_to_look() -> None:
    wrong = []
    for identifier, *_, checks in ROWS:
        for check in checks.split(", ") if checks != "-" else []:
            file = FILE.fullmatch(check)
            if file:
                is_known = file[1].rpartition("/")[2].startswith("test_") and (ROOT / "tests" / file[1]).is_file()
            else:
                is_known = check in {"probe", "doctor", "review"} or check in {f"drill {one}" for one in LETTERS}
            if not is_known:
                wrong.append((identifier, check))

    assert wrong == []


@pytest.mark.parametrize("text", [ASVS, SECURITY], ids=["asvs", "security"])
def test_every_file_that_is_named_exists(text: str) -> None:
    assert [name for name in FILE.findall(text) if not (name.startswith("/") or is_there(name))] == []


def test_the_counts_on_top_are_those_of_the_table() -> None:
    told = {
        chapter or f"level {level}" if chapter or level else every: [int(one) for one in numbers]
        for chapter, level, every, *numbers in COUNT.findall(ASVS)
    }
    expected = {
        str(chapter): counted([row for row in ROWS if row[0].split(".")[0] == str(chapter)]) for chapter in SECTIONS
    }
    expected |= {f"level {level}": counted([row for row in ROWS if row[1] == str(level)]) for level in OF_LEVEL}

    assert told == expected | {"all": counted(ROWS)}


def test_each_link_of_the_chain_has_a_barrier_a_test_and_a_step() -> None:
    part = SECURITY.split("| link of the chain |")[1].split("\n\n")[0]
    links = [line.strip("|").split(" | ") for line in part.splitlines()[2:]]

    assert len(links) > 9
    for link, barrier, alarm, tests, steps in links:
        assert FILE.search(barrier), link
        assert alarm.strip(), link
        assert all(name.startswith("tests/") for name in FILE.findall(tests)), link
        assert FILE.search(tests), link
        assert {step.strip() for step in steps.split(",")} <= LETTERS, link


def test_every_step_that_the_drill_plays_is_explained() -> None:
    explained = set(re.findall(r"^\| ([a-z]) \| ", SECURITY, re.MULTILINE))

    assert explained == LETTERS
    assert set(STEPS) <= explained


def test_every_file_that_uses_cryptography_stands_in_the_inventory() -> None:
    inventory = set(FILE.findall(SECURITY.split("\n## Cryptography")[1].split("\n## ")[0]))
    users = {
        str(path.relative_to(ROOT))
        for path in [*SOURCE.rglob("*.py"), *SOURCE.rglob("*.js")]
        if path.relative_to(SOURCE).parts[0] not in GUARDS_NOTHING
        and CRYPTOGRAPHY.search(path.read_text(encoding="utf-8"))
    }

    assert len(users) > 30
    assert users - inventory == set()


@pytest.mark.parametrize("document", DOCS, ids=lambda path: path.name)
def test_every_relative_link_of_the_documents_leads_somewhere(document: Path) -> None:
    text = document.read_text(encoding="utf-8")
    dead = []
    for link in LINK.findall(text):
        place, _, anchor = link.partition("#")
        if "://" in link or link.startswith("mailto:"):
            continue
        target = (document.parent / place).resolve() if place else document
        if not target.exists() or (anchor and anchor not in headings(target.read_text(encoding="utf-8"))):
            dead.append(link)

    assert dead == []
