from __future__ import annotations

import pytest

from sprechzeit.web.desk.door import cookie_name
from tests.factories import make_session
from tests.journeys.conftest import DESKTOP, PHONE, OpenPage
from tests.journeys.test_accessibility import complaints
from tests.messages.mailbox import mail_server_set
from tests.recall.due import due, invite_all, links


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_the_list_and_the_link_are_accessible(
    site: str, open_page: OpenPage, size: dict[str, int], scheme: str
) -> None:
    with mail_server_set():
        made, _, _ = due()
        invite_all(made)
        link = links(made)[0]
    page = open_page(size, color_scheme=scheme)

    page.goto(site + link)
    found = complaints(page)
    page.context.add_cookies([{"name": cookie_name(), "value": make_session(made), "url": site}])
    page.goto(f"{site}/desk/kontrollen/")

    assert page.get_by_role("heading", name="Kontrollen").is_visible()
    assert found + complaints(page) == []
