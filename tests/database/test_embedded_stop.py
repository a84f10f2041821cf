from __future__ import annotations

import psycopg
import pytest

from sprechzeit.database.embedded import EmbeddedServer
from sprechzeit.database.embedded.processes import cluster_processes, lives


def test_stop_leaves_no_process_though_sessions_are_open(own_server: EmbeddedServer) -> None:
    own_server.start()
    with psycopg.connect(own_server.url("postgres", "postgres")) as connection:
        connection.execute("select 1")
        before = cluster_processes(own_server.place)

        own_server.stop()

        assert len(before) > 4
        assert cluster_processes(own_server.place) == []
        assert not any(lives(pid) for pid in before)
        assert not own_server.is_running()
        with pytest.raises(psycopg.OperationalError):
            connection.execute("select 1")


def test_stop_of_what_does_not_run_or_never_did_is_no_error(own_server: EmbeddedServer) -> None:
    own_server.stop()
    assert not own_server.place.home.exists()
    own_server.start()
    own_server.stop()

    own_server.stop()

    assert not own_server.is_running()


def test_another_process_object_can_stop_it(own_server: EmbeddedServer) -> None:
    own_server.start()

    EmbeddedServer(own_server.place.folder).stop()

    assert not own_server.is_running()


def test_erase_leaves_nothing(own_server: EmbeddedServer) -> None:
    own_server.start()

    own_server.erase()

    assert not own_server.place.folder.exists()
    assert not own_server.place.home.exists()


def test_erase_keeps_what_is_not_its_own(own_server: EmbeddedServer) -> None:
    own_server.start()
    foreign = own_server.place.home / "holiday.jpg"
    foreign.touch()

    own_server.erase()

    assert list(own_server.place.home.iterdir()) == [foreign]
