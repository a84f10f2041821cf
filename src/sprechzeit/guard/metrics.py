"""Alarms as a text for Prometheus. The command line prints it; no address of the server does."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from sprechzeit.database.tenancy import acting_for
from sprechzeit.guard.models import Alarm
from sprechzeit.identifiers import PracticeId
from sprechzeit.practices.models import Practice

Rows = Iterable[tuple[str, str, int, bool]]


def alarm_metrics() -> str:
    """Counts over all practices and the host, by rule and severity; as the role ``worker``."""
    total: Counter[tuple[str, str]] = Counter()
    waiting: Counter[tuple[str, str]] = Counter()
    numbers = [None, *Practice.objects.order_by("id").values_list("id", flat=True)]
    for number in numbers:
        for rule, severity, count, is_open in _rows(number):
            total[rule, severity] += count
            waiting[rule, severity] += is_open
    return "".join(
        [
            *_lines("sprechzeit_alarms_total", "counter", "Causes for alarm, each time that one was seen.", total),
            *_lines("sprechzeit_alarms_open", "gauge", "Alarms that nobody has settled.", waiting),
        ]
    )


def _rows(practice: int | None) -> Rows:
    if practice is None:
        found = list(Alarm.objects.filter(practice=None).values_list("rule", "severity", "count", "settled_at"))
    else:
        with acting_for(PracticeId(practice)):
            rows = Alarm.objects.filter(practice=practice)
            found = list(rows.values_list("rule", "severity", "count", "settled_at"))
    return [(rule, severity, count, settled_at is None) for rule, severity, count, settled_at in found]


def _lines(name: str, kind: str, said: str, counts: Counter[tuple[str, str]]) -> Iterable[str]:
    yield f"# HELP {name} {said}\n# TYPE {name} {kind}\n"
    for (rule, severity), count in sorted(counts.items()):
        yield f'{name}{{rule="{rule}",severity="{severity}"}} {count}\n'
