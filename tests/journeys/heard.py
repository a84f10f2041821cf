"""A page as a screen reader has it: the browser's accessibility tree, and nothing of what is seen."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from playwright.sync_api import Page

CONTROLS = {
    "button", "checkbox", "combobox", "link", "listbox", "menuitem", "radio", "searchbox", "spinbutton", "switch",
    "tab", "textbox", "DisclosureTriangle", "Iframe",
}  # fmt: skip  # lines grouped by hand


@dataclass(frozen=True)
class Heard:
    """One node: its role, its name, what is said of it beside, and its properties (level, invalid, focused ...)."""

    role: str
    name: str
    description: str
    properties: dict[str, Any]


def heard(page: Page) -> list[Heard]:
    """All nodes that are not ignored, in the order in which they are read."""
    session = page.context.new_cdp_session(page)
    session.send("Accessibility.enable")
    nodes = session.send("Accessibility.getFullAXTree")["nodes"]
    session.detach()
    return [
        Heard(
            role=str(one.get("role", {}).get("value", "")),
            name=str(one.get("name", {}).get("value", "")).strip(),
            description=str(one.get("description", {}).get("value", "")).strip(),
            properties={it["name"]: it.get("value", {}).get("value") for it in one.get("properties", [])},
        )
        for one in nodes
        if not one.get("ignored")
    ]


def assert_well_ordered(page: Page) -> list[Heard]:
    """One main, one first heading, no level left out on the way down, every control named, a title, a language."""
    nodes = heard(page)
    levels = [int(one.properties["level"]) for one in nodes if one.role == "heading"]
    nameless = [one for one in nodes if one.role in CONTROLS and not one.name]

    assert [one.role for one in nodes].count("main") == 1, page.url
    assert levels.count(1) == 1, (page.url, levels)
    assert levels[0] == 1, (page.url, levels)
    assert all(after <= before + 1 for before, after in pairwise(levels)), (page.url, levels)
    assert nameless == [], page.url
    assert page.title()
    assert page.locator("html").get_attribute("lang")
    return nodes


def the_one(nodes: list[Heard], role: str, name: str) -> Heard:
    """The only node of this role whose name begins like this."""
    (found,) = [one for one in nodes if one.role == role and one.name.startswith(name)]
    return found
