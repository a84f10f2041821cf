from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from sprechzeit import clock
from sprechzeit.audit.head import Head, anchor_heads, anchored_heads, head_of
from sprechzeit.audit.record import Actor, record
from sprechzeit.audit.verify import Break, BreakKind, verify
from sprechzeit.cli.commands import app
from sprechzeit.database.roles import Role
from sprechzeit.database.tenancy import acting_for, wearing
from tests.audit.forging import forge, forge_whole_chain, trail_of
from tests.conftest import FOLDER
from tests.factories import Made, make_practice

WHERE = "where practice_id = %(practice)s and number = %(number)s"


def broken(made: Made, *heads: Head) -> Break | None:
    with wearing(Role.WORKER):
        return verify(made.id, heads).broken


def head(made: Made) -> Head:
    with wearing(Role.WORKER):
        found = head_of(made.id)
    assert found is not None
    return found


def run(*arguments: str) -> tuple[int, str]:
    done = CliRunner().invoke(app, ["audit", *arguments])
    return done.exit_code, done.output


@pytest.mark.parametrize("role", [Role.WORKER, Role.OWNER])
def test_a_trail_as_it_was_written_is_whole(role: Role) -> None:
    made = trail_of(7)

    with wearing(role):
        verdict = verify(made.id)

    assert (verdict.count, verdict.broken) == (7, None)


def test_an_empty_trail_is_whole() -> None:
    assert broken(make_practice()) is None


@settings(max_examples=20)
@given(
    actor=st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=40),
    subjects=st.lists(st.uuids(), max_size=3),
    details=st.dictionaries(
        st.sampled_from(["count", "ü", "a,1:b"]), st.integers(-(2**60), 2**60) | st.booleans(), max_size=3
    ),
    at=st.timedeltas(min_value=timedelta(days=-20_000), max_value=timedelta(days=20_000)),
)
def test_whatever_is_written_is_recomputed_outside_of_the_database_to_the_same_hash(
    actor: str, subjects: list, details: dict, at: timedelta
) -> None:
    made = make_practice()
    with acting_for(made.id), clock.travelled(at):
        record(made.id, Actor("member", actor), "test.write", subjects, details)
        record(made.id, Actor("member", actor), "test.write")

    assert broken(made) is None


@pytest.mark.parametrize(
    "change",
    [
        "at = at + interval '1 microsecond'",
        "actor_kind = 'member'",
        "actor = 'somebody'",
        "address = '192.0.2.1'",
        "action = 'test.other'",
        "subjects = subjects[2:2]",
        "subjects = array[subjects[2], subjects[1]]",
        "details = '{\"count\": 99}'",
    ],
)
def test_a_changed_event_does_not_fit_its_hash(change: str) -> None:
    made = trail_of(5)

    forge(made, f"update audit_event set {change} {WHERE}", number=3)

    assert broken(made) == Break(3, BreakKind.HASH)


def test_a_changed_event_whose_own_hash_was_made_to_fit_breaks_at_the_next() -> None:
    made = trail_of(5)
    forge(made, f"update audit_event set actor = 'somebody' {WHERE}", number=3)

    forge(
        made,
        "update audit_event set hash = sha256(previous || event_bytes(practice_id, number, at, actor_kind, actor, "
        f"address, action, subjects, details)) {WHERE}",
        number=3,
    )

    assert broken(made) == Break(4, BreakKind.PREVIOUS)


@pytest.mark.parametrize("number", [1, 3])
def test_a_deleted_event_leaves_a_gap(number: int) -> None:
    made = trail_of(5)

    forge(made, f"delete from audit_event {WHERE}", number=number)

    assert broken(made) == Break(number, BreakKind.GAP)


def test_a_deleted_event_whose_gap_was_closed_breaks_the_chain() -> None:
    made = trail_of(5)

    forge(made, f"delete from audit_event {WHERE}", number=3)
    for number in (4, 5):
        forge(made, f"update audit_event set number = number - 1 {WHERE}", number=number)

    assert broken(made) == Break(3, BreakKind.PREVIOUS)


def test_the_first_break_is_named_not_the_last() -> None:
    made = trail_of(6)

    forge(made, f"update audit_event set actor = 'somebody' {WHERE}", number=5)
    forge(made, f"delete from audit_event {WHERE}", number=2)

    assert broken(made) == Break(2, BreakKind.GAP)


def test_a_missing_end_is_seen_by_the_anchored_head_alone() -> None:
    made = trail_of(5)
    anchored = head(made)

    forge(made, f"delete from audit_event {WHERE}", number=5)

    assert broken(made) is None
    assert broken(made, anchored) == Break(5, BreakKind.CUT)


def test_a_trail_emptied_as_a_whole_is_seen() -> None:
    made = trail_of(3)
    anchored = head(made)

    forge(made, "delete from audit_event where practice_id = %(practice)s")

    assert broken(made, anchored) == Break(1, BreakKind.CUT)


def test_a_chain_written_anew_fits_itself_but_not_the_anchored_head() -> None:
    made = trail_of(5)
    anchored = head(made)
    forge(made, f"update audit_event set actor = 'somebody else' {WHERE}", number=2)

    forge_whole_chain(made)

    assert broken(made) is None
    assert broken(made, anchored) == Break(5, BreakKind.REWRITTEN)


def test_an_honest_head_anchored_after_a_forgery_does_not_hide_it() -> None:
    made = trail_of(3)
    first = head(made)
    forge(made, f"update audit_event set actor = 'somebody else' {WHERE}", number=2)
    forge_whole_chain(made)

    assert broken(made, first, head(made)) == Break(3, BreakKind.REWRITTEN)


def test_events_after_the_head_are_no_break() -> None:
    made = trail_of(2)
    anchored = head(made)
    with acting_for(made.id):
        record(made.id, Actor("system"), "test.write")

    assert broken(made, anchored, anchored) is None


def test_the_command_tells_count_and_seconds() -> None:
    made = trail_of(4)

    code, said = run("verify", "--practice", made.practice.slug)

    assert code == 0
    assert f"{made.practice.slug}: 4 events, whole (" in said
    assert "4 events of 1 practices in " in said


def test_the_command_names_the_first_break_in_one_line_each_and_fails() -> None:
    first, second = trail_of(3), trail_of(3)
    forge(first, f"update audit_event set actor = 'x' {WHERE}", number=2)
    forge(second, f"delete from audit_event {WHERE}", number=1)

    code, said = run("verify")

    assert code == 1
    assert f"{first.practice.slug}: BROKEN at event 2: its content does not fit its hash" in said
    assert f"{second.practice.slug}: BROKEN at event 1: it is missing" in said


def test_the_command_compares_with_the_heads_in_the_data_folder() -> None:
    made = trail_of(3)
    with wearing(Role.WORKER):
        anchor_heads(FOLDER)
    forge(made, f"update audit_event set actor = 'x' {WHERE}", number=1)
    forge_whole_chain(made)

    code, said = run("verify", "--practice", made.practice.slug)

    assert code == 1
    assert f"{made.practice.slug}: BROKEN at event 3: its hash is not the anchored one" in said


def test_the_command_compares_with_a_head_from_a_mail() -> None:
    made = trail_of(3)
    mailed = head(made)
    told = f"{mailed.number}:{mailed.hash}"

    good = run("verify", "--practice", made.practice.slug, "--head", told)
    forge_whole_chain(made)
    forge(made, f"delete from audit_event {WHERE}", number=3)
    bad = run("verify", "--practice", made.practice.slug, "--head", told)

    assert good[0] == 0
    assert bad[0] == 1
    assert "BROKEN at event 3: it and all later ones are missing" in bad[1]


@pytest.mark.parametrize(
    "arguments",
    [
        ["--practice", "gibt-es-nicht"],
        ["--head", "3:" + "0" * 64],
        ["--practice", "SLUG", "--head", "3"],
        ["--practice", "SLUG", "--head", "0:" + "0" * 64],
    ],
)
def test_the_command_refuses_what_it_cannot_understand_in_one_line(arguments: list[str]) -> None:
    slug = make_practice().practice.slug

    code, said = run("verify", *[slug if one == "SLUG" else one for one in arguments])

    assert code == 2
    assert said.startswith("sprechzeit: ")
    assert said.count("\n") == 1


def test_the_command_tells_the_head() -> None:
    made, empty = trail_of(2), make_practice()
    now = head(made)

    assert run("head", "--practice", made.practice.slug) == (0, f"{made.practice.slug} 2:{now.hash}\n")
    assert run("head", "--practice", empty.practice.slug) == (0, f"{empty.practice.slug} 0: no event yet\n")


def test_a_practice_of_another_name_is_still_compared_with_its_heads(tmp_path: Path) -> None:
    made = trail_of(2)
    with wearing(Role.WORKER):
        anchor_heads(tmp_path)
    (tmp_path / "audit-heads" / f"{made.practice.slug}.jsonl").rename(tmp_path / "audit-heads" / "renamed.jsonl")

    assert [one.number for one in anchored_heads(tmp_path)[made.id]] == [2]
