"""One look at a deployment, in its order: TLS, pages, redirects, known paths, provoked errors, ports."""

from __future__ import annotations

import time
from collections.abc import Collection
from pathlib import Path
from urllib.parse import urljoin, urlsplit

from sprechzeit.probe.client import MOST_REQUESTS, Answer, Client
from sprechzeit.probe.findings import Found, Report
from sprechzeit.probe.kinds import KINDS
from sprechzeit.probe.known_paths import look_at_known_paths
from sprechzeit.probe.pages import look_at_pages, look_at_redirects
from sprechzeit.probe.ports import PORTS, look_at_ports
from sprechzeit.probe.provoke import look_by_provoking
from sprechzeit.probe.target import CannotLook, read_target
from sprechzeit.probe.tls import look_at_plain_http, look_at_tls

SECONDS = 300.0
TOLERABLE = 0.02  # of the correct requests may stay without an answer


def probe(
    address: str,
    *,
    seconds: float = SECONDS,
    most: int = MOST_REQUESTS,
    ports: Collection[int] | None = None,
    http_port: int | None = None,
    ca_file: Path | None = None,
) -> Report:
    """Look at this address.

    Parameters
    ----------
    address
        ``https://host`` or ``https://host:port``; plain http is itself a finding unless the host is this machine.
    seconds
        For everything together.
    most
        Requests, for everything together.
    ports
        Which further ports to try; the usual ones by default, none on this machine, whose loopback nobody reaches.
    http_port
        Where plain http is expected to lead to https; 80 by default beside 443.
    ca_file
        Authorities (PEM) that may have signed the certificate, besides those of the system.

    Raises
    ------
    CannotLook
        The address is malformed or nothing answers there.
    """
    begun = time.monotonic()
    target, found = read_target(address, ca_file), Found()
    client = Client(target, seconds, most)
    try:
        if target.is_tls:
            client.context = look_at_tls(target, found)
            if (plain := http_port or (80 if target.port == 443 else None)) is not None:
                look_at_plain_http(target, plain, found)
            else:
                found.note("not checked: redirect from http to https (the port is not 443; name it with --http-port)")
        elif not target.is_loopback:
            found.add(KINDS["no-tls"], "http://", target.url)
        home = _home(client)
        look_at_pages(client, found, home)
        look_at_redirects(client, found)
        look_at_known_paths(client, found)
        look_by_provoking(client, found)
        if ports is None and target.is_loopback:
            found.note("not checked: ports (the host is this machine; --ports tries them all the same)")
        else:
            wanted = set(PORTS if ports is None else ports) - {target.port}
            look_at_ports(target.host, wanted, found, lambda: client.left > 0)
    finally:
        client.close()
    return _report(client, found, time.monotonic() - begun)


def _home(client: Client) -> Answer:
    """The first page; a few redirects on the same host are followed.

    Raises
    ------
    CannotLook
    """
    path = "/"
    for left in (3, 2, 1, 0):
        answer = client.ask(path)
        if answer is None:
            break
        leads = urlsplit(urljoin(f"{client.target.url}{path}", answer.header("location")))
        if not 300 <= answer.status < 400 or f"{leads.scheme}://{leads.netloc}" != client.target.url or not left:
            return answer
        path = leads.path or "/"
    raise CannotLook(f"{client.target.url} does not answer")


def _report(client: Client, found: Found, seconds: float) -> Report:
    complete = True
    if client.is_exhausted or client.left <= 0:
        complete = False
        found.note("not everything was looked at: time or the number of requests ran out (--timeout)")
    if client.unanswered > max(3, client.asked * TOLERABLE):
        complete = False
        found.note(f"not everything was looked at: {client.unanswered} requests stayed without an answer")
    return Report(
        client.target.url,
        found.findings(),
        tuple(found.notes),
        client.asked,
        client.unanswered,
        round(seconds, 1),
        complete,
    )
