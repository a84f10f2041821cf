"""One fault at a time in a server that is sound otherwise: exactly its finding, and nothing else."""

from __future__ import annotations

import pytest

from sprechzeit.probe import Report, probe
from sprechzeit.probe import ports as listed
from sprechzeit.probe.known_paths import groups
from tests.probe.broken_server import CERTIFICATES, CODES, HEADER_FAULTS, SECRET, Broken, broken_server
from tests.probe.certificates import Authority

# Of faults that exclude each other the run with all takes one.
NOT_TOGETHER = {*CERTIFICATES, *HEADER_FAULTS, "200 to anything"} - {"expired", "no policy", "tracking", "referrer",
    "no opener policy", "no resource policy", "no permissions policy", "sniffing", "short HSTS", "version",
    "debug header"}  # fmt: skip  # lines grouped by hand


def look(server: Broken, authority: Authority, monkeypatch: pytest.MonkeyPatch) -> Report:
    (port,) = server.ports
    monkeypatch.setitem(listed.PORTS, port, ("open-database", "PostgreSQL"))  # 5432 itself may be taken here
    return probe(server.address, ports=server.ports, http_port=server.http_port, ca_file=authority.file, seconds=120)


def codes(report: Report) -> list[str]:
    return [one.code for one in report.findings]


def test_a_sound_server_has_no_finding(authority: Authority, monkeypatch: pytest.MonkeyPatch) -> None:
    with broken_server(authority) as server:
        report = look(server, authority, monkeypatch)

    assert report.findings == ()
    assert report.complete
    assert report.requests > 700


def test_at_least_three_hundred_addresses_are_known_and_none_twice() -> None:
    paths = [path for group in groups() for path in group.paths]

    assert len(paths) == len(set(paths)) >= 300


def test_forty_faults_and_more_are_planted() -> None:
    assert len(CODES) >= 40
    assert len(set(CODES.values())) >= 40


@pytest.mark.parametrize("fault", CODES)
def test_a_fault_gives_its_finding_alone(fault: str, authority: Authority, monkeypatch: pytest.MonkeyPatch) -> None:
    with broken_server(authority, fault) as server:
        report = look(server, authority, monkeypatch)

    assert codes(report) == [CODES[fault]]
    (found,) = report.findings
    assert found.mend
    assert found.where
    assert SECRET not in str(report)


def test_all_at_once_are_all_found(authority: Authority, monkeypatch: pytest.MonkeyPatch) -> None:
    together = [fault for fault in CODES if fault not in NOT_TOGETHER]
    with broken_server(authority, *together) as server:
        report = look(server, authority, monkeypatch)

    assert {CODES[fault] for fault in together} - set(codes(report)) == set()
    assert len(together) >= 40
    assert SECRET not in str(report)


def test_a_look_that_was_cut_short_says_so_and_does_not_count_as_fine(authority: Authority) -> None:
    with broken_server(authority) as server:
        report = probe(server.address, ports=(), http_port=server.http_port, ca_file=authority.file, most=40)

    assert report.requests == 40
    assert not report.complete
    assert any("not everything was looked at" in note for note in report.notes)
