"""What each action of the trail discloses of a patient, and what it changes: the one table.

Every action that the product knows stands here or in ``NOTHING`` (tests/incident/test_every_action_has_its_row.py).
What the table does not know counts as possible disclosure of whom it names: too many are named rather than too few.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Category(StrEnum):
    """A category of personal data (Art. 33(3)(a) GDPR)."""

    NAME = "name"
    BIRTH_DATE = "birth-date"
    CONTACT = "contact"
    INSURANCE = "insurance"
    APPOINTMENTS = "appointments"
    COMMENTS = "comments"
    MESSAGES = "messages"
    CONSENTS = "consents"
    WAITING = "waiting"
    RECALLS = "recalls"
    TRAIL = "trail"


class Effect(StrEnum):
    """What was done with the data."""

    SEEN = "seen"
    CHANGED = "changed"
    ERASED = "erased"
    EXPORTED = "exported"


class Names(StrEnum):
    """What the subjects of an event are."""

    PEOPLE = "people"  # patients, or online bookings that were not taken over yet
    VISITS = "visits"  # appointments
    CARD = "card"  # first the appointment, then the person
    MIXED = "mixed"  # people, appointments, entries of the waiting list


class Sureness(StrEnum):
    """Whether whom the event names is certainly concerned."""

    CERTAIN = "certain"
    SEALED = "sealed"  # it left as a file that only a passphrase opens
    EVERYBODY = "everybody"  # a file of which the event does not tell whom it names


@dataclass(frozen=True)
class Disclosure:
    """One row of the table."""

    names: Names
    categories: frozenset[Category]
    effect: Effect = Effect.SEEN
    sureness: Sureness = Sureness.CERTAIN


C = Category
CALENDAR = frozenset({C.NAME, C.BIRTH_DATE, C.APPOINTMENTS})  # of the birth date the year
MARKED = CALENDAR | {C.COMMENTS, C.CONSENTS}  # with the marks on an appointment (booking/marks.py)
REACHED = CALENDAR | {C.CONTACT}
TYPED = REACHED | {C.INSURANCE, C.COMMENTS}  # what stands in a booking form
RECORD = TYPED | {C.CONSENTS}
ALL = frozenset(Category)
VISIT = frozenset({C.APPOINTMENTS})
PEOPLE, VISITS, CARD, MIXED = Names.PEOPLE, Names.VISITS, Names.CARD, Names.MIXED
CHANGED, ERASED, EXPORTED = Effect.CHANGED, Effect.ERASED, Effect.EXPORTED

DISCLOSED: dict[str, Disclosure] = {
    # the calendar
    "agenda.view": Disclosure(PEOPLE, MARKED),
    "appointment.list": Disclosure(PEOPLE, CALENDAR),
    "clipboard.view": Disclosure(PEOPLE, CALENDAR),
    "day.view": Disclosure(PEOPLE, MARKED),
    "today.view": Disclosure(PEOPLE, CALENDAR),
    "week.view": Disclosure(PEOPLE, MARKED),
    # one by one
    "appointment.view": Disclosure(CARD, TYPED | {C.MESSAGES}),
    "call-list.view": Disclosure(PEOPLE, REACHED),
    "intake.view": Disclosure(PEOPLE, TYPED),
    "message.choose": Disclosure(PEOPLE, REACHED),
    "message.view": Disclosure(PEOPLE, CALENDAR | {C.MESSAGES}),
    "note.view": Disclosure(MIXED, REACHED | {C.MESSAGES}),
    "patient.search": Disclosure(PEOPLE, frozenset({C.NAME, C.BIRTH_DATE, C.CONTACT})),
    "patient.view": Disclosure(PEOPLE, RECORD),
    "recall.view": Disclosure(PEOPLE, frozenset({C.NAME, C.BIRTH_DATE, C.CONTACT, C.RECALLS})),
    "rights.view": Disclosure(MIXED, REACHED | {C.MESSAGES}),
    "trail.view": Disclosure(PEOPLE, frozenset({C.NAME, C.TRAIL})),
    "incident.view": Disclosure(PEOPLE, frozenset({C.NAME, C.TRAIL})),
    "waiting.view": Disclosure(PEOPLE, REACHED | {C.WAITING}),
    # taken out
    "appointment.letter": Disclosure(CARD, frozenset({C.NAME, C.APPOINTMENTS}), EXPORTED),
    "incident.letters": Disclosure(PEOPLE, frozenset({C.NAME}), EXPORTED),
    "patient.access": Disclosure(PEOPLE, ALL, EXPORTED),
    "trail.export": Disclosure(PEOPLE, frozenset({C.TRAIL}), EXPORTED, Sureness.EVERYBODY),
    "day-sheet.make": Disclosure(PEOPLE, CALENDAR | {C.CONTACT, C.COMMENTS}, EXPORTED, Sureness.SEALED),
    "day-sheet.fetch": Disclosure(PEOPLE, CALENDAR | {C.CONTACT, C.COMMENTS}, EXPORTED, Sureness.SEALED),
    # appointments changed
    "appointment.book": Disclosure(CARD, VISIT, CHANGED),
    "appointment.cancel": Disclosure(VISITS, VISIT, CHANGED),
    "appointment.mark": Disclosure(VISITS, VISIT, CHANGED),
    "appointment.move": Disclosure(VISITS, VISIT, CHANGED),
    "appointment.note": Disclosure(VISITS, frozenset({C.COMMENTS}), CHANGED),
    "appointment.refuse": Disclosure(CARD, VISIT, CHANGED),
    "appointment.resize": Disclosure(VISITS, VISIT, CHANGED),
    "appointment.settle-note": Disclosure(VISITS, frozenset({C.MESSAGES}), CHANGED),
    "appointment.undo": Disclosure(VISITS, VISIT, CHANGED),
    "message.retry": Disclosure(MIXED, frozenset({C.MESSAGES}), CHANGED),
    "message.settle": Disclosure(MIXED, frozenset({C.MESSAGES}), CHANGED),
    "message.write": Disclosure(VISITS, frozenset({C.MESSAGES}), CHANGED),
    "incident.write": Disclosure(PEOPLE, frozenset({C.MESSAGES}), CHANGED),
    "waiting.book": Disclosure(MIXED, VISIT | {C.WAITING}, CHANGED),
    "waiting.ask": Disclosure(MIXED, frozenset({C.WAITING}), CHANGED),
    "waiting.offer": Disclosure(MIXED, frozenset({C.WAITING}), CHANGED),
    "waiting.take-back": Disclosure(MIXED, frozenset({C.WAITING}), CHANGED),
    "waiting.withdraw": Disclosure(MIXED, frozenset({C.WAITING}), CHANGED),
    # records changed
    "address.ask": Disclosure(PEOPLE, frozenset({C.CONTACT}), CHANGED),
    "consent.give": Disclosure(PEOPLE, frozenset({C.CONSENTS}), CHANGED),
    "consent.withdraw": Disclosure(PEOPLE, frozenset({C.CONSENTS}), CHANGED),
    "intake.accept": Disclosure(PEOPLE, TYPED, CHANGED),
    "patient.correct": Disclosure(PEOPLE, RECORD, CHANGED),
    "patient.create": Disclosure(PEOPLE, RECORD, CHANGED),
    "patient.erase": Disclosure(PEOPLE, RECORD, ERASED),
    "patient.merge": Disclosure(PEOPLE, RECORD, CHANGED),
    "patient.unmerge": Disclosure(PEOPLE, RECORD, CHANGED),
    "patient.lift-restriction": Disclosure(PEOPLE, frozenset({C.CONSENTS}), CHANGED),
    "patient.restrict": Disclosure(PEOPLE, frozenset({C.CONSENTS}), CHANGED),
    "rights.ask": Disclosure(PEOPLE, frozenset({C.MESSAGES}), CHANGED),
    "rights.check": Disclosure(PEOPLE, frozenset({C.MESSAGES}), CHANGED),
    "rights.extend": Disclosure(PEOPLE, frozenset({C.MESSAGES}), CHANGED),
    "rights.finish": Disclosure(PEOPLE, frozenset({C.MESSAGES}), CHANGED),
    "rights.refuse": Disclosure(PEOPLE, frozenset({C.MESSAGES}), CHANGED),
    "recall.begin": Disclosure(PEOPLE, frozenset({C.RECALLS}), CHANGED),
    "recall.end": Disclosure(PEOPLE, frozenset({C.RECALLS}), CHANGED),
    "recall.invite": Disclosure(PEOPLE, frozenset({C.RECALLS}), CHANGED),
}

NOTHING = frozenset(
    {
        # Of a member's or a program's work on the practice itself: no subject of theirs is a patient.
        "alarm.settle", "block.change", "block.make", "block.remove", "block.view", "brake.freeze",
        "brake.notifier-key", "brake.read-only", "brake.release", "brake.sessions", "brake.tokens", "brake.writable",
        "canary.make", "canary.remove", "code.make", "code.withdraw", "day-sheet.mail",
        "day-sheet.remove-passphrase", "day-sheet.set-passphrase", "exception.add", "exception.remove",
        "incident.begin", "incident.change", "incident.close", "incident.compute", "incident.document",
        "incident.notify", "incident.open-again", "incident.tell", "key.begin", "key.end", "location.add",
        "location.change", "login.failed", "member.change-role", "member.invite", "member.join", "member.remove",
        "member.withdraw-invitation", "message-text.change", "message-text.reset", "number.call", "number.draw",
        "number.give-back", "passkey.add", "passkey.remove", "permission.refused", "reading.ask", "reading.stop",
        "record.damaged", "resource.add", "resource.change", "resource.order", "resource.retire", "resource.return",
        "retention.run", "rule.add", "rule.change", "rule.end", "session.begin", "session.end", "session.prove",
        "settings.change", "sheet.confirm", "sheet.failed", "sheet.make", "sheet.use", "token.make", "token.revoke",
        "trail.cut", "view.delete", "view.save", "visit-type.add", "visit-type.change", "visit-type.order",
        "visit-type.retire", "visit-type.return",
        # Of patients and of the system itself, never of a member or program.
        "address.confirm", "appointment.answer", "appointment.coming",
        "appointment.correct-contact", "appointment.delete-data", "message.refuse", "recall.book", "recall.decline",
        "waiting.accept", "waiting.confirm", "waiting.decline", "waiting.end", "waiting.expire", "waiting.miss",
        "maintenance.begin", "maintenance.end", "pair.carry", "pair.differs", "pair.make", "pair.restore",
        "pair.swapped", "pair.unreadable", "support.allow", "support.ask", "support.end", "support.open",
        "support.show",
    }
)  # fmt: skip  # lines grouped by hand
"""Actions that tell nobody anything about a patient."""
