from __future__ import annotations

from pathlib import Path
from urllib.parse import quote

import pytest
from structlog.testing import capture_logs

from sprechzeit.environment import EnvironmentRefused, read_environment
from sprechzeit.guard.exposure import look_at_ourselves, tell
from sprechzeit.probe import probe
from tests.audit.mail_server import PASSWORD, USER, Inbox, mail_server, mailing_by, make_certificate
from tests.probe.broken_server import SECRET, broken_server
from tests.probe.certificates import Authority

OPERATOR = "technik@example.org"


@pytest.fixture
def url(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("SSL_CERT_FILE", str(make_certificate(tmp_path)))
    return f"smtp+starttls://{USER}:{quote(PASSWORD, safe='')}@localhost"


def test_findings_are_logged_by_code_and_mailed_to_the_operator_without_the_secret(url: str, tmp_path: Path) -> None:
    authority, inbox = Authority(tmp_path), Inbox()
    with broken_server(authority, "environment file", "git") as server:
        report = probe(server.address, ports=(), http_port=server.http_port, ca_file=authority.file)

    with mail_server(tmp_path / "mail.pem", inbox) as port, mailing_by(f"{url}:{port}"), capture_logs() as logged:
        tell(report, OPERATOR)

    (mail,) = inbox.mails
    assert mail["To"] == OPERATOR
    assert all(f"[{code}]" in mail.get_content() for code in ("dot-env", "version-control"))
    assert [(one["event"], one["code"]) for one in logged] == [("exposed", "dot-env"), ("exposed", "version-control")]
    assert SECRET not in str(logged) + mail.as_string()


def test_nobody_is_mailed_without_an_address_or_without_findings(url: str, tmp_path: Path) -> None:
    authority, inbox = Authority(tmp_path), Inbox()
    with broken_server(authority) as server:
        sound = probe(server.address, ports=(), http_port=server.http_port, ca_file=authority.file)
    with broken_server(authority, "git") as server:
        exposed = probe(server.address, ports=(), http_port=server.http_port, ca_file=authority.file)

    with mail_server(tmp_path / "mail.pem", inbox) as port, mailing_by(f"{url}:{port}"):
        tell(sound, OPERATOR)
        tell(exposed, "")

    assert inbox.mails == []


def test_an_address_of_this_machine_is_left_alone_and_one_that_is_away_is_logged() -> None:
    with capture_logs() as logged:
        look_at_ourselves("http://localhost:8000", OPERATOR)
        look_at_ourselves("https://probe-nowhere.invalid", OPERATOR)

    assert [one.get("code") for one in logged] == ["unreachable"]


def test_an_operators_address_that_is_none_is_refused() -> None:
    with pytest.raises(EnvironmentRefused) as refused:
        read_environment({"OPERATOR_EMAIL": "technik"}, Path("/srv"))

    assert str(refused.value).startswith("OPERATOR_EMAIL")
