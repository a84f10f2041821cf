"""All rules for what is noticed: what each watches, from when on, how bad it is, and what to do.

Pure functions and constants; who calls them stands in ``watch.py`` (what the trail is told, in the same transaction),
``staff/stop_reading.py``, ``limits.py`` and the nightly job. ``docs/noticing.md`` has this table in words.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

WINDOW = timedelta(hours=1)  # counted by quarters of an hour: the present one and the four before it
MEMORY = timedelta(weeks=4)


class Severity(StrEnum):
    """``notice`` is mailed to the owner, the others to the host too."""

    NOTICE = "notice"
    WARNING = "warning"
    CRITICAL = "critical"


@dataclass(frozen=True)
class Rule:
    """``watches`` and ``threshold`` are for the documents, ``title`` and ``what_to_do`` for whoever gets the alarm."""

    name: str
    watches: str
    threshold: str
    severity: Severity
    title: Promise | str
    what_to_do: Promise | str


QUOTA = Rule(
    "quota",
    "different patients that one member or program opens in an hour",
    "second limit of the practice, or the first and 5 times on without the passkey (below)",
    Severity.CRITICAL,
    _("Zu viele Patienten geöffnet, Sitzung beendet"),
    _(
        "Fragen Sie die Person, ob sie das war: Wenn nicht, beenden Sie unter „Notbremse“ alle Sitzungen und entfernen "
        "Sie ihre Passkeys; wenn ja, geben Sie sie mit „Erledigt“ wieder frei."
    ),
)
HOURS = Rule(
    "unusual-hours",
    "the hour at which a member or program works, against its last four weeks",
    "no work within an hour of it in four weeks, after work on 5 days",
    Severity.WARNING,
    _("Arbeit zu ungewohnter Stunde"),
    _("Fragen Sie die Person, ob sie gearbeitet hat; wenn nicht, beenden Sie ihre Sitzungen unter „Notbremse“."),
)
DEVICE = Rule(
    "new-device",
    "browser and system at log-in",
    "not seen of this member in 90 days, and another was",
    Severity.NOTICE,
    _("Anmeldung mit einem neuen Gerät"),
    _("Fragen Sie die Person, ob das ihr Gerät ist; wenn nicht, beenden Sie ihre Sitzungen unter „Notbremse“."),
)
NETWORK = Rule(
    "new-network",
    "network at log-in (IPv4 /16, IPv6 /32)",
    "not seen of this member in 90 days, and another was",
    Severity.NOTICE,
    _("Anmeldung aus einem neuen Netz"),
    _("Fragen Sie die Person, ob sie von woanders gearbeitet hat; wenn nicht, beenden Sie ihre Sitzungen."),
)
PASSKEY = Rule(
    "new-passkey",
    "a passkey is added, or the recovery sheet opens the practice",
    "each",
    Severity.NOTICE,
    _("Neuer Passkey oder Notfallblatt benutzt"),
    _("Prüfen Sie, ob das abgesprochen war; wenn nicht, entfernen Sie den Passkey und machen ein neues Notfallblatt."),
)
CHANGES = Rule(
    "mass-changes",
    "appointments and records that one member or program moves, cancels, refuses, merges, corrects or erases in an "
    "hour; each move and cancellation is also a message to the patient",
    "more than the practice's busiest day has appointments, at least 60",
    Severity.WARNING,
    _("Sehr viele Termine oder Daten geändert"),
    _("Sehen Sie im Protokoll nach, was geändert wurde; war es nicht gewollt, ziehen Sie die Notbremse."),
)
EXPORTS = Rule(
    "mass-exports",
    "exports by one member or program in an hour",
    "more than 5",
    Severity.WARNING,
    _("Viele Ausgaben als Datei"),
    _("Fragen Sie, wozu die Dateien gebraucht werden; halten Sie Ausgaben sonst unter „Notbremse“ an."),
)
FAILURES = Rule(
    "failures",
    "refused log-ins, refused permissions, records that do not open, wrong recovery keys in an hour",
    "more than 10 of one member",
    Severity.WARNING,
    _("Viele abgewiesene Versuche"),
    _("Fragen Sie die Person, was nicht ging; war sie es nicht, entfernen Sie den Passkey, der versucht wurde."),
)
TRIES = Rule(
    "many-tries",
    "log-ins, links, codes and tokens tried from one address, over the limits of guard/limits.py",
    "a limit reached",
    Severity.WARNING,
    _("Viele Versuche von einer Adresse"),
    _("Sehen Sie im Log des Reverse-Proxys nach der Adresse und sperren Sie sie, wenn es kein Versehen ist."),
)
CANARY = Rule(
    "canary",
    "a token, member or appointment that no work touches",
    "each",
    Severity.CRITICAL,
    _("Ein Köder wurde berührt"),
    _("Niemand arbeitet damit: Ziehen Sie sofort die Notbremse und rufen Sie den Betreiber Ihres Servers an."),
)
TRAIL = Rule(
    "trail-broken",
    "the chain of the trail, recomputed each night and held against the anchored heads",
    "each break",
    Severity.CRITICAL,
    _("Das Protokoll wurde verändert"),
    _(
        "Der Betreiber sichert Datenbank und Logs, bevor irgendetwas weiterläuft, und prüft mit "
        "„sprechzeit audit verify“."
    ),
)
KEY_SWAPPED = Rule(
    "key-swapped",
    "the practice's public key against the private key that each log-in and session opens, against its fingerprint in "
    "the trail every minute, and against what each member's browser remembers",
    "each difference",
    Severity.CRITICAL,
    _("Der Schlüssel der Praxis wurde vertauscht"),
    _(
        "Die Online-Buchung ist geschlossen. Rufen Sie den Betreiber an und setzen Sie den Schlüssel auf der "
        "Anmeldeseite wieder ein; unter „Schlüssel der Praxis“ stehen dann die betroffenen Buchungen. „Erledigt“ "
        "öffnet die Online-Buchung wieder."
    ),
)
SUPPORT = Rule(
    "support-session",
    "the host's technician looks at the practice, or asks to",
    "each",
    Severity.NOTICE,
    _("Der Betreiber sieht in Ihrer Praxis nach"),
    _("Unter „Support“ steht, wer warum und wie lange nachsieht; dort erlauben oder beenden Sie es."),
)
PROBE = Rule(
    "probe",
    "what sprechzeit probe finds from outside",
    "each finding",
    Severity.CRITICAL,
    _("Von außen erreichbar, was es nicht sein darf"),
    _("Der Betreiber führt „sprechzeit probe“ aus: Es sagt zu jedem Fund, wie er behoben wird."),
)
INCIDENT = Rule(
    "incident",
    "what the host tells by sprechzeit incident notify; mailed as a notice of its own",
    "each",
    Severity.CRITICAL,
    _("Der Betreiber meldet eine Verletzung des Datenschutzes"),
    _("Öffnen Sie „Vorfälle“: Dort steht, was geschehen ist und bis wann Sie es der Aufsichtsbehörde melden."),
)
RULES = (
    QUOTA,
    HOURS,
    DEVICE,
    NETWORK,
    PASSKEY,
    CHANGES,
    EXPORTS,
    FAILURES,
    TRIES,
    CANARY,
    TRAIL,
    KEY_SWAPPED,
    SUPPORT,
    PROBE,
    INCIDENT,
)
BY_NAME = {rule.name: rule for rule in RULES}

MOST_EXPORTS = 5
MOST_FAILURES = 10
ENOUGH_DAYS = 5
MOST_ASKS = 5


@dataclass(frozen=True)
class Limits:
    """Different patients of one member or program in an hour, and changes."""

    opened_first: int
    opened_second: int
    named_first: int
    named_second: int
    changes: int


@dataclass(frozen=True)
class Size:
    """How busy a practice's calendar was in the last four weeks: appointments in its fullest hour, day and week."""

    hour: int = 0
    day: int = 0
    week: int = 0


def limits_of(size: Size) -> Limits:
    """The limits for a practice of this size; with no calendar yet, the floor.

    In its fullest hour one member opens the card of whoever comes, and answers the telephone: each call shows some
    20 hits while the name is typed. Beyond some size there are more members, not busier ones: hence the ceilings; and
    no limit may lie beyond what the sketch can tell apart (``sketch.py``).
    """
    opened = min(600, max(200, 12 * size.hour))
    named = min(6000, max(1500, 4 * size.week))
    return Limits(opened, opened * 5 // 4, named, named * 5 // 4, max(60, size.day))


class Verdict(StrEnum):
    """What becomes of a read."""

    PASS = "pass"  # noqa: S105 - no password
    ASK = "ask"
    STOP = "stop"


def judge_reading(opened: int, named: int, *, lifted: bool, can_prove: bool, limits: Limits) -> Verdict:
    """Beyond the first limit a member shows the passkey (a program has none and goes on), beyond the second it ends."""
    if opened > limits.opened_second or named > limits.named_second:
        return Verdict.STOP
    if can_prove and not lifted and (opened > limits.opened_first or named > limits.named_first):
        return Verdict.ASK
    return Verdict.PASS


def work_rules_that_fire(changes: int, exports: int, failures: int, limits: Limits) -> list[Rule]:
    """Of the sums of an hour."""
    sums = ((CHANGES, changes, limits.changes), (EXPORTS, exports, MOST_EXPORTS), (FAILURES, failures, MOST_FAILURES))
    return [rule for rule, count, most in sums if count > most]


def hour_word(at: datetime, zone: ZoneInfo) -> str:
    """The hour of the practice's day: ``w08`` on working days, ``e08`` at the weekend."""
    local = at.astimezone(zone)
    return f"{'e' if local.weekday() >= 5 else 'w'}{local.hour:02}"


def is_unusual(hour: str, known: Collection[str], days: int) -> bool:
    """Whether nobody would expect this member now. ``known`` are the hours of the four weeks before today."""
    if days < ENOUGH_DAYS:
        return False
    part, number = hour[0], int(hour[1:])
    return not {f"{part}{(number + beside) % 24:02}" for beside in (-1, 0, 1)} & set(known)


def is_new_place(value: str, known: Collection[str]) -> bool:
    """A device or network, when others are known of the member and this one is not."""
    return bool(value) and bool(known) and value not in known
