from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sprechzeit.errors import Invalid
from sprechzeit.furnishing.widget_origins import ORIGIN, read_origins


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("https://www.praxis-beispiel.de", ["https://www.praxis-beispiel.de"]),
        (" https://WWW.Praxis-Beispiel.DE/ \n\n", ["https://www.praxis-beispiel.de"]),
        ("https://a.de\nhttps://b.de\nhttps://a.de/", ["https://a.de", "https://b.de"]),
        ("https://praxis-müller.de", ["https://xn--praxis-mller-klb.de"]),
        ("https://a.de:8443\nhttps://a.de:443", ["https://a.de:8443", "https://a.de"]),
        ("", []),
    ],
)
def test_origins_are_read_as_browsers_send_them(typed: str, read: list[str]) -> None:
    assert read_origins(typed, local_too=False) == read


@pytest.mark.parametrize(
    "typed",
    [
        "http://www.praxis-beispiel.de",
        "www.praxis-beispiel.de",
        "https://a.de/termine",
        "https://*.de",
        "https://a.de; script-src *",
        "https://a.de 'self'",
        "https://user@a.de",
        "https://a.de:99999",
        "https://localhost",
        "http://localhost:8000",
        "https://192.168.1.1",
        "https://a..de",
        "javascript://a.de",
        "\n".join(f"https://a{number}.de" for number in range(11)),
    ],
)
def test_what_is_none_is_refused(typed: str) -> None:
    with pytest.raises(Invalid) as refused:
        read_origins(typed, local_too=False)

    assert refused.value.field == "widget_origins"


def test_ones_own_computer_only_where_it_is_allowed() -> None:
    assert read_origins("http://localhost:8000\nhttp://127.0.0.1:90", local_too=True) == [
        "http://localhost:8000",
        "http://127.0.0.1:90",
    ]


@given(st.text(max_size=80))
def test_no_text_gets_more_than_an_origin_into_the_policy(text: str) -> None:
    try:
        found = read_origins(text, local_too=True)
    except Invalid:
        return

    for one in found:
        assert ORIGIN.fullmatch(one)
        assert one.isascii()
        assert not set(one) & set(" ;,'\"*")
