"""An incident in words: its clock, its extent, whom it reached."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from django.utils.translation import gettext as _

from sprechzeit.audit.words import sentence
from sprechzeit.incident.actions import Category, Effect
from sprechzeit.incident.concerned import Extent, Why
from sprechzeit.incident.deadline import in_words
from sprechzeit.incident.look import Named
from sprechzeit.incident.models import Incident
from sprechzeit.incident.read import Shown
from sprechzeit.incident.sessions import SeenSession
from sprechzeit.incident.words import CATEGORY_NAMES, EFFECT_NAMES, REASONS
from sprechzeit.web.desk.trail_rows import Names


@dataclass(frozen=True)
class Clock:
    """The 72 hours in one sentence; ``tone`` is a notice's: ``attention``, ``problem`` or ``success``."""

    text: str
    tone: str


def clock_of(shown: Shown) -> Clock:
    """How much is left, or since when it has run out (Art. 33(1) GDPR)."""
    deadline, row = shown.deadline, shown.row
    if deadline.done_at is not None:
        late = in_words(deadline.done_at - deadline.ends_at)
        if not deadline.was_late:
            return Clock(_("Der Aufsichtsbehörde rechtzeitig gemeldet."), "success")
        return Clock(_("Der Aufsichtsbehörde gemeldet, %(time)s nach der Frist.") % {"time": late}, "attention")
    if row.risk == Incident.Risk.NONE and shown.texts.no_authority:
        return Clock(_("Keine Meldung an die Aufsichtsbehörde nötig: Die Begründung steht unten."), "success")
    if deadline.is_over:
        text = _(
            "Die 72 Stunden sind seit %(time)s abgelaufen. Melden Sie trotzdem sofort und begründen Sie, warum es "
            "später wurde."
        )
        return Clock(text % {"time": in_words(deadline.left)}, "problem")
    text = _("Noch %(time)s, um den Vorfall der Aufsichtsbehörde zu melden.")
    return Clock(text % {"time": in_words(deadline.left)}, "attention")


def extent_in_words(extent: Extent) -> dict[str, object]:
    """What the trail says, for the page: numbers, names of categories, reasons."""
    proof = extent.proof
    possible = {why: sum(why in one.reasons for one in extent.possible) for why in Why}
    return {
        "made_at": extent.made_at,
        "events": extent.events,
        "certain": len(extent.certain),
        "possible": len(extent.possible),
        "excluded": sum(number for _why, number in extent.excluded),
        "records": extent.records,
        "visits_changed": extent.visits_changed,
        "unknown": [str(one) for one in extent.unknown],
        "categories": [CATEGORY_NAMES[one] for one in extent.categories],
        "effects": [(EFFECT_NAMES[effect], number) for effect, number in extent.effects.items()],
        "why_possible": [(REASONS[why], number) for why, number in possible.items() if number],
        "why_excluded": [(REASONS[why], number) for why, number in extent.excluded],
        "proof": proof,
        "is_whole": proof.holds and proof.begins_at is None,
    }


def person_row(one: Named) -> dict[str, object]:
    """One of those concerned: what was seen, what was done, when."""
    who = one.who
    return {
        "id": who.id,
        "name": one.name,
        "state": who.state,
        "categories": [CATEGORY_NAMES[category] for category in Category if category in who.categories],
        "effects": [EFFECT_NAMES[effect] for effect in Effect if effect in who.effects],
        "actions": [(sentence(action), number) for action, number in who.actions],
        "first": who.first,
        "last": who.last,
        "reasons": [REASONS[why] for why in who.reasons],
    }


def session_rows(seen: list[SeenSession], chosen: Collection[str], names: Names) -> list[dict[str, object]]:
    """The log-ins of the span to tick; a chosen one that did nothing in it stands there by its id."""
    rows: list[dict[str, object]] = [
        {
            "session": one.session,
            "who": names.actor("member", one.actor),
            "first": one.first,
            "last": one.last,
            "events": one.events,
            "addresses": ", ".join(one.addresses),
            "chosen": one.session in chosen,
        }
        for one in seen
    ]
    known = {one.session for one in seen}
    return rows + [{"session": one, "who": one[-6:], "chosen": True} for one in sorted(set(chosen) - known)]
