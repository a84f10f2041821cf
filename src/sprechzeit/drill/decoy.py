"""A server that leaves open what leaked: the control of the crawl. Loopback only, and nothing real on it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

# path -> (the code by which it must be found, type, body)
LEFT_OPEN = {
    "/_profiler/latest": ("symfony-profiler", "text/html", "<title>Symfony Profiler</title>"),
    "/telescope/requests": ("laravel-debug", "text/html", "<title>Laravel Telescope</title>"),
    "/silk/requests/": ("django-debug", "text/html", "<title>Silky - Requests</title>silk/requests"),
    "/actuator/env": ("spring-actuator", "application/json", '{"activeProfiles":[],"propertySources":[]}'),
    "/console": ("werkzeug-console", "text/html", "<h1>Interactive Console</h1>"),
    "/.env": ("dot-env", "text/plain", "APP_ENV=prod\nAPI_TOKEN=Decoy-4711\n"),
    "/.git/HEAD": ("version-control", "text/plain", "ref: refs/heads/main\n"),
    "/metrics": ("metrics", "text/plain", "# HELP up is it\n# TYPE up gauge\nup 1\n"),
    "/data.dump": ("database-dump", "application/octet-stream", "PGDMP\x01\x10"),
    "/adminer.php": ("database-tool", "text/html", "<title>Login - Adminer</title>"),
}
CODES = frozenset(code for code, _type, _body in LEFT_OPEN.values())


class _Decoy(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        _code, kind, body = LEFT_OPEN.get(self.path, ("", "text/html", ""))
        status = 200 if body or self.path == "/" else 404
        content = (body or "<!doctype html><title>Termine</title>").encode()
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(content)

    do_HEAD = do_POST = do_PUT = do_DELETE = do_OPTIONS = do_GET

    def log_message(self, format: str, *args: object) -> None:
        """Silent."""


@contextmanager
def decoy() -> Iterator[str]:
    """Run it and tell its address."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Decoy)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
