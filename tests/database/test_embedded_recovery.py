from __future__ import annotations

import os
import signal
import subprocess
import threading
from contextlib import suppress

import psycopg

from sprechzeit.database.embedded import EmbeddedServer
from sprechzeit.database.embedded.processes import lives, postmaster, wait_until


def kill_hard(server: EmbeddedServer) -> int:
    pid = postmaster(server.place)
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    assert wait_until(lambda: not lives(pid), 10)
    return pid


def test_after_kill_9_of_the_postmaster_the_committed_rows_are_there(own_server: EmbeddedServer) -> None:
    own_server.start()
    with psycopg.connect(own_server.url("postgres", "postgres"), autocommit=True) as connection:
        connection.execute("create table booked as select n from generate_series(1, 1000) as n")
    kill_hard(own_server)
    assert not own_server.is_running()

    own_server.start()

    with psycopg.connect(own_server.url("postgres", "postgres")) as connection:
        assert connection.execute("select count(*) from booked").fetchone() == (1000,)


def test_orphans_that_still_work_do_not_stop_the_next_start(own_server: EmbeddedServer) -> None:
    own_server.start()
    busy = psycopg.connect(own_server.url("postgres", "postgres"), autocommit=True)

    def work() -> None:
        with suppress(psycopg.Error):
            busy.execute("select count(*) from generate_series(1, 3000000000)")

    worker = threading.Thread(target=work)
    worker.start()
    kill_hard(own_server)

    own_server.start()

    assert own_server.is_running()
    worker.join(20)
    assert not worker.is_alive()
    busy.close()


def test_a_stale_pid_file_that_names_a_living_stranger_is_no_obstacle(own_server: EmbeddedServer) -> None:
    own_server.start()
    dead = kill_hard(own_server)
    stranger = subprocess.Popen(["/bin/sleep", "60"], **own_server.place.run_as_server())
    try:
        pid_file = own_server.place.data / "postmaster.pid"
        pid_file.write_text(pid_file.read_text().replace(str(dead), str(stranger.pid), 1))

        own_server.start()

        assert own_server.is_running()
        assert stranger.poll() is None
    finally:
        stranger.kill()
        stranger.wait()


def test_a_start_after_somebody_deleted_the_socket_makes_it_reachable_again(
    own_server: EmbeddedServer,
) -> None:
    own_server.start()
    (own_server.socket_dir / ".s.PGSQL.5432").unlink()

    own_server.start()

    with psycopg.connect(own_server.url("postgres", "postgres")) as connection:
        assert connection.execute("select 1").fetchone() == (1,)


def test_a_broken_off_creation_is_begun_anew(own_server: EmbeddedServer) -> None:
    unfinished = own_server.place.home / "data.unfinished"
    unfinished.mkdir(parents=True)
    (unfinished / "PG_VERSION").write_text("18\n")

    own_server.start()

    assert own_server.is_running()
    assert not unfinished.exists()
