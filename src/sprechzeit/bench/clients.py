"""Several clients at once, each a process of its own, that book by the API or replay bare statements."""

from __future__ import annotations

import json
import multiprocessing
import time
from collections.abc import Callable, Sequence
from http.client import HTTPConnection
from multiprocessing.connection import Connection
from multiprocessing.synchronize import Barrier
from typing import Any

import psycopg
from psycopg.pq import ExecStatus

from sprechzeit.bench.errors import BenchError
from sprechzeit.bench.timing import Timing, timing_of

PATIENCE = 120.0  # seconds for all clients to be ready
FINE = {ExecStatus.COMMAND_OK, ExecStatus.TUPLES_OK}

Booking = dict[str, Any]
Book = Callable[[Booking], None]


def by_api(port: str) -> Book:
    """Books with two requests over one connection that stays open."""
    connection = HTTPConnection("127.0.0.1", int(port), timeout=60)

    def post(path: str, body: dict[str, Any]) -> Any:
        connection.request("POST", path, json.dumps(body).encode(), {"Content-Type": "application/json"})
        answer = connection.getresponse()
        content = answer.read()
        if answer.status != 201:
            raise BenchError(f"the API answered {answer.status}")
        return json.loads(content)

    def book(booking: Booking) -> None:
        held = post(f"{booking['path']}/holds", booking["hold"])
        post(f"{booking['path']}/appointments", {**booking["person"], "hold": held["hold"]})

    return book


def bare(url: str) -> Book:
    """Sends the statements one by one through libpq, as pgbench does: hardly any Python between them."""
    connection = psycopg.connect(url, autocommit=True)
    send = connection.pgconn.exec_

    def book(booking: Booking) -> None:
        for statement in booking["statements"]:
            result = send(statement)
            if result.status not in FINE:
                raise BenchError(f"a bare statement failed: {result.status}")

    return book


def at_once(make: Callable[[str], Book], target: str, bookings: Sequence[Booking], clients: int) -> Timing:
    """All bookings, dealt out to so many clients that start together.

    Raises
    ------
    BenchError
        A booking failed or a client did not start.
    """
    context = multiprocessing.get_context("spawn")
    barrier = context.Barrier(clients)
    pipes: list[Connection] = []
    for number in range(clients):
        ours, theirs = context.Pipe()
        share = list(bookings[number::clients])
        context.Process(target=_client, args=(make, target, share, barrier, theirs), daemon=True).start()
        theirs.close()
        pipes.append(ours)
    answers = [_answer(pipe) for pipe in pipes]
    latencies = [latency for _begun, _ended, mine in answers for latency in mine]
    return timing_of(latencies, max(answer[1] for answer in answers) - min(answer[0] for answer in answers))


def _client(make: Callable[[str], Book], target: str, share: list[Booking], barrier: Barrier, pipe: Connection) -> None:
    try:
        book = make(target)
        for booking in share:
            booking["statements"] = [statement.encode() for statement in booking.get("statements", ())]
        barrier.wait(PATIENCE)
        latencies: list[float] = []
        begun = time.perf_counter()
        for booking in share:
            before = time.perf_counter()
            book(booking)
            latencies.append(time.perf_counter() - before)
        pipe.send((begun, time.perf_counter(), latencies))
    except Exception as error:
        barrier.abort()
        pipe.send(f"{type(error).__name__}: {error}" if isinstance(error, BenchError) else type(error).__name__)
        raise


def _answer(pipe: Connection) -> tuple[float, float, list[float]]:
    try:
        answer = pipe.recv()
    except EOFError:
        raise BenchError("a client of the benchmark died") from None
    if isinstance(answer, str):
        raise BenchError(answer)
    begun, ended, latencies = answer
    return begun, ended, latencies
