"""The encrypted day sheet: downloaded from the desk, opened from the disk without any network, and it tells nobody."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from sprechzeit.booking.at_desk import book_at_desk
from sprechzeit.database.roles import Role
from sprechzeit.database.tenancy import wearing
from sprechzeit.staff.sheet import confirm_sheet, make_sheet, words_asked
from sprechzeit.vault import MalformedRecoveryKey, Secret, from_words, new_recovery_secret, to_words
from tests.booking.day_sheets import PASSPHRASE, made_file, names, opened, with_passphrase
from tests.factories import Made, in_days, make_bookable, make_person, make_practice, make_session, type_id
from tests.journeys.conftest import OpenPage
from tests.journeys.test_accessibility import complaints

OPENER = Path(__file__).parents[2] / "src" / "sprechzeit" / "booking" / "day_sheet_opener"


def a_days_work(**fields: Any) -> Made:
    made, visit_type = make_bookable(hours=(9, 12), days=2, birth_date_purpose="Verwechslung", **fields)
    people = [("Ada", "Anders", 1, 9), ("Bruno", "Öztürk-Šimić", 1, 10), ("Cleo", "<b>Fett</b>", 2, 9)]
    with wearing(Role.DESK):
        for first, last, day, hour in people:
            person = make_person(first_name=first, last_name=last, phone="+493023125259")
            book_at_desk(made.keys, made.actor, type_id(visit_type), in_days(day, hour), person)
    return made


def logged_in(page: Page, site: str, made: Made) -> None:
    cookie = {"name": "desk", "value": make_session(made), "url": site}
    page.context.add_cookies([cookie])
    page.goto(f"{site}/desk/tagesblatt/")


def from_disk(page: Page, path: Path) -> list[str]:
    """Open the file without a network; gives the list of all that is asked for, which is the file and nothing else."""
    asked: list[str] = []
    page.context.set_offline(True)
    page.on("request", lambda request: asked.append(request.url))
    page.goto(path.as_uri())
    return asked


def written(folder: Path, file: bytes) -> Path:
    path = folder / "blatt.html"
    path.write_bytes(file)
    return path


def type_passphrase(page: Page, typed: str) -> None:
    page.get_by_label("Passphrase der Tagesblätter").fill(typed)
    page.get_by_role("button", name="Öffnen").click()


def type_words(page: Page, typed: str) -> None:
    page.get_by_label("Notfallschlüssel (Wörter)").check()
    page.get_by_label("Die 17 Wörter").fill(typed)
    page.get_by_role("button", name="Öffnen").click()


def shown_names(page: Page) -> list[str]:
    return page.locator("td.patient strong").all_inner_texts()


def test_it_is_downloaded_at_the_desk_and_opened_from_the_disk_without_a_network(
    site: str, open_page: OpenPage, tmp_path: Path, shots: Path
) -> None:
    made = with_passphrase(a_days_work())
    page = open_page()
    logged_in(page, site, made)
    with page.expect_download() as download:
        page.get_by_role("button", name="Jetzt herunterladen").click()
    assert re.fullmatch(r"Tagesblatt_\d{4}-\d\d-\d\d_\d\d-\d\d\.html", download.value.suggested_filename)
    path = tmp_path / download.value.suggested_filename
    download.value.save_as(path)
    page = open_page()

    asked = from_disk(page, path)
    expect(page.get_by_role("heading", name=made.practice.name)).to_be_visible()
    type_passphrase(page, PASSPHRASE + " nicht")
    expect(page.get_by_role("alert")).to_have_text("Diese Passphrase passt nicht.")
    assert "Anders" not in page.content()
    type_passphrase(page, PASSPHRASE)

    expect(page.locator("table").first).to_be_visible()
    assert shown_names(page) == ["Anders, Ada", "Öztürk-Šimić, Bruno", "<b>Fett</b>, Cleo"]
    assert shown_names(page) == names(opened(path.read_bytes()))
    expect(page.locator("td.call").first).to_have_text("+49 30 23125259")
    page.emulate_media(media="print")
    expect(page.get_by_role("button", name="Drucken")).to_be_hidden()
    page.screenshot(path=shots / "day-sheet-print.png", full_page=True)
    assert asked == [path.as_uri()]


def test_the_words_of_the_recovery_sheet_open_it(open_page: OpenPage, tmp_path: Path) -> None:
    made = a_days_work()
    with wearing(Role.DESK):
        printed, other = make_sheet(made.keys, made.actor), to_words(new_recovery_secret())
        asked_for = [printed.words[place - 1] for place in words_asked(printed.id)]
        confirm_sheet(made.id, made.actor, printed.id, asked_for)
    page = open_page()
    path = written(tmp_path, made_file(made))
    asked = from_disk(page, path)
    swapped = [printed.words[1], printed.words[0], *printed.words[2:]]

    for typed, says in (
        ("babab", "17 Wörter mit je 5 Buchstaben"),
        (" ".join(["xxxxx", *printed.words[1:]]), "Ein Buchstabe kann so"),
        (" ".join(swapped), "Ein Wort ist falsch oder steht an falscher Stelle"),
        (" ".join(other), "gehört nicht zu diesem Tagesblatt"),
    ):
        type_words(page, typed)
        expect(page.get_by_role("alert")).to_contain_text(says)
    assert "Anders" not in page.content()
    type_words(page, "-".join(printed.words).upper() + "\n")

    expect(page.locator("td.patient strong")).to_have_count(3)
    assert asked == [path.as_uri()]


def test_it_forgets_what_was_opened(open_page: OpenPage, tmp_path: Path) -> None:
    page = open_page()
    page.clock.install()
    from_disk(page, written(tmp_path, made_file(with_passphrase(a_days_work()))))

    type_passphrase(page, PASSPHRASE)
    expect(page.locator("table").first).to_be_visible()
    page.get_by_role("button", name="Schließen").click()
    assert "Anders" not in page.content()
    expect(page.get_by_label("Passphrase der Tagesblätter")).to_have_value("")

    type_passphrase(page, PASSPHRASE)
    expect(page.locator("table").first).to_be_visible()
    page.clock.fast_forward("29:00")
    assert "Anders" in page.content()
    page.clock.fast_forward("01:01")
    expect(page.get_by_text("Geschlossen. Zum Ansehen bitte neu öffnen.")).to_be_visible()
    assert "Anders" not in page.content()


def test_a_changed_file_says_that_it_is_damaged(open_page: OpenPage, tmp_path: Path) -> None:
    file = made_file(with_passphrase(a_days_work())).decode()
    found = re.search(r'"content": "(.{40})', file)
    assert found is not None
    changed = file.replace(found[1], found[1][:30] + ("AAAA" if found[1][30:34] != "AAAA" else "BBBB") + found[1][34:])
    page = open_page()
    from_disk(page, written(tmp_path, changed.encode()))

    type_passphrase(page, PASSPHRASE)

    expect(page.get_by_role("alert")).to_contain_text("beschädigt oder wurde verändert")
    assert "Anders" not in page.content()


def test_line_ends_that_a_mail_program_changed_do_not_matter(open_page: OpenPage, tmp_path: Path) -> None:
    page = open_page()
    file = made_file(with_passphrase(a_days_work()))
    from_disk(page, written(tmp_path, file.replace(b"\n", b"\r\n")))

    type_passphrase(page, PASSPHRASE)

    expect(page.locator("td.patient strong")).to_have_count(3)


def test_it_speaks_english_too(open_page: OpenPage, tmp_path: Path) -> None:
    page = open_page()
    from_disk(page, written(tmp_path, made_file(with_passphrase(a_days_work()))))
    type_passphrase(page, PASSPHRASE)
    expect(page.locator("td.visit span").first).to_have_text("Sprechstunde")

    page.get_by_role("button", name="English").click()

    expect(page.locator("td.visit span").first).to_have_text("Consultation")
    expect(page.get_by_role("button", name="Print")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_is_accessible_closed_refused_and_opened(open_page: OpenPage, tmp_path: Path, scheme: str) -> None:
    page = open_page(color_scheme=scheme)
    from_disk(page, written(tmp_path, made_file(with_passphrase(a_days_work()))))

    for typed in ("", "falsch", PASSPHRASE):
        if typed:
            type_passphrase(page, typed)
            expect(page.get_by_role("button", name="Wird geöffnet")).to_have_count(0)
        assert complaints(page) == []
    expect(page.locator("table").first).to_be_visible()


def test_without_web_cryptography_it_says_so(open_page: OpenPage, tmp_path: Path) -> None:
    page = open_page()
    page.add_init_script("Object.defineProperty(Crypto.prototype, 'subtle', { get: () => undefined });")
    from_disk(page, written(tmp_path, made_file(with_passphrase(make_practice()))))

    expect(page.get_by_role("alert")).to_contain_text("Dieser Browser kann hier nicht entschlüsseln")
    expect(page.get_by_role("button", name="Öffnen")).to_be_disabled()


def read_in_browser(page: Page, typed: list[str]) -> list[bytes | None]:
    """What the opener's script makes of each text; None where it refuses."""
    script = "\n".join((OPENER / name).read_text(encoding="utf-8") for name in ("words.js", "key.js"))
    each = "async (one) => { try { return [...await fromWords(one)]; } catch { return null; } }"
    page.goto("file:///dev/null")
    read = page.evaluate(f"(async () => {{ {script}\nreturn Promise.all({json.dumps(typed)}.map({each})); }})()")
    return [None if one is None else bytes(one) for one in read]


@pytest.mark.parametrize("joint", [" ", "", "-", ", ", "\n", "\u00a0", "\u2013"])
def test_its_script_reads_the_words_as_the_vault_does(open_page: OpenPage, joint: str) -> None:
    typed = [joint.join(to_words(new_recovery_secret())) for _ in range(20)]

    assert read_in_browser(open_page(), typed) == [from_words(one).reveal() for one in typed]


def test_it_refuses_what_the_vault_refuses(open_page: OpenPage) -> None:
    words = to_words(Secret(bytes(range(32))))
    typed = ["", "babab", " ".join(words[:-1]), " ".join([*words, words[0]]), " ".join(reversed(words)), "ü" * 85]
    typed += [" ".join([*words[:place], "zuzuz", *words[place + 1 :]]) for place in range(17)]

    assert read_in_browser(open_page(), typed) == [None] * len(typed)
    for one in typed:
        with pytest.raises(MalformedRecoveryKey):
            from_words(one)


def test_an_open_desk_makes_it_by_itself_and_a_machine_that_was_told_so_keeps_it(
    site: str, open_page: OpenPage, tmp_path: Path
) -> None:
    made = with_passphrase(a_days_work())
    page = open_page()
    logged_in(page, site, made)
    with page.expect_download() as download:
        page.get_by_label("Auf diesem Rechner ablegen").check()
    download.value.save_as(tmp_path / "blatt.html")
    assert len(names(opened((tmp_path / "blatt.html").read_bytes()))) == 3

    downloads: list[str] = []
    page.on("download", lambda one: downloads.append(one.suggested_filename))
    with page.expect_response("**/tagesblatt/stand/"):
        page.goto(f"{site}/desk/sicherheit/")
    page.wait_for_timeout(500)
    assert downloads == []
    kept = page.evaluate("JSON.stringify(localStorage)")
    assert "Anders" not in kept
    sheets = [f"sprechzeit-day-sheet:here:{made.id}", f"sprechzeit-day-sheet:last:{made.id}"]
    assert sorted(json.loads(kept)) == [*sheets, f"sprechzeit-key:{made.id}"]


def test_the_page_of_the_day_sheet_passes_without_a_script(site: str, open_page: OpenPage, tmp_path: Path) -> None:
    page = open_page(java_script_enabled=False)
    logged_in(page, site, with_passphrase(a_days_work()))

    with page.expect_download() as download:
        page.get_by_role("button", name="Jetzt herunterladen").click()

    download.value.save_as(tmp_path / "blatt.html")
    assert len(names(opened((tmp_path / "blatt.html").read_bytes()))) == 3
    expect(page.get_by_label("Auf diesem Rechner ablegen")).to_be_hidden()
