"""A real server, a real browser. Without Debian's Chromium these tests are left out, in CI they fail."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, sync_playwright

from tests.conftest import FOLDER

# Playwright's synchronous interface keeps an event loop in this thread; nothing of Django runs in it.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

PHONE = {"width": 390, "height": 844}
DESKTOP = {"width": 1280, "height": 860}
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking", "--disable-sync"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    missing = shutil.which("chromium") is None
    for item in items:
        if "tests/journeys" in item.path.as_posix():
            item.add_marker(pytest.mark.browser)
            if missing and os.environ.get("CI") != "true":
                item.add_marker(pytest.mark.skip(reason="there is no chromium here (install the package chromium)"))


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(url: str, process: subprocess.Popen[bytes], seconds: float = 60) -> None:
    """Until the server answers anything at all."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        assert process.poll() is None, "the server ended by itself"
        try:
            urllib.request.urlopen(url, timeout=5).close()  # noqa: S310 - our own address
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise AssertionError("the server does not answer")


@pytest.fixture(scope="session")
def site(database: None) -> Iterator[str]:
    """The product's own web server on the tests' database; gives its address."""
    port = free_port()
    address = f"http://localhost:{port}"
    environment = {**os.environ, "SPRECHZEIT_DATA": str(FOLDER), "PUBLIC_URL": address}
    with (FOLDER / "journeys.log").open("ab") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "sprechzeit", "serve", "--port", str(port), "--workers", "1"],
            env=environment,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    wait_for(address, process)
    yield address
    process.send_signal(signal.SIGTERM)
    process.wait(20)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        yield chromium
        chromium.close()


OpenPage = Callable[..., Page]


@pytest.fixture
def open_page(browser: Browser) -> Iterator[OpenPage]:
    """Open a page in a fresh browser profile; what its console complains of fails the test.

    ``size`` is PHONE or DESKTOP, ``errors_allowed`` are parts of console messages that belong to the test.
    """
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def listen(message: ConsoleMessage, allowed: tuple[str, ...]) -> None:
        if message.type in {"error", "warning"} and not any(part in message.text for part in allowed):
            complaints.append(message.text)

    def open_it(
        size: dict[str, int] = DESKTOP, *, errors_allowed: tuple[str, ...] = ("status of 4",), **options: Any
    ) -> Page:
        context = browser.new_context(viewport=size, locale="de-DE", **options)
        context.set_default_timeout(15_000)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: listen(message, errors_allowed))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        return page

    yield open_it
    for context in contexts:
        context.close()
    assert complaints == []


def add_authenticator(page: Page, *, prf: bool = True) -> str:
    """Give the page a virtual authenticator whose user always agrees (WebAuthn level 3, section 11); tell its id."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable", {"enableUI": False})
    options = {
        "protocol": "ctap2",
        "ctap2Version": "ctap2_1",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
        "hasPrf": prf,
    }
    answer = session.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    page.virtual_authenticator = session
    return str(answer["authenticatorId"])


@pytest.fixture
def shots(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """Where screenshots go: ``--screenshots FOLDER``, otherwise a temporary folder."""
    folder = Path(request.config.getoption("--screenshots") or tmp_path)
    folder.mkdir(parents=True, exist_ok=True)
    return folder
