"""What an answer must not hold: tracebacks, settings, SQL, places of files, versions, secrets."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from urllib.parse import unquote

from sprechzeit.probe.client import Answer
from sprechzeit.probe.findings import Found
from sprechzeit.probe.kinds import KINDS

EVERYWHERE: Mapping[str, Mapping[str, str]] = {
    "error-traceback": {
        "a Python traceback": r"Traceback \(most recent call last\)|File \"[^\"]+\", line \d+, in ",
        "a Java stack": r"\bat [\w$.]+\([\w$]+\.java:\d+\)",
        "a PHP stack": r"Stack trace:\s*#0|<b>(Fatal error|Warning|Parse error)</b>:|PHP (Fatal|Parse) error",
        "a Ruby stack": r"\.rb:\d+:in [`']",
        "a JavaScript stack": r"\n\s+at .{1,120}\.m?[jt]s:\d+:\d+",
        "a .NET stack": r"Server Error in '/|\bat [\w.]+\(.*\) in .*:line \d+",
        "a Go panic": r"goroutine \d+ \[running\]",
    },
    "error-settings": {
        "Django's debug page": r"You're seeing this error because you have|DJANGO_SETTINGS_MODULE|INSTALLED_APPS",
        "Werkzeug's debugger": r"Werkzeug Debugger|EVALEX\s*=",
        "Symfony's exception page": r"Symfony Exception|sf-toolbar",
        "Laravel's error page": r"Whoops, looks like something went wrong|Illuminate\\\\|facade/ignition|phpdebugbar",
        "Rails' error page": r"Action Controller: Exception caught|Rails\.root:",
        "Spring's error page": r"Whitelabel Error Page",
        "Express' settings": r"\"NODE_ENV\"\s*:",
    },
    "error-sql": {
        "PostgreSQL's words": r"psycopg\d?\.|PG::\w+Error|ERROR:\s+(syntax error|relation|column|invalid input)|"
        r"pg_query\(\)|SQLSTATE\[?\w{5}|org\.postgresql\.",
        "MySQL's words": r"You have an error in your SQL syntax|mysql_fetch|MySQLSyntaxError|pymysql\.",
        "SQLite's words": r"SQLite3::|sqlite3\.OperationalError|near \"[^\"]{1,20}\": syntax error",
        "another database's words": r"ORA-\d{5}|Unclosed quotation mark|ODBC SQL Server Driver|SequelizeDatabaseError",
        "a statement": r"SELECT [\w\",.* ]{1,200} FROM \"?\w+\"? WHERE ",
    },
    "secret-shown": {
        "an address with a password": r"(postgres(ql)?|mysql|mongodb(\+srv)?|rediss?|amqps?|smtps?(\+starttls)?)"
        r"://[^\s:/@\"'<>]{0,64}:[^\s@\"'<>*]{3,}@",
        "a private key": r"-----BEGIN [A-Z ]*PRIVATE KEY-----",
        "an AWS key": r"\bAKIA[0-9A-Z]{16}\b",
        "a Google key": r"\bAIza[0-9A-Za-z_-]{35}\b",
        "a GitHub token": r"\bgh[pousr]_[0-9A-Za-z]{36}\b",
        "a Slack token": r"\bxox[abprs]-[0-9A-Za-z-]{10,}",
        "a Stripe key": r"\b[sr]k_live_[0-9A-Za-z]{16,}",
        "a secret setting": r"\b(SECRET_KEY|DB_PASSWORD|DATABASE_PASSWORD|EMAIL_HOST_PASSWORD|APP_KEY|JWT_SECRET|"
        r"PGPASSWORD|MYSQL_ROOT_PASSWORD)['\"]?\s*(=>|[=:])\s*['\"]?[^\s'\"<*]{6,}",
    },
    "error-path": {
        "a place on the server": r"(?<![\w/.:-])(/(usr|home|srv|var|opt|app|work|root|etc|mnt|data)/[\w./-]{1,120}"
        r"\.(py|php|rb|java|go|conf|ini|sock|jar))\b|\b[A-Z]:\\(inetpub|www|Users|xampp)\\",
    },
}
IN_ERRORS: Mapping[str, Mapping[str, str]] = {
    "error-version": {
        "a program's version": r"\b(nginx|Apache|Apache Tomcat|openresty|lighttpd|Caddy|Microsoft-IIS|Jetty|gunicorn|"
        r"uvicorn|granian|Werkzeug|PHP|Python|Django|Flask|Laravel|Rails|Express|Node\.js|OpenSSL|HAProxy|Varnish)"
        r"(/| v?)\d+\.\d+",
    },
}
_EVERYWHERE, _IN_ERRORS = (
    [(code, name, re.compile(text)) for code, named in each.items() for name, text in named.items()]
    for each in (EVERYWHERE, IN_ERRORS)
)


def search_leaks(answer: Answer, found: Found, where: str = "") -> None:
    """Search what came back. What we sent ourselves may be repeated there, and is taken out before."""
    text = answer.body.decode("utf-8", "replace")
    for own in {answer.path, html.escape(answer.path), unquote(answer.path), html.escape(unquote(answer.path))}:
        if len(own) > 3:
            text = text.replace(own, "")
    text = html.unescape(text)
    patterns = [*_EVERYWHERE, *(_IN_ERRORS if answer.status >= 400 else [])]
    told = set()
    for code, name, pattern in patterns:
        if code not in told and pattern.search(text):
            told.add(code)
            found.add(
                KINDS[code], f"{name} (not quoted here), {answer.told}", where or f"{answer.method} {answer.path}"
            )
