from __future__ import annotations

import html
import re
from urllib.parse import parse_qs, urljoin, urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.factories import visitor

LOGIN = "/desk/anmelden/"


def offered(weiter: str, *, prefix: str = "") -> str:
    """Where the log-in page would lead to afterwards."""
    content = visitor().get(f"{prefix}{LOGIN}", {"weiter": weiter}).content.decode()
    (query,) = re.findall(r'data-finish="[^"?]*\?([^"]*)"', content)
    return parse_qs(html.unescape(query))["weiter"][0]


@pytest.mark.parametrize(
    "page", ["/desk/", "/desk/?tag=2026-11-24&spalten=alle", "/desk/neu/?start=2026-11-24T08:00%2B01:00"]
)
def test_a_page_of_the_desk_comes_next(page: str) -> None:
    assert offered(page) == page


def test_the_english_desk_stays_english() -> None:
    assert offered("/en/desk/neu/", prefix="/en") == "/en/desk/neu/"


ATTEMPTS = [
    "",
    "https://evil.example/desk/",
    "//evil.example/desk/",
    "///evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "/desk/\\..\\..",
    "javascript:alert(1)",
    "/desk",
    "/desk/../",
    "/desk/..//evil.example/",
    "/desk/%2e%2e/",
    "/desk/.%2e//evil.example/",
    "/desk/%2e%2e//evil.example/desk/",
    "/desk/gibt-es-nicht/",
    "/praxis/x/",
    "/en/praxis/x/",
    "/desk/\r\nSet-Cookie: a=b",
    "/desk/\t",
    "/desk/\x00",
    " /desk/",
    "/desk/@evil.example/",
    "/desk//evil.example",
]


@pytest.mark.parametrize("attempt", ATTEMPTS)
def test_nothing_else_comes_next(attempt: str) -> None:
    assert offered(attempt) == "/desk/"


def leads_to_the_desk(page: str) -> bool:
    """As a browser resolves it: same host, and an address of the desk."""
    target = urlsplit(urljoin("https://praxis.example/desk/anmelden/", page))
    return target.netloc == "praxis.example" and target.path.startswith("/desk/") and "//" not in target.path


@settings(max_examples=150)
@given(
    st.text(st.sampled_from("/desk.\\%2eE:@?#\t\n \u3002abc"), max_size=20).map("/desk/".__add__) | st.text(max_size=20)
)
def test_whatever_is_asked_for_the_next_page_is_one_of_the_desk(attempt: str) -> None:
    assert leads_to_the_desk(offered(attempt))


def test_the_log_in_page_tells_no_names_and_loads_nothing_from_elsewhere() -> None:
    response = visitor().get(LOGIN)

    assert response.status_code == 200
    assert set(response.cookies) == {"csrf"}
    assert response.cookies["csrf"]["httponly"]
    assert response.cookies["csrf"]["samesite"] == "Lax"
    assert b"http" not in response.content.replace(b"http-equiv", b"")
