from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from sprechzeit.environment import DEVELOPMENT_SECRET, EnvironmentRefused, read_environment

GOOD = {
    "SPRECHZEIT_ENV": "production",
    "SECRET_KEY": "s" * 50,
    "PUBLIC_URL": "https://termine.example.org",
    "DATABASE_URL": "postgresql://app:geheim@db.example.org/sprechzeit?sslmode=verify-full",
}
BASE = Path("/srv/sprechzeit")


def reasons(**values: str) -> list[str]:
    """Why production does not start with these values over good ones; an empty value is left out."""
    given = {name: value for name, value in {**GOOD, **values}.items() if value}
    try:
        read_environment(given, BASE)
    except EnvironmentRefused as refused:
        return str(refused).splitlines()
    return []


def test_production_starts_with_what_it_needs() -> None:
    environment = read_environment(GOOD, BASE)

    assert environment.production
    assert environment.secure_cookies
    assert environment.hosts == ("termine.example.org",)
    assert (environment.demo, environment.debug) == (False, False)


def test_development_needs_nothing() -> None:
    environment = read_environment({}, BASE)

    assert not environment.production
    assert environment.public_url == "http://localhost:8000"
    assert environment.data_folder == BASE / ".data"
    assert not environment.secure_cookies
    assert "localhost" in environment.hosts


@pytest.mark.parametrize(
    ("values", "named"),
    [
        ({"SPRECHZEIT_ENV": "staging"}, "SPRECHZEIT_ENV"),
        ({"DEBUG": "1"}, "DEBUG"),
        ({"DEBUG": "true"}, "DEBUG"),
        ({"DEBUG": "maybe"}, "DEBUG"),
        ({"SPRECHZEIT_DEMO": "1"}, "SPRECHZEIT_DEMO"),
        ({"SPRECHZEIT_DEMO": "YES"}, "SPRECHZEIT_DEMO"),
        ({"SPRECHZEIT_DEMO_CLOCK": "2026-03-10T10:20"}, "SPRECHZEIT_DEMO_CLOCK"),
        ({"SPRECHZEIT_DEMO_CLOCK": "heute"}, "SPRECHZEIT_DEMO_CLOCK"),
        ({"SECRET_KEY": ""}, "SECRET_KEY"),
        ({"SECRET_KEY": "s" * 49}, "SECRET_KEY"),
        ({"SECRET_KEY": DEVELOPMENT_SECRET}, "SECRET_KEY"),
        ({"PUBLIC_URL": ""}, "PUBLIC_URL"),
        ({"PUBLIC_URL": "http://termine.example.org"}, "PUBLIC_URL"),
        ({"PUBLIC_URL": "https://"}, "PUBLIC_URL"),
        ({"PUBLIC_URL": "https://termine.example.org/praxis"}, "PUBLIC_URL"),
        ({"PUBLIC_URL": "https://termine.example.org?x"}, "PUBLIC_URL"),
        ({"PUBLIC_URL": "https://user@termine.example.org"}, "PUBLIC_URL"),
        ({"PUBLIC_URL": "https://termine.example.org:port"}, "PUBLIC_URL"),
        ({"PUBLIC_URL": "https://[::1"}, "PUBLIC_URL"),
        ({"DATABASE_URL": ""}, "DATABASE_URL"),
        ({"DATABASE_URL": "mysql://db.example.org/x"}, "DATABASE_URL"),
        ({"DATABASE_POOL": "0"}, "DATABASE_POOL"),
        ({"DATABASE_POOL": "201"}, "DATABASE_POOL"),
        ({"DATABASE_POOL": "-1"}, "DATABASE_POOL"),
        ({"DATABASE_POOL": "²"}, "DATABASE_POOL"),
        ({"DATABASE_POOL": "viele"}, "DATABASE_POOL"),
    ],
)
def test_production_refuses_and_names_what_to_change(values: dict[str, str], named: str) -> None:
    told = reasons(**values)

    assert told
    assert all(line.startswith(named) for line in told)


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://db.example.org/x",
        "postgresql://db.example.org/x?sslmode=require",
        "postgresql://db.example.org/x?sslmode=prefer",
        "postgresql://db.example.org/x?sslmode=verify-full&sslmode=disable",
        "postgresql://10.0.0.5/x",
        "postgresql:///x?host=db.example.org",
        "postgresql:///x?host=/run/postgresql,db.example.org",
        "postgresql://localhost/x?hostaddr=203.0.113.5",
        "postgresql:///x?hostaddr=203.0.113.5",
        "postgresql://[2001:db8::1]/x",
    ],
)
@pytest.mark.parametrize("name", ["DATABASE_URL", "DATABASE_URL_DESK", "DATABASE_URL_WORKER"])
def test_a_database_over_the_network_must_prove_who_it_is(name: str, url: str) -> None:
    assert reasons(**{name: url}) == [f"{name} reaches a database over the network: add ?sslmode=verify-full"]


@pytest.mark.parametrize("url", ["postgresql://[::1/x", "postgresql://db:port/x", "postgresql://a:b[c]@db/x"])
def test_a_malformed_address_is_refused_without_repeating_it(url: str) -> None:
    told = reasons(DATABASE_URL=url)

    assert told == ["DATABASE_URL is malformed"]


@pytest.mark.parametrize(
    "url",
    [
        "postgresql:///x?host=/run/postgresql",
        "postgresql://localhost/x",
        "postgresql://127.0.0.1:5433/x",
        "postgresql://[::1]/x",
        "postgres://db.example.org/x?sslmode=verify-ca",
    ],
)
def test_a_database_on_this_machine_or_with_proof_is_fine(url: str) -> None:
    assert reasons(DATABASE_URL=url) == []


def test_all_reasons_are_told_at_once() -> None:
    told = reasons(DEBUG="1", SECRET_KEY="kurz", PUBLIC_URL="http://x", DATABASE_URL="mysql://x", DATABASE_POOL="0")

    assert [line.split(" ")[0] for line in told] == [
        "DEBUG", "SECRET_KEY", "PUBLIC_URL", "DATABASE_URL", "DATABASE_POOL"
    ]  # fmt: skip  # lines grouped by hand


def test_no_reason_repeats_a_secret() -> None:
    told = reasons(SECRET_KEY="kurz-und-geheim", DATABASE_URL="postgresql://app:geheim@db.example.org/x")

    assert len(told) == 2
    assert "geheim" not in "".join(told)


def test_a_command_tells_the_reasons_in_one_line_each_and_does_not_start() -> None:
    ours = {name: value for name, value in os.environ.items() if not name.startswith("SPRECHZEIT_")}
    environment = {**ours, **GOOD, "SPRECHZEIT_DEMO": "1", "DATABASE_URL": "postgresql://app:geheim@[::1/x"}

    done = subprocess.run(
        [sys.executable, "-m", "sprechzeit", "serve"], env=environment, capture_output=True, text=True, timeout=60
    )

    lines = done.stderr.splitlines()
    assert done.returncode == 2
    assert [line.split(" ")[1] for line in lines] == ["SPRECHZEIT_DEMO", "DATABASE_URL"]
    assert "geheim" not in done.stderr
    assert done.stdout == ""


def test_the_host_is_named_as_its_imprint_needs_it() -> None:
    values = {"SPRECHZEIT_HOST_ADDRESS": "Deichweg 1 | 20095 Hamburg", "SPRECHZEIT_HOST_CONTACT": "info@example.org"}

    environment = read_environment({**GOOD, **values}, BASE)

    assert environment.host_address == ("Deichweg 1", "20095 Hamburg")
    assert environment.host_contact == "info@example.org"
    assert reasons(SPRECHZEIT_HOST_CONTACT="Deichweg 1") == [
        "SPRECHZEIT_HOST_CONTACT must be an e-mail address, like info@beispiel.de"
    ]
