"""Provokes errors of many kinds, none of which changes anything on a sound server, and searches the answers."""

from __future__ import annotations

import re
from dataclasses import dataclass

from sprechzeit.probe.client import AGENT, Answer, Client
from sprechzeit.probe.findings import Found
from sprechzeit.probe.kinds import KINDS
from sprechzeit.probe.leaks import search_leaks
from sprechzeit.probe.pages import FOREIGN

PASSWD = re.compile(rb"root:[^:\n]*:0:0:")
MARK = "probe-echo-5d1f"
DEEP = "../" * 9
PLACES = ("/", "/desk/", "/api/v1/practices", "/suche/")


@dataclass(frozen=True)
class Odd:
    """One odd request: its name, its first line, further headers, a body. Bytes, because text would be made correct."""

    name: str
    method: bytes = b"GET"
    path: bytes = b"/"
    host: bytes = b""
    headers: tuple[bytes, ...] = ()
    body: bytes = b""


def odd_requests() -> list[Odd]:
    """All of them."""
    json, form = b"Content-Type: application/json", b"Content-Type: application/x-www-form-urlencoded"
    found = [
        Odd("an unknown method", method=b"BREW"),
        Odd("TRACE", method=b"TRACE", headers=(b"X-Probe: " + MARK.encode(),)),
        Odd("PROPFIND", method=b"PROPFIND", headers=(b"Depth: 1",)),
        Odd("a foreign Host", host=FOREIGN.encode()),
        Odd("a malformed Host", host=b"a b/<c>"),
        Odd("a foreign X-Forwarded-Host", headers=(b"X-Forwarded-Host: " + FOREIGN.encode(),)),
        Odd("a foreign Forwarded", headers=(b"Forwarded: host=" + FOREIGN.encode() + b";proto=https",)),
        Odd("a huge header", headers=(b"X-Probe: " + b"a" * 20_000,)),
        Odd("many headers", headers=tuple(b"X-Probe-%d: a" % number for number in range(150))),
        Odd("an oversized query", path=b"/?q=" + b"a" * 9_000),
        Odd("many parameters", path=b"/?" + b"&".join(b"p%d=1" % number for number in range(1_200))),
        Odd("a malformed cookie", headers=(b'Cookie: =;;;"\xff\xfe; session="; a\\=b; __Host-desk=1.%00.%ff',)),
        Odd("an unknown Accept", headers=(b"Accept: application/x-nothing;q=2.7",)),
        Odd("an unknown language", headers=(b"Accept-Language: \xff\xff-xx;q=nan, ../../etc",)),
        Odd("a malformed Range", headers=(b"Range: bytes=9-1,-,a-b",)),
        Odd("an impossible date", headers=(b"If-Modified-Since: Thu, 99 Foo 20999 99:99:99 GMT",)),
        Odd("a malformed Authorization", headers=(b"Authorization: Bearer \xff\x01..",)),
        Odd("an overlong encoding", path=b"/%c0%ae%c0%ae/%c0%ae%c0%ae/etc/passwd"),
        Odd("an unknown encoding", method=b"POST", headers=(form, b"Content-Encoding: nonsense"), body=b"a=b"),
        Odd("an unknown charset", method=b"POST", headers=(b"Content-Type: text/plain; charset=nonsense",), body=b"a"),
        Odd("no multipart boundary", method=b"POST", headers=(b"Content-Type: multipart/form-data",), body=b"--x"),
        Odd("a traversal", path=f"/{DEEP}etc/passwd".encode()),
        Odd("a traversal in escapes", path=b"/" + b"%2e%2e%2f" * 9 + b"etc%2fpasswd"),
        Odd("a traversal in double escapes", path=b"/" + b"%252e%252e%252f" * 9 + b"etc%252fpasswd"),
        Odd("a traversal behind static", path=f"/static/{DEEP}etc/passwd".encode()),
        Odd("a traversal past an alias", path=b"/static../" + b"../" * 9 + b"etc/passwd"),
        Odd("a traversal as a parameter", path=b"/download?file=" + DEEP.encode() + b"etc/passwd"),
        Odd("a traversal as a page", path=b"/?page=" + DEEP.encode() + b"etc/passwd&file=/etc/passwd&path=/etc/passwd"),
        Odd("a scheme as a parameter", path=b"/?url=file:///etc/passwd&u=gopher://127.0.0.1:1/"),
        Odd("an expression of a template", path=b"/?name=${7*7}{{7*7}}<%25=7*7%25>"),
    ]  # fmt: skip  # lines grouped by hand
    for place in (one.encode() for one in PLACES):
        found += [
            Odd("broken escapes", path=place + b"%zz%f%"),
            Odd("broken UTF-8", path=place + b"?q=%ff%fe%80&datum=%ff"),
            Odd("a null byte", path=place + b"%00.html?q=%00&slug=%00"),
            Odd("a quote", path=place + b"?id=1%27%22%29--&q=%27&page=%27&ort=%27&datum=%27"),
            Odd("numbers that are none", path=place + b"?id=99999999999999999999999&page=-1&limit=NaN&tag=0000-99-99"),
            Odd("lists for values", path=place + b"?id[]=1&id[a][b]=2&q=1&q=2"),
            Odd("broken JSON", method=b"POST", path=place, headers=(json,), body=b'{"a": [1, {"b":'),
            Odd("deep JSON", method=b"POST", path=place, headers=(json,), body=b"[" * 3_000),
            Odd("a wrong content type", method=b"POST", path=place, headers=(json,), body=b"a=b&c=d"),
            Odd("a form that is none", method=b"POST", path=place, headers=(form,), body=b"%zz&=&&\x00\xff=\xfe"),
        ]
    return found


def look_by_provoking(client: Client, found: Found) -> None:
    """Send them all."""

    def look(odd: Odd) -> None:
        answer = client.send(_bytes(client, odd), path=odd.path.decode("latin-1"), method=odd.method.decode())
        if answer is not None:
            _judge(odd, answer, found)

    client.each(odd_requests(), look)


def _bytes(client: Client, odd: Odd) -> bytes:
    lines = [
        odd.method + b" " + odd.path + b" HTTP/1.1",
        b"Host: " + (odd.host or client.target.name.encode()),
        b"User-Agent: " + AGENT.encode(),
        b"Connection: close",
        *odd.headers,
    ]
    if odd.body:
        lines.append(b"Content-Length: %d" % len(odd.body))
    return b"\r\n".join(lines) + b"\r\n\r\n" + odd.body


def _judge(odd: Odd, answer: Answer, found: Found) -> None:
    where = f"{odd.name}: {answer.method} {answer.path[:40]}"
    if PASSWD.search(answer.body):
        found.add(KINDS["traversal"], f"/etc/passwd (not quoted here), {answer.told}", where)
    if answer.method == "TRACE" and MARK.encode() in answer.body:
        found.add(KINDS["trace-method"], answer.told, where)
    if "a foreign" in odd.name and (FOREIGN.encode() in answer.body or FOREIGN in answer.header("location")):
        found.add(KINDS["host-repeated"], answer.told, where)
    if answer.status == 500:
        found.add(KINDS["server-error"], answer.told, where)
    search_leaks(answer, found, where)
