"""Proof of work instead of a third party's captcha: a browser computes for a moment, whoever books thousands for hours.

Without scripts nothing is computed; then only few bookings pass from one address (``limits.UNPROVED_BY_ADDRESS``).
"""

from __future__ import annotations

import hashlib

from sprechzeit.vault import Secret, derive, link_to_text

BITS = 14  # some 16,000 hashes: well under a second in a browser
PURPOSE = "proof-of-work"
LONGEST = 20


def task_of(hold_secret: Secret) -> str:
    """What is to be worked on, for one hold only: a proof serves once."""
    return link_to_text(derive(hold_secret, PURPOSE))


def is_proved(hold_secret: Secret, proof: str) -> bool:
    """Whether SHA-256 of task and proof begins with enough zero bits."""
    if not proof or len(proof) > LONGEST or not (proof.isascii() and proof.isdigit()):
        return False
    digest = hashlib.sha256(f"{task_of(hold_secret)}:{proof}".encode()).digest()
    return int.from_bytes(digest[:4], "big") >> (32 - BITS) == 0
