"""What the trail proves for a span: only a chain that is whole beyond its end excludes anybody."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sprechzeit.audit.head import Head
from sprechzeit.audit.models import Event
from sprechzeit.audit.verify import verify
from sprechzeit.identifiers import PracticeId

MARGIN = timedelta(minutes=5)  # an event is numbered when its transaction writes, and dated a little before


@dataclass(frozen=True)
class Proof:
    """``events`` were recomputed until the end or the first break.

    ``broken_at`` is the number of the first event that does not fit (None: whole), ``holds`` tells that the span lies
    before it. ``begins_at`` is the oldest event's moment where the beginning was cut off inside the span, after its
    period. ``anchored`` tells that a head kept outside of the database covers the whole span.
    """

    events: int
    broken_at: int | None
    kind: str
    holds: bool
    begins_at: datetime | None
    anchored: bool


def proof_of(practice: PracticeId, since: datetime, until: datetime, heads: Iterable[Head] = ()) -> Proof:
    """Recompute the chain and hold it against the span ``[since, until)``; as desk or worker, needs ``acting_for``.

    ``heads`` are those anchored of this practice, where the caller can read them.
    """
    heads = list(heads)
    verdict = verify(practice, heads)
    events = Event.objects.filter(practice=practice)
    broken = verdict.broken
    holds = True
    if broken is not None:
        last = events.filter(number__lt=broken.number).order_by("-number").values_list("at", flat=True).first()
        holds = last is not None and last >= until + MARGIN
    first = events.order_by("number").values_list("number", "at").first()
    cut_off = first is not None and first[0] > 1 and first[1] > since
    in_span = events.filter(at__gte=since, at__lt=until).order_by("-number").values_list("number", flat=True).first()
    newest = max((head.number for head in heads), default=0)
    return Proof(
        events=verdict.count,
        broken_at=broken.number if broken else None,
        kind=broken.kind.value if broken else "",
        holds=holds,
        begins_at=first[1] if cut_off and first else None,
        anchored=in_span is None or newest >= in_span,
    )
