from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.audit.mail_server import make_certificate
from tests.messages.post_box import PostBox, running
from tests.messages.posted import mailing_to, settle_others


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_certificate(tmp_path_factory.mktemp("certificate"))


@pytest.fixture
def box(database: None, certificate: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[PostBox]:
    """A mail server that is there, and the settings that lead to it; nothing else is due."""
    settle_others()
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    with running(certificate) as box, mailing_to(box.port):
        yield box
