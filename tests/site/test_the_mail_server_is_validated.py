from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from sprechzeit.environment import EnvironmentRefused, Smtp, read_environment

BASE = Path("/srv/sprechzeit")
PRODUCTION = {
    "SPRECHZEIT_ENV": "production",
    "SECRET_KEY": "s" * 50,
    "PUBLIC_URL": "https://termine.example.org",
    "DATABASE_URL": "postgresql:///sprechzeit",
}
FROM = "termine@example.org"


def smtp_of(url: str, **values: str) -> Smtp | None:
    return read_environment({"SMTP_URL": url, "MAIL_FROM": FROM, **values}, BASE).smtp


def reasons(**values: str) -> list[str]:
    try:
        read_environment(values, BASE)
    except EnvironmentRefused as refused:
        return str(refused).splitlines()
    return []


@pytest.mark.parametrize(
    ("url", "smtp"),
    [
        ("smtp+starttls://u:p@mail.example.org", Smtp("mail.example.org", 587, "u", "p", "starttls")),
        ("smtp+starttls://u:p@mail.example.org:25", Smtp("mail.example.org", 25, "u", "p", "starttls")),
        ("smtps://u%40x:p%3A%2F@mail.example.org/", Smtp("mail.example.org", 465, "u@x", "p:/", "tls")),
        ("smtp://localhost:1025", Smtp("localhost", 1025, "", "", "none")),
    ],
)
def test_the_address_names_server_user_and_security(url: str, smtp: Smtp) -> None:
    assert smtp_of(url) == smtp


def test_the_password_is_never_shown() -> None:
    assert "geheim" not in repr(smtp_of("smtps://u:geheim@mail.example.org"))


def test_without_a_server_nothing_is_mailed() -> None:
    environment = read_environment(PRODUCTION, BASE)

    assert (environment.smtp, environment.mail_from) == (None, "")


@pytest.mark.parametrize(
    "url",
    [
        "smtp://u:geheim@mail.example.org",
        "imap://u:geheim@mail.example.org",
        "mail.example.org",
        "smtps://u:geheim@mail.example.org:port",
        "smtps://u:geheim@mail.example.org:99999",
        "smtps://",
        "smtps://u:geheim@mail.example.org/inbox",
        "smtps://u:geheim@mail.example.org?tls=no",
    ],
)
def test_what_is_malformed_or_not_encrypted_is_refused_without_quoting_it(url: str) -> None:
    (reason,) = reasons(SMTP_URL=url, MAIL_FROM=FROM)

    assert reason.startswith("SMTP_URL ")
    assert "geheim" not in reason


def test_production_sends_nothing_without_encryption_not_even_on_this_machine() -> None:
    (reason,) = reasons(**PRODUCTION, SMTP_URL="smtp://localhost", MAIL_FROM=FROM)

    assert "smtp+starttls://" in reason


@pytest.mark.parametrize("sender", ["", "termine", "Praxis <a@example.org>", "a@example.org\nBcc: b@example.org"])
def test_the_sender_is_one_bare_address(sender: str) -> None:
    (reason,) = reasons(SMTP_URL="smtps://mail.example.org", MAIL_FROM=sender)

    assert reason.startswith("MAIL_FROM ")


def test_django_gets_these_settings() -> None:
    told = "from django.conf import settings as s; print(s.EMAIL_HOST, s.EMAIL_PORT, s.EMAIL_HOST_USER, "
    told += "s.EMAIL_HOST_PASSWORD, s.EMAIL_USE_TLS, s.EMAIL_USE_SSL, s.EMAIL_BACKEND.split('.')[-2], "
    told += "s.DEFAULT_FROM_EMAIL)"
    environment = {**os.environ, "SMTP_URL": "smtp+starttls://u:p@mail.example.org", "MAIL_FROM": FROM}

    done = subprocess.run([sys.executable, "-c", told], env=environment, capture_output=True, text=True)

    assert done.stdout.split() == ["mail.example.org", "587", "u", "p", "True", "False", "smtp", FROM], done.stderr
