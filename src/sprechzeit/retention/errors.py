"""What the settings of retention refuse."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

from django.utils.translation import gettext as _

from sprechzeit.errors import DomainError
from sprechzeit.retention.due import Kind
from sprechzeit.retention.rules import Rules


class WouldDelete(DomainError):
    """Under these rules more would go tonight, and nobody has agreed to just that; ``agreement`` says yes to it."""

    code = "would-delete"
    status = 409

    def __init__(self, counts: Mapping[Kind, int], rules: Rules) -> None:
        super().__init__(_("Damit würde heute Nacht mehr gelöscht."))
        self.counts = dict(counts)
        self.agreement = agreement_to(counts, rules)


def agreement_to(counts: Mapping[Kind, int], rules: Rules) -> str:
    """What says yes to exactly these rules and numbers."""
    text = f"{rules} {sorted(counts.items())}"
    return hashlib.sha256(text.encode()).hexdigest()[:32]
