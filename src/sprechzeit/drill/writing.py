"""(g) Write access to the database: forge the trail, give oneself a session, swap a public key, take over a link."""

from __future__ import annotations

import time

import psycopg

from sprechzeit.audit.head import anchor_heads
from sprechzeit.audit.record import SYSTEM, record
from sprechzeit.audit.watch_trails import watch_trails
from sprechzeit.booking.confirm import MANAGE
from sprechzeit.database.roles import APPLICATION, Role
from sprechzeit.database.tenancy import acting_for, wearing
from sprechzeit.drill.browser import Browser
from sprechzeit.drill.outcome import Noticed, Opened, Step, Tried
from sprechzeit.drill.people import People
from sprechzeit.drill.scene import Scene
from sprechzeit.identifiers import PracticeId
from sprechzeit.staff.keys import tell_pair
from sprechzeit.staff.models import Membership
from sprechzeit.staff.session import begin
from sprechzeit.staff.swapped import watch_pairs
from sprechzeit.vault import (
    KeyPair,
    Keyring,
    PracticeKeys,
    generate_key_pair,
    link_hash,
    link_to_text,
    new_data_key,
    new_link_secret,
    seal_data_key,
)
from sprechzeit.web.desk.door import cookie_name

HAS = "the superuser of the database, and the log-ins of its application roles"
WITHOUT_TRIGGERS = "set session_replication_role = replica"
REFUSED = (
    "update audit_event set actor = 'x' where practice_id = %(p)s",
    "delete from audit_event where practice_id = %(p)s",
    "insert into audit_event select * from audit_event where practice_id = %(p)s limit 1",
    "alter table audit_event disable trigger all",
    "truncate audit_event",
    "drop table audit_event",
)
CHANGE = "update audit_event set actor = 'nobody' where practice_id = %(p)s and number = 2"
CUT = """
    delete from audit_event where practice_id = %(p)s
        and number = (select max(number) from audit_event where practice_id = %(p)s)
"""
# Every hash made anew after the change, as somebody does who has read the source.
ANEW = """
    do $$
    declare one record; before bytea;
    begin
        select previous into before from audit_event where practice_id = {p} order by number limit 1;
        update audit_event set actor = 'nobody' where practice_id = {p} and number = 2;
        for one in select * from audit_event where practice_id = {p} order by number loop
            update audit_event set previous = before, hash = sha256(before || event_bytes(one.practice_id, one.number,
                one.at, one.actor_kind, one.actor, one.address, one.action, one.subjects, one.details))
            where practice_id = {p} and number = one.number;
            select hash into before from audit_event where practice_id = {p} and number = one.number;
        end loop;
    end $$
"""
ONE_LINK = """
    update appointment set manage_hash = %(hash)s where id = (select id from appointment
        where practice_id = %(p)s and status = 'booked' and starts_at > now() limit 1)
"""
PAGES = ("/desk/", "/desk/eingang/", "/desk/?tag={day}", "/desk/patienten/")
FORGED = ("changed", "end cut off", "written anew as a whole")


def play(scene: Scene, people: People) -> Step:
    """Each attack has a practice of its own, so that one alarm is not taken for another's."""
    changed, cut, anew, swapped, taken, *_rest = [PracticeId(plan.practice) for plan in scene.plans[1:]]
    refused, went_through = _roles(scene, changed)
    forged, noticed = _forge(scene, {FORGED[0]: changed, FORGED[1]: cut, FORGED[2]: anew})
    inserted, swap, told = _swap(scene, people, swapped)
    link = _link(scene, people, taken)
    noticed += told
    wrong = [f"an application role may: {statement}" for statement in went_through]
    return Step(
        "g",
        "Write access to the database",
        HAS,
        (refused, forged, inserted, swap, link),
        noticed=tuple(noticed),
        to_notice=len(FORGED) + 2,
        wrong=tuple(wrong),
    )


def _roles(scene: Scene, practice: PracticeId) -> tuple[Tried, list[str]]:
    """Every statement as every application role; the superuser may, which shows that the statements are right."""
    _live_events(practice)
    went, times = [], 0
    for role in APPLICATION:
        for statement in REFUSED:
            times += 1
            if _goes(scene.url(role), statement, practice):
                went.append(f"{role.name.lower()}: {statement.split('where')[0].strip()}")
    able = sum(_goes(scene.url(), statement, practice, WITHOUT_TRIGGERS) for statement in (*REFUSED[:2], *REFUSED[3:]))
    return Tried("ways to change the trail as an application role", times, len(REFUSED) - 1, able), went


def _goes(url: str, statement: str, practice: PracticeId, *before: str) -> bool:
    """Whether it changes anything; undone in any case."""
    with psycopg.connect(url) as connection:
        try:
            for one in (*before, f"select set_config('sprechzeit.practice', '{practice}', true)"):
                connection.execute(one)
            done = connection.execute(statement, {"p": practice} if "%(" in statement else None)
            return done.rowcount != 0
        except psycopg.Error:
            return False
        finally:
            connection.rollback()


def _live_events(practice: PracticeId) -> None:
    with wearing(Role.DESK), acting_for(practice):
        for _ in range(5):
            record(practice, SYSTEM, "settings.change", details={"fields": ["phone"]})


def _forge(scene: Scene, practices: dict[str, PracticeId]) -> tuple[Tried, list[Noticed]]:
    """Anchor the heads as each night, forge, and let the nightly recomputation look."""
    for practice in practices.values():
        _live_events(practice)
    with wearing(Role.WORKER):
        anchor_heads(scene.data)
        before = watch_trails(scene.data)
    begun = time.monotonic()
    with psycopg.connect(scene.url()) as connection:
        connection.execute(WITHOUT_TRIGGERS)
        connection.execute(CHANGE, {"p": practices[FORGED[0]]})
        connection.execute(CUT, {"p": practices[FORGED[1]]})
        connection.execute(ANEW.format(p=int(practices[FORGED[2]])))
    with wearing(Role.WORKER):
        watch_trails(scene.data)
    seconds = time.monotonic() - begun
    alarmed = {how: _has_alarm(scene, practice, "trail-broken") for how, practice in practices.items()}
    noticed = [Noticed(f"trail-broken ({how}; nightly)", seconds) for how, seen in alarmed.items() if seen]
    # the control: an untouched trail is whole, so that an alarm means something
    return Tried("forgeries of the trail", len(practices), 1, int(before == 0)), noticed


def _has_alarm(scene: Scene, practice: PracticeId, rule: str) -> bool:
    with psycopg.connect(scene.url()) as connection:
        query = "select count(*) from alarm where practice_id = %s and rule = %s"
        return connection.execute(query, [practice, rule]).fetchone() != (0,)


def _swap(scene: Scene, people: People, practice: PracticeId) -> tuple[Tried, Tried, list[Noticed]]:
    """First only a session of one's own, then the practice's public key and data key besides."""
    keys = scene.keys(practice)
    tell_pair(practice, KeyPair(keys.private_key.public, keys.private))
    with wearing(Role.DESK), acting_for(practice):
        member = Membership.objects.filter(practice=practice).order_by("member").values_list("member", flat=True)[0]
    with wearing(Role.DESK):
        own = begin(practice, member, keys, passkey=None)
    seen_by_member = _seen_with(scene, people, own)
    thief = generate_key_pair()
    forged = PracticeKeys(practice, thief.private, Keyring({1: (key := new_data_key(1))}, current=1))
    with wearing(Role.DESK):
        cookie = begin(practice, member, forged, passkey=None)  # as the row that a thief writes
    inserted = _seen_with(scene, people, cookie)
    with psycopg.connect(scene.url()) as connection:
        connection.execute("update practice set public_key = %s where id = %s", [thief.public, practice])
        sealed = seal_data_key(thief.public, key, practice)
        connection.execute("update sealed_data_key set sealed = %s where practice_id = %s", [sealed, practice])
    begun = time.monotonic()
    swapped = _seen_with(scene, people, cookie)
    with wearing(Role.WORKER):
        watch_pairs()  # the worker does each minute
    minute = time.monotonic() - begun
    _seen_with(scene, people, own)
    found = (
        [Noticed("key-swapped (watcher, each minute)", minute)] if _has_alarm(scene, practice, "key-swapped") else []
    )
    if not _is_open(scene, practice):
        found.append(Noticed("online booking closed", time.monotonic() - begun))
    control = int(len(seen_by_member) > 0)
    return (
        Tried("sessions written into the database", len(PAGES), 1, control, Opened(len(inserted))),
        Tried("public and data key swapped, then looked as a member", len(PAGES), 1, control, Opened(len(swapped))),
        found,
    )


def _seen_with(scene: Scene, people: People, cookie: str) -> set[bytes]:
    """Whose number or address the desk's pages show with this cookie."""
    desk, seen = Browser(scene.address, scene.authority, {cookie_name(): cookie}), set[bytes]()
    for path in PAGES[:2]:
        seen |= people.seen_in(desk.get(path).text.encode(), names=True)
    for letters in ("an", "mü", "sch"):
        seen |= people.seen_in(desk.post(PAGES[3], {"q": letters}).text.encode(), names=True)
    desk.close()
    return seen


def _is_open(scene: Scene, practice: PracticeId) -> bool:
    with psycopg.connect(scene.url()) as connection:
        query = "select key_doubted_at is null from practice where id = %s"
        return connection.execute(query, [practice]).fetchone() == (True,)


def _link(scene: Scene, people: People, practice: PracticeId) -> Tried:
    """Put the hash of a secret of one's own on an appointment, and open its page: the time, without the person."""
    secret = new_link_secret()
    with psycopg.connect(scene.url()) as connection:
        connection.execute(ONE_LINK, {"hash": link_hash(secret, MANAGE), "p": practice})
    slug = next(plan.slug for plan in scene.plans if plan.practice == practice)
    visitor = Browser(scene.address, scene.authority)
    page = visitor.get(f"/praxis/{slug}/mein-termin/{link_to_text(secret)}/")
    visitor.close()
    seen = people.seen_in(page.text.encode(), names=True)
    return Tried("links of appointments replaced by own ones", 1, 1, int(page.status == 200), Opened(len(seen)))
