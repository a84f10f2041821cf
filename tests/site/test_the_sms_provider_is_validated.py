from __future__ import annotations

from pathlib import Path

import pytest

from sprechzeit.environment import EnvironmentRefused, Sms, read_environment

BASE = Path("/srv/sprechzeit")
SECRET = "geheimer-schluessel"
GENERIC = {"SMS_URL": "https://sms.example.org/v1/send", "SMS_SECRET": SECRET, "SMS_FROM": "Praxis"}
SEVEN = {"SMS_PROVIDER": "seven", "SMS_SECRET": SECRET, "SMS_FROM": "+4930123456"}


def sms_of(**values: str) -> Sms | None:
    return read_environment(values, BASE).sms


def reasons(**values: str) -> list[str]:
    try:
        read_environment(values, BASE)
    except EnvironmentRefused as refused:
        return str(refused).splitlines()
    return []


def test_any_provider_is_named_by_its_address_and_what_it_calls_the_fields() -> None:
    assert sms_of(**GENERIC) == Sms("generic", "https://sms.example.org/v1/send", "Praxis", SECRET)
    assert sms_of(**GENERIC, SMS_FIELDS="to=recipient, text=message") == Sms(
        "generic", "https://sms.example.org/v1/send", "Praxis", SECRET, "recipient", "from", "message"
    )


def test_sevens_address_is_known() -> None:
    assert sms_of(**SEVEN) == Sms("seven", "https://gateway.seven.io/api/sms", "+4930123456", SECRET)


def test_without_any_of_it_there_are_no_sms() -> None:
    assert sms_of() is None


def test_the_key_is_never_shown() -> None:
    assert SECRET not in repr(sms_of(**GENERIC)) + repr(read_environment(GENERIC, BASE))


@pytest.mark.parametrize(
    "url",
    [
        "http://sms.example.org/",
        "http://localhost:8080/",
        "ftp://sms.example.org",
        "sms.example.org",
        "https://",
        "https://u:geheimer-schluessel@sms.example.org",
        "https://sms.example.org/?key=geheimer-schluessel",
        "https://sms.example.org:port/",
        "https://sms.example.org:99999/",
        "",
    ],
)
def test_an_address_without_encryption_or_with_a_secret_is_refused_without_quoting_it(url: str) -> None:
    (reason,) = reasons(**{**GENERIC, "SMS_URL": url})

    assert reason.startswith("SMS_URL ")
    assert SECRET not in reason


@pytest.mark.parametrize(
    ("values", "name"),
    [
        ({"SMS_SECRET": ""}, "SMS_SECRET"),
        ({"SMS_SECRET": "a\r\nX-Evil: b"}, "SMS_SECRET"),
        ({"SMS_FROM": ""}, "SMS_FROM"),
        ({"SMS_FROM": "Praxis am Lindenplatz"}, "SMS_FROM"),
        ({"SMS_FROM": "Prä"}, "SMS_FROM"),
        ({"SMS_PROVIDER": "carrier-pigeon"}, "SMS_PROVIDER"),
        ({"SMS_FIELDS": "to"}, "SMS_FIELDS"),
        ({"SMS_FIELDS": "an=to"}, "SMS_FIELDS"),
        ({"SMS_FIELDS": "to=a b"}, "SMS_FIELDS"),
    ],
)
def test_whatever_is_missing_or_malformed_is_told(values: dict[str, str], name: str) -> None:
    (reason,) = reasons(**{**GENERIC, **values})

    assert reason.startswith(f"{name} ")
