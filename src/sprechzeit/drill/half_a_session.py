"""A session's cookie without its row, and its row without the cookie."""

from __future__ import annotations

import hashlib
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterable, Iterator

import psycopg

from sprechzeit.drill.browser import Browser
from sprechzeit.drill.loot import KEY, configured, guessed, keys_from
from sprechzeit.drill.members import Planted, browser_with, log_in_anew
from sprechzeit.drill.outcome import NOTHING, Opened, Tried
from sprechzeit.drill.scene import Scene
from sprechzeit.vault import CannotOpen, PracticeKeys, Secret, join
from sprechzeit.web.desk.door import cookie_name

PAGE = "/desk/"
ROW = """
    select id_hash, keys_sealed, login::text, member_id::text from desk_session
    where practice_id = %s and member_id = %s
"""
DELETE = "delete from desk_session where practice_id = %s and member_id = %s"
FORGED = 200  # cookies sent to the server


def play_cookies(scene: Scene, victim: Planted, stranger: Planted) -> Tried:
    """The cookie whose row is gone, at another's row, with another session's half; and what is made of a row."""
    browser = browser_with(scene, "")
    worked = _works(browser, victim.cookie) + _works(browser, stranger.cookie)
    practice, session, key = victim.cookie.split(".")
    _their, their_session, their_key = stranger.cookie.split(".")
    second = log_in_anew(victim).split(".")
    cookies = [
        f"{stranger.practice}.{session}.{key}", f"{stranger.practice}.{their_session}.{key}",
        f"{stranger.practice}.{session}.{their_key}", f"{practice}.{session}.{their_key}",
        f"{practice}.{their_session}.{key}", f"{practice}.{session}.{second[2]}", f"{practice}.{second[1]}.{key}",
        f"{practice}.{session}.", f"{practice}.{session}", f"{practice}..{key}", f"{practice}.{session}.{'A' * 43}",
    ]  # fmt: skip  # lines grouped by hand
    with psycopg.connect(scene.url()) as connection:
        found = connection.execute(ROW, [victim.practice, victim.member]).fetchall()
    cookies += list(_made_of([one for row in found for one in row], victim.practice))[:FORGED]
    in_vain = sum(_works(browser, cookie) for cookie in cookies)
    with psycopg.connect(scene.url(), autocommit=True) as connection:
        connection.execute(DELETE, [victim.practice, victim.member])
    in_vain += _works(browser, victim.cookie)
    browser.close()
    return Tried("cookies without their row, or made of a row", len(cookies) + 1, 2, worked, Opened(members=in_vain))


def _works(browser: Browser, cookie: str) -> bool:
    browser.cookies = {cookie_name(): cookie}
    return browser.get(PAGE).status == 200


def _made_of(values: Iterable[object], practice: int) -> Iterator[str]:
    """Cookies whose halves stand in the row itself."""
    pieces = []
    for value in values:
        content = bytes(value) if isinstance(value, bytes | memoryview) else bytes.fromhex(str(value).replace("-", ""))
        pieces += [content[start : start + 16] for start in range(0, min(len(content), 96) - 15, 16)]
    for first in pieces:
        for second in pieces:
            yield f"{practice}.{_text(first)}.{_text((second * 2)[:KEY])}"
            yield f"{practice}.{_text(first)}.{_text(hashlib.sha256(second).digest())}"


def _text(value: bytes) -> str:
    return urlsafe_b64encode(value).decode().rstrip("=")


def play_rows(scene: Scene, victim: Planted) -> Tried:
    """The row with every key that can be made of the loot, under every identifier that it tells."""
    cookie = log_in_anew(victim)
    _practice, session, key = cookie.split(".")
    true_session, true_key = (_bytes(part) for part in (session, key))
    with psycopg.connect(scene.url()) as connection:
        id_hash, sealed, login, member = connection.execute(ROW, [victim.practice, victim.member]).fetchone() or ()
    row = bytes(sealed)
    keys = keys_from(configured(scene), guessed())
    keys += [row[start : start + KEY] for start in range(0, len(row) - KEY, 16)] + [bytes(id_hash)]
    names = [bytes(id_hash)[:16], bytes(id_hash)[16:], bytes.fromhex(login.replace("-", "")), bytes(16)]
    names.append(bytes.fromhex(member.replace("-", "")))
    tried, opened = _join_all(row, keys, names, victim.practice)
    _times, control = _join_all(row, [bytes(KEY), true_key], [*names, true_session], victim.practice)
    return Tried(
        "keys tried on a session's row", tried, 1, int(control), Opened(members=1) if opened else NOTHING
    )  # fmt: skip  # lines grouped by hand


def _join_all(row: bytes, keys: Iterable[bytes], names: list[bytes], practice: int) -> tuple[int, bool]:
    tried, opened = 0, False
    for key in keys:
        for name in names:
            tried += 1
            try:
                PracticeKeys.from_bytes(join(row, Secret(key), name + practice.to_bytes(8, "big")))
            except (CannotOpen, ValueError):
                continue
            opened = True
    return tried, opened


def _bytes(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))
