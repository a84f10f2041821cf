"""Set how long a practice keeps what; whoever makes a period shorter sees first how much would go tonight."""

from __future__ import annotations

from dataclasses import asdict

from django.utils.translation import gettext as _

from sprechzeit.audit.record import Actor, record
from sprechzeit.database.tenancy import acting_for, retrying
from sprechzeit.errors import Invalid
from sprechzeit.identifiers import PracticeId
from sprechzeit.retention.due import count_due
from sprechzeit.retention.errors import WouldDelete, agreement_to
from sprechzeit.retention.models import RetentionRules
from sprechzeit.retention.rules import LEAST, MOST, Rules, rules_of


@retrying
def change_rules(practice: PracticeId, actor: Actor, rules: Rules, *, agreed: str = "") -> None:
    """Save them.

    Raises
    ------
    Invalid
        A period lies outside of its limits.
    WouldDelete
        More would go tonight than under the rules of before, and ``agreed`` is not for just that.
    """
    for name, days in asdict(rules).items():
        if days is not None and not LEAST[name] <= days <= MOST:
            limits = {"least": LEAST[name], "most": MOST}
            raise Invalid(_("Möglich sind %(least)d bis %(most)d.") % limits, field=name)
    with acting_for(practice):
        before = rules_of(practice)
        changed = [name for name, days in asdict(rules).items() if getattr(before, name) != days]
        if not changed:
            return
        now, then = count_due(practice, before), count_due(practice, rules)
        more = {kind: count for kind, count in then.items() if count > now.get(kind, 0)}
        if more and agreed != agreement_to(more, rules):
            raise WouldDelete(more, rules)
        RetentionRules.objects.update_or_create(practice_id=practice, defaults=asdict(rules))
        record(practice, actor, "settings.change", details={"fields": sorted(changed)})
