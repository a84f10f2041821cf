"""A small web server that is sound until a fault is planted in it, by name. Real HTTPS, on the loopback."""

from __future__ import annotations

import json
import socket
import ssl
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import ClassVar
from urllib.parse import parse_qs, unquote, urlsplit

from tests.probe.certificates import Authority

HTML, TEXT = "text/html; charset=utf-8", "text/plain"
HOME = '<!doctype html><title>Termine</title><a href="/seite/">Seite</a><link rel="stylesheet" href="/static/a.css">'
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; frame-ancestors 'none'; "
    "base-uri 'none'",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=()",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
    "Strict-Transport-Security": "max-age=63072000; includeSubDomains",
}
SECRET = "Unverwechselbar-4711"

# fault -> (the code that must be found, path, type, body): what lies on the server
FILES: dict[str, tuple[str, str, str, bytes]] = {
    "symfony": ("symfony-profiler", "/_profiler/latest", HTML, b"<title>Symfony Profiler</title>"),
    "laravel": ("laravel-debug", "/telescope/requests", HTML, b"<title>Laravel Telescope</title>"),
    "django": ("django-debug", "/silk/requests/", HTML, b"<title>Silky - Requests</title>silk/requests"),
    "rails": ("rails-info", "/rails/info/routes", HTML, b"<h1>Routes</h1>Routes match in priority from top to bottom"),
    "actuator": ("spring-actuator", "/actuator/env", "application/json", b'{"activeProfiles":[],"propertySources":[]}'),
    "heap dump": ("heap-dump", "/actuator/heapdump", "application/octet-stream", b"JAVA PROFILE 1.0.2\0\0"),
    "pprof": ("go-pprof", "/debug/pprof/", HTML, b"Types of profiles available:"),
    "console": ("werkzeug-console", "/console", HTML, b"<h1>Interactive Console</h1>"),
    "phpinfo": ("phpinfo", "/info.php", HTML, b"<title>PHP 8.1.2 - phpinfo()</title>"),
    "adminer": ("database-tool", "/adminer.php", HTML, b"<title>Login - Adminer</title>"),
    "server status": ("server-status", "/server-status", HTML, b"<h1>Apache Server Status for localhost</h1>"),
    "metrics": ("metrics", "/metrics", TEXT, b"# HELP up is it\n# TYPE up gauge\nup 1\n"),
    "environment file": ("dot-env", "/.env", TEXT, f"APP_ENV=prod\nAPI_TOKEN={SECRET}\n".encode()),
    "git": ("version-control", "/.git/HEAD", TEXT, b"ref: refs/heads/main\n"),
    "desktop file": ("dot-file", "/.DS_Store", "application/octet-stream", b"\0\0\0\x01Bud1\0\0"),
    "private key": ("private-key", "/server.key", TEXT, b"-----BEGIN PRIVATE KEY-----\nMIIE\n"),
    "cloud": ("cloud-credentials", "/.aws/credentials", TEXT, f"[default]\naws_secret_access_key = {SECRET}".encode()),
    "dump": ("database-dump", "/data.dump", "application/octet-stream", b"PGDMP\x01\x10\0"),
    "archive": ("archive", "/backup.zip", "application/zip", b"PK\x03\x04...."),
    "editor copy": ("editor-copy", "/settings.py~", TEXT, b"import os\nX = 1\n"),
    "source": ("source-file", "/manage.py", TEXT, b"#!/usr/bin/env python\nimport sys\n"),
    "libraries": ("dependency-list", "/composer.lock", "application/json", b'{"packages": [{"name": "x"}]}'),
    "compose": ("deployment-file", "/docker-compose.yml", TEXT, b"services:\n  db:\n    image: postgres\n"),
    "pipeline": ("ci-file", "/.gitlab-ci.yml", TEXT, b"stages:\n  - test\n"),
    "log": ("log-file", "/logs/error.log", TEXT, b"2026-01-02 03:04:05 ERROR something\n"),
    "explorer": ("api-explorer", "/swagger-ui/", HTML, b'<div id="swagger-ui"></div>'),
    "kibana": ("search-engine", "/_cluster/health", "application/json", b'{"cluster_name":"x"}'),
    "jenkins": ("operations-tool", "/jenkins/", HTML, b"<title>Dashboard [Jenkins]</title>"),
    "jolokia": ("jolokia", "/jolokia/version", "application/json", b'{"value":{"agent":"1.7.1"}}'),
    "listing": ("directory-listing", "/uploads/", HTML, b"<title>Index of /uploads/</title>"),
}
# fault -> (code, header, its value; None takes it away)
HEADER_FAULTS: dict[str, tuple[str, str, str | None]] = {
    "no policy": ("csp-missing", "Content-Security-Policy", None),
    "inline scripts": ("csp-unsafe", "Content-Security-Policy", HEADERS["Content-Security-Policy"].replace(
        "script-src 'self'", "script-src 'self' 'unsafe-inline'")),
    "scripts from anywhere": ("csp-open", "Content-Security-Policy", HEADERS["Content-Security-Policy"].replace(
        "script-src 'self'", "script-src 'self' data:")),
    "frames": ("csp-frame-ancestors", "Content-Security-Policy", HEADERS["Content-Security-Policy"].replace(
        "frame-ancestors 'none'; ", "")),
    "base": ("csp-base-uri", "Content-Security-Policy", HEADERS["Content-Security-Policy"].replace(
        "; base-uri 'none'", "")),
    "plugins": ("csp-object-src", "Content-Security-Policy", HEADERS["Content-Security-Policy"].replace(
        "default-src 'none'", "default-src 'self'")),
    "no opener policy": ("coop-missing", "Cross-Origin-Opener-Policy", None),
    "no resource policy": ("corp-missing", "Cross-Origin-Resource-Policy", None),
    "no permissions policy": ("permissions-policy", "Permissions-Policy", None),
    "referrer": ("referrer-policy", "Referrer-Policy", "unsafe-url"),
    "sniffing": ("nosniff-missing", "X-Content-Type-Options", None),
    "cached secrets": ("secret-page-cached", "Cache-Control", "max-age=600"),
    "short HSTS": ("hsts", "Strict-Transport-Security", "max-age=300; includeSubDomains"),
    "version": ("version-leak", "X-Powered-By", "PHP/8.1.2"),
    "debug header": ("debug-header", "X-Debug-Token-Link", "/_profiler/1"),
    "not secure": ("cookie-not-secure", "Set-Cookie", "csrf=1; Path=/; HttpOnly; SameSite=Lax"),
    "not HttpOnly": ("cookie-not-httponly", "Set-Cookie", "csrf=1; Path=/; Secure; SameSite=Lax"),
    "no SameSite": ("cookie-no-samesite", "Set-Cookie", "csrf=1; Path=/; Secure; HttpOnly"),
    "broken prefix": ("cookie-host-prefix", "Set-Cookie", "__Host-csrf=1; Path=/x; Secure; HttpOnly; SameSite=Lax"),
    "tracking": ("cookie-on-public-page", "Set-Cookie", "visitor=1; Path=/; Secure; HttpOnly; SameSite=Lax"),
}  # fmt: skip  # lines grouped by hand
BEHAVIOUR = {
    "open redirect": "open-redirect",
    "redirect to http": "redirect-to-http",
    "any origin": "cors-any-origin",
    "traversal": "traversal",
    "TRACE": "trace-method",
    "foreign host": "host-repeated",
    "traceback": "error-traceback",
    "settings": "error-settings",
    "SQL": "error-sql",
    "place of a file": "error-path",
    "version in errors": "error-version",
    "secret in errors": "secret-shown",
    "server error": "server-error",
    "200 to anything": "answers-anything",
    "plain http": "http-not-redirected",
    "open port": "open-database",
}
CERTIFICATES = {
    "expired": "cert-expired",
    "expiring": "cert-expiring",
    "another host": "cert-wrong-host",
    "self-signed": "cert-untrusted",
}
TLS_FAULTS = {"old TLS": "tls-old", "weak cipher": "tls-weak-cipher", "static RSA": "tls-no-forward-secrecy"}
CODES: dict[str, str] = {
    **{fault: code for fault, (code, *_) in FILES.items()},
    **{fault: code for fault, (code, *_) in HEADER_FAULTS.items()},
    **BEHAVIOUR,
    **CERTIFICATES,
    **TLS_FAULTS,
}


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1
    faults: ClassVar[frozenset[str]] = frozenset()
    server_version, sys_version = "web", ""
    timeout = 30

    def log_message(self, format: str, *args: object) -> None:
        pass

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """For what is no request at all."""
        self.close_connection = True
        self.request_version = "HTTP/1.1"
        if code == 501 and self.command == "TRACE" and "TRACE" in self.faults:
            self.answer(200, "message/http", str(self.headers).encode())
        else:
            self.answer(code, TEXT, b"no")

    def do_GET(self) -> None:
        faults, parts = self.faults, urlsplit(self.path)
        path, query = unquote(parts.path, errors="replace"), parse_qs(parts.query, errors="replace")
        for fault in faults & FILES.keys():
            _, place, media, body = FILES[fault]
            if parts.path == place:
                return self.answer(200, media, body)
        if "open redirect" in faults and path == "/login" and "next" in query:
            return self.answer(302, TEXT, b"", {"Location": query["next"][0]})
        if "redirect to http" in faults and path == "/login/":
            return self.answer(301, TEXT, b"", {"Location": f"http://{self.headers['Host']}/x"})
        if "traversal" in faults and "etc/passwd" in query.get("file", [""])[0]:
            return self.answer(200, TEXT, b"root:x:0:0:root:/root:/bin/sh\n")
        if "foreign host" in faults and "X-Forwarded-Host" in self.headers:
            return self.answer(200, HTML, f"<a href='//{self.headers['X-Forwarded-Host']}/'>x</a>".encode())
        if "server error" in faults and "\0" in path:
            return self.answer(500, HTML, b"Das hat nicht geklappt")
        if "SQL" in faults and "'" in query.get("id", [""])[0]:
            return self.answer(400, HTML, b"PG::SyntaxError: unterminated quoted string")
        if path == "/static/a.css":
            return self.answer(200, "text/css", b"a{}")
        if path in {"/", "/seite/"}:
            return self.answer(200, HTML, HOME.encode())
        if "version in errors" in faults:
            return self.answer(404, HTML, b"<center>nginx/1.18.0</center>")
        if "200 to anything" in faults:
            return self.answer(200, HTML, HOME.encode())
        return self.answer(404, HTML, b"<title>Gibt es nicht</title>")

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        status, told = 400, "no"
        if "json" in self.headers.get("Content-Type", ""):
            try:
                json.loads(body)
            except (ValueError, RecursionError):
                told = self.about_an_error()
        self.answer(status, HTML, told.encode())

    def about_an_error(self) -> str:
        told = {
            "traceback": "Traceback (most recent call last):\n ValueError",
            "settings": "<h2>You're seeing this error because you have DEBUG = True</h2>",
            "place of a file": "cannot open /srv/termine/app/views.py",
            "secret in errors": f"could not connect to postgresql://app:{SECRET}@db/app",
        }
        return "\n".join(told[fault] for fault in sorted(self.faults & told.keys())) or "no"

    def answer(self, status: int, media: str, body: bytes, more: dict[str, str] | None = None) -> None:
        headers: dict[str, str | None] = {**HEADERS}
        for fault in sorted(self.faults & HEADER_FAULTS.keys()):
            _, name, value = HEADER_FAULTS[fault]
            headers[name] = value
        origin = getattr(self, "headers", {}).get("Origin")
        if origin and "any origin" in self.faults:
            headers |= {"Access-Control-Allow-Origin": origin, "Access-Control-Allow-Credentials": "true"}
        self.send_response(status)
        for name, value in {**headers, **(more or {}), "Content-Type": media, "Content-Length": str(len(body))}.items():
            if value is not None:
                self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)


class Plain(BaseHTTPRequestHandler):
    faults: ClassVar[frozenset[str]] = frozenset()
    port: ClassVar[int] = 0

    def log_message(self, format: str, *args: object) -> None:
        pass

    def do_GET(self) -> None:
        if "plain http" in self.faults:
            self.send_response(200)
        else:
            self.send_response(301)
            self.send_header("Location", f"https://localhost:{self.port}/")
        self.end_headers()


class Server(ThreadingHTTPServer):
    """TLS is shaken by the thread of the connection, so that a slow or refused one holds nobody up."""

    daemon_threads = True
    address_family = socket.AF_INET
    context: ssl.SSLContext | None = None

    def finish_request(self, request: socket.socket, client_address: object) -> None:
        if self.context is not None:
            request.settimeout(20)
            request = self.context.wrap_socket(request, server_side=True)
        with suppress(OSError):
            super().finish_request(request, client_address)
        with suppress(OSError):
            request.close()

    def handle_error(self, request: object, client_address: object) -> None:
        pass  # refused handshakes are what the tests are about


@dataclass
class Broken:
    port: int
    http_port: int
    ports: tuple[int, ...]

    @property
    def address(self) -> str:
        return f"https://localhost:{self.port}"


def server_context(authority: Authority, faults: frozenset[str]) -> ssl.SSLContext:
    certificates = {
        "expired": {"days": -5},
        "expiring": {"days": 5.5},
        "another host": {"host": "praxis.example"},
        "self-signed": {"own": True},
    }
    fault = next(iter(sorted(faults & CERTIFICATES.keys())), "")
    file = authority.certificate(fault or "sound", **certificates.get(fault, {}))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    ciphers = "ECDHE+AESGCM"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        if "old TLS" in faults:
            context.minimum_version = ssl.TLSVersion.TLSv1
            ciphers += ":ECDHE-RSA-AES128-SHA"
        else:
            context.minimum_version = ssl.TLSVersion.TLSv1_2
    if "weak cipher" in faults:
        ciphers += ":ECDHE-RSA-NULL-SHA"
    if "static RSA" in faults:
        ciphers += ":AES128-GCM-SHA256"
    context.set_ciphers(ciphers + ":@SECLEVEL=0")
    return context


@contextmanager
def broken_server(authority: Authority, *planted: str) -> Iterator[Broken]:
    """Run with these faults."""
    faults = frozenset(planted)
    assert faults <= CODES.keys()
    web = Server(("127.0.0.1", 0), type("Faulty", (Handler,), {"faults": faults}))
    web.context = server_context(authority, faults)
    port = web.server_address[1]
    plain = Server(("127.0.0.1", 0), type("FaultyPlain", (Plain,), {"faults": faults, "port": port}))
    servers = [web, plain]
    for server in servers:
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    database = socket.socket()
    database.bind(("127.0.0.1", 0))
    if "open port" in faults:
        database.listen()
    try:
        yield Broken(port, plain.server_address[1], (database.getsockname()[1],))
    finally:
        database.close()
        for server in servers:
            server.shutdown()
            server.server_close()
