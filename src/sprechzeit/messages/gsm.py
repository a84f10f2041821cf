"""How long an SMS is (3GPP TS 23.038, 23.040): 160 characters of the phones' own alphabet, 70 with any other."""

from __future__ import annotations

# The default alphabet, section 6.2.1 without the escape, and its extension table, each of whose characters takes two.
BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà"
)
EXTENDED = frozenset("\f^{}\\[~]|€")
WHOLE, PART = 160, 153  # septets of a single one, and of each part of several
WHOLE_UCS2, PART_UCS2 = 70, 67  # 16-bit units
SIMPLE = str.maketrans(
    {"–": "-", "—": "-", "„": '"', "“": '"', "”": '"', "’": "'", "‘": "'", "…": "...", "\u00a0": " "}
)
LONGEST_NAME = 40


def parts(text: str) -> int:
    """Of how many SMS it consists, which is what a provider charges."""
    if all(one in BASIC or one in EXTENDED for one in text):
        size, whole, part = sum(2 if one in EXTENDED else 1 for one in text), WHOLE, PART
    else:
        size, whole, part = len(text.encode("utf-16-le")) // 2, WHOLE_UCS2, PART_UCS2
    return 1 if size <= whole else -(-size // part)


def typed_simply(text: str) -> str:
    """Dashes and quotation marks as phones have them: one other character would more than double the length."""
    return text.translate(SIMPLE)


def shortened(name: str) -> str:
    """A practice's name that leaves room for the rest."""
    return name if len(name) <= LONGEST_NAME else name[: LONGEST_NAME - 3].rstrip() + "..."
