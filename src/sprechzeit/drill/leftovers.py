"""(c) Jobs, sessions, caches, logs, the mail account's sent items, backups: where data lie beside the tables."""

from __future__ import annotations

import mmap
import os
import re
import secrets
import shutil
import time
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

import psycopg
from psycopg import sql

from sprechzeit.backup.make import make_backup
from sprechzeit.database.client_programs import unpack
from sprechzeit.database.embedded import EmbeddedServer
from sprechzeit.drill.browser import Browser
from sprechzeit.drill.clear_text import hidden_forms, search_dump, search_row
from sprechzeit.drill.forms import forms_of
from sprechzeit.drill.life import Lived, live, texts_of
from sprechzeit.drill.outcome import Opened, Step, Tried
from sprechzeit.drill.people import People
from sprechzeit.drill.scene import Scene

LINK = re.compile(r"""https://[^\s"'<>]+""")
HAS = "the job table, sessions, logs, caches, raw files of the database, backups, all mails sent"
SEEN_BEFORE = ("patient", "record_key", "occupancy", "opening", "appointment", "weekly_rule", "lane")
TABLES = "select tablename from pg_tables where schemaname = 'public' and tablename <> all(%s) order by 1"
MOST = 50_000  # rows of a table, the newest; what life left is among them


def play(scene: Scene, people: People) -> Step:
    """Live a little, then look for those who came in everything that was left behind."""
    begun = time.time()
    lived = live(scene)
    tried = (
        _tables(scene, lived),
        _logs(scene, lived),
        _mails(scene, lived),
        _links(scene, lived),
        _raw_files(scene, lived, begun),
        _backup(scene, lived),
    )
    return Step("c", "Jobs, sessions, logs, mails, backups", HAS, tried)


def _found(content: bytes, markers: Iterable[str]) -> set[str]:
    """Which markers lie in it, in any form."""
    return {marker for marker in markers if any(form in content for form in forms_of(marker).values())}


def _tables(scene: Scene, lived: Lived) -> Tried:
    rows, seen, jobs = 0, set[str](), 0
    with psycopg.connect(scene.url()) as connection:
        for (table,) in connection.execute(TABLES, [list(SEEN_BEFORE)]).fetchall():
            query = sql.SQL("select t::text from {} t order by ctid desc limit %s").format(sql.Identifier(table))
            texts = [text for (text,) in connection.execute(query, [MOST])]
            rows += len(texts)
            jobs += len(texts) if table in {"procrastinate_jobs", "desk_session"} else 0
            seen |= _found("\n".join(texts).encode(), _marks(lived))
    return Tried(
        "rows of jobs, sessions, messages and all small tables",
        rows,
        *_control(lived, jobs),
        Opened(_count(lived, seen)),
    )


def _marks(lived: Lived) -> tuple[str, ...]:
    return (*lived.markers, *(who.email.partition("@")[0] for who in lived.people))


def _count(lived: Lived, seen: set[str]) -> int:
    """How many of the people who came a marker betrays."""
    return sum(
        bool({who.last_name, who.first_name, who.phone[3:], who.email.partition("@")[0]} & seen) for who in lived.people
    )


def _control(lived: Lived, there: int) -> tuple[int, int]:
    """Planted and seen: each marker in each form amid noise, and that there was something to look at."""
    planted = seen = 0
    for marker in _marks(lived):
        for form in forms_of(marker).values():
            planted += 1
            seen += marker in _found(os.urandom(50) + form + os.urandom(50), [marker])
    return planted + 1, seen + (there > 0)


def _logs(scene: Scene, lived: Lived) -> Tried:
    """Logs of web server, worker and database, and whatever else lies in the data folder."""
    files, seen, size = 0, set[str](), 0
    own = [path for folder in (scene.logs, scene.data) for path in folder.rglob("*") if not _is_left_out(path)]
    for path in (*own, EmbeddedServer(scene.data / "postgres").place.log):
        if path.is_file():
            content = path.read_bytes()
            files, size = files + 1, size + len(content)
            seen |= _found(content, _marks(lived))
    return Tried("logs and files of the server", files, *_control(lived, size), Opened(_count(lived, seen)))


def _is_left_out(path: Path) -> bool:
    return bool({"postgres", "static"} & set(path.parts))


def _mails(scene: Scene, lived: Lived) -> Tried:
    """What was sent, decoded: its recipient is known to whoever keeps it, and nothing else may be."""
    mails = [path.read_bytes() for path in sorted(scene.mails.glob("*.eml"))]
    seen = set[str]()
    for mail in mails:
        for text in texts_of(mail):
            seen |= _found(text, (*lived.markers, *lived.visit_types))
    who = _count(lived, seen) + len(seen & set(lived.visit_types))
    planted, visible = _control(lived, len(mails))
    return Tried(
        "mails that the provider was handed, read for anything but their recipient",
        len(mails),
        planted + len(lived.people),
        visible + min(len(mails), len(lived.people)),
        Opened(who),
    )


def _links(scene: Scene, lived: Lived) -> Tried:
    """The links in these mails, followed as whoever reads them would: a visit without its person."""
    browser, seen, pages, opened = Browser(scene.address, scene.authority), set[str](), 0, 0
    for path in sorted(scene.mails.glob("*.eml")):
        links = {link for text in texts_of(path.read_bytes()) for link in LINK.findall(text.decode(errors="replace"))}
        for link in links:
            if link.startswith(scene.address):
                page = browser.get(link.removeprefix(scene.address))
                pages, opened = pages + 1, opened + (page.status == 200)
                seen |= _found(page.text.encode(), _marks(lived))
    browser.close()
    planted, visible = _control(lived, opened)
    return Tried("links in these mails opened", pages, planted, visible, Opened(_count(lived, seen)))


def _raw_files(scene: Scene, lived: Lived, since: float) -> Tried:
    """Pages and the write-ahead log, as they lie on the disk: all that was written to since."""
    planted = secrets.token_hex(12)
    with psycopg.connect(scene.url(), autocommit=True) as connection:
        connection.execute("create table drill_planted (mark text)")
        connection.execute("insert into drill_planted values (%s)", [planted])
        connection.execute("checkpoint")
        forms = [(mark, form) for mark in _marks(lived) for form in (mark.encode(), mark.lower().encode())]
        seen, read = set[str](), 0
        for path in (EmbeddedServer(scene.data / "postgres").place.data).rglob("*"):
            with suppress(OSError, ValueError):  # it was removed meanwhile, or is empty
                if not path.is_file() or path.stat().st_mtime < since:
                    continue
                with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
                    read += 1
                    looked_for = [*forms, (planted, planted.encode())]
                    seen |= {mark for mark, form in looked_for if content.find(form) >= 0}
        connection.execute("drop table drill_planted")
    opened = Opened(_count(lived, seen))
    return Tried("raw files of the database, its write-ahead log included", read, 1, int(planted in seen), opened)


def _backup(scene: Scene, lived: Lived) -> Tried:
    """Both files of a backup made now, as text."""
    folder = scene.folder / "backup"
    known = People()
    for who in lived.people:
        known.add_person(who)
    rows, seen = 0, set[bytes]()
    try:
        make_backup(folder, scene.url())
        for path in folder.glob("*.dump"):
            text = path.with_suffix(".sql")
            unpack(path, text)
            count, found = search_dump(text, known)
            rows, seen = rows + count, seen | found
            text.unlink()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    forms = [form for who in lived.people for form in hidden_forms(who.to_bytes())]
    visible = sum(bool(search_row(known, form)) for form in forms)
    return Tried("rows of a backup's two files", rows, len(forms), visible, Opened(len(seen)))
