"""The host's report of a practice: identifiers and counts, for the host has no key and opens no name."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from sprechzeit.incident.actions import Category, Effect
from sprechzeit.incident.concerned import Concerned, Extent, Why
from sprechzeit.incident.documents import LANGUAGES, Kind, document
from sprechzeit.incident.dump import Loot, Table
from sprechzeit.incident.models import Incident
from sprechzeit.incident.stored import to_values
from sprechzeit.incident.texts import Texts
from sprechzeit.practices.models import Practice

REASONS = {
    Why.TRAIL_BROKEN: "the chain of the trail does not hold over the span",
    Why.TRAIL_CUT: "a part of the trail of this time was cut off after its period",
    Why.TAKEN_OUT: "the trail was exported: times and identifiers, no names",
    Why.SEALED_FILE: "stands on a day sheet that left encrypted: only the passphrase opens it",
    Why.NO_SESSION: "the event tells no session",
    Why.NO_ADDRESS: "the event tells no network address",
    Why.UNKNOWN_ACTION: "the event's action is not known to this version",
    Why.MERGED: "was merged at that time into a record that was looked at",
    Why.NOT_NAMED: "the chain is whole over the span and no event names them; without a session no name opens",
    Why.CAME_LATER: "their data were entered only afterwards",
}


def lines_of(practice: Practice, extent: Extent) -> Iterator[str]:
    """The report as text, English like all of the command line."""
    wanted, proof = extent.wanted, extent.proof
    zone = practice.zone
    yield f"{practice.slug}: {wanted.since.astimezone(zone).isoformat()} to {wanted.until.astimezone(zone).isoformat()}"
    for what, values in (("of", wanted.actors), ("sessions", wanted.sessions), ("from", wanted.networks)):
        if values:
            yield f"  {what}: {', '.join(sorted(values))}"
    chain = "whole" if proof.broken_at is None else f"BROKEN at event {proof.broken_at} ({proof.kind})"
    covers = "" if proof.holds else "; it does not prove this span"
    anchor = "" if proof.anchored else "; no anchored head is as new as the span's end: a cut-off end would not show"
    yield f"trail: {proof.events:,} events recomputed, {chain}{covers}{anchor}"
    if proof.begins_at is not None:
        yield f"trail: begins only at {proof.begins_at.astimezone(zone).isoformat()}, cut off after its period"
    yield f"events: {extent.events:,} of those asked for"
    yield f"certain: {len(extent.certain):,} people, {extent.visits_changed:,} appointments changed"
    yield f"categories: {', '.join(extent.categories) or 'none'}"
    for effect, number in extent.effects.items():
        yield f"  {effect}: {number:,} people"
    for one in extent.certain:
        yield f"  {_line(one)}"
    yield f"possible: {len(extent.possible):,} people"
    for one in extent.possible:
        yield f"  {_line(one)}: {'; '.join(REASONS[why] for why in one.reasons)}"
    yield f"excluded: {sum(number for _, number in extent.excluded):,} people"
    for why, number in extent.excluded:
        yield f"  {number:,}: {REASONS[why]}"
    if extent.unknown:
        yield f"identifiers of which nothing is kept any more: {', '.join(map(str, extent.unknown))}"
    yield "Names open only in the practice: the owner sees them under Vorfälle."


def lines_of_dump(tables: list[Table], loot: list[tuple[Practice, Loot]]) -> Iterator[str]:
    """What a stolen dump holds of all practices."""
    yield "certain: these columns can be read; none of them names a person"
    for table in tables:
        if table.clear:
            yield f"  {table.name}: {', '.join(table.clear)}"
    yield "excluded: these columns are sealed; no key that opens them is in the database or with the host"
    for table in tables:
        if table.sealed:
            yield f"  {table.name}: {', '.join(table.sealed)}"
    yield "hashed, of random secrets: they lead back to nothing"
    for table in tables:
        if table.hashed:
            yield f"  {table.name}: {', '.join(table.hashed)}"
    yield "possible: addresses sealed to the notifier, if the worker's private key was stolen as well"
    for practice, one in loot:
        yield (
            f"{practice.slug}: {one.appointments:,} appointments in the clear; {one.sealed_records:,} records and "
            f"{one.sealed_bookings:,} bookings sealed; {one.addresses:,} addresses sealed to the notifier"
        )


def write_files(folder: Path, practice: Practice, extent: Extent) -> list[Path]:
    """The extent as JSON and drafts of all documents, in a folder that only its owner may read."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    row = Incident(
        practice=practice,
        source=Incident.Source.PRACTICE,
        happened_from=extent.wanted.since,
        happened_until=extent.wanted.until,
        aware_at=extent.made_at,
    )
    files = {f"{practice.slug}.json": json.dumps(to_values(extent), indent=2)}
    for kind in Kind:
        for language in LANGUAGES:
            text = document(kind, language, practice, row, Texts(), extent).text
            files[f"{practice.slug}-{kind.value}-{language}.txt"] = text
    paths = []
    for name, text in files.items():
        path = folder / name
        path.write_text(text, encoding="utf-8")
        path.chmod(0o600)
        paths.append(path)
    return paths


def _line(one: Concerned) -> str:
    categories = ", ".join(category for category in Category if category in one.categories)
    effects = ", ".join(effect for effect in Effect if effect in one.effects)
    actions = ", ".join(f"{action} {number}" for action, number in one.actions)
    return " | ".join(part for part in (str(one.id), one.state, effects, categories, actions) if part)
