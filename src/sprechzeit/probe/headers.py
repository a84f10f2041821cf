"""The headers of pages and files, the cookies, and versions that a header tells."""

from __future__ import annotations

import re
from collections.abc import Callable

from sprechzeit.probe.client import Answer
from sprechzeit.probe.findings import Found
from sprechzeit.probe.kinds import KINDS

YEAR = 365 * 24 * 3600
GOOD_REFERRER = {"no-referrer", "same-origin", "strict-origin", "strict-origin-when-cross-origin"}
ANYWHERE = {"*", "http:", "https:", "data:", "blob:", "ws:", "wss:", "http://*", "https://*"}
SAME_ORIGIN = {"same-origin", "same-site", "cross-origin"}
TELLING = (
    "server",
    "x-powered-by",
    "x-aspnet-version",
    "x-aspnetmvc-version",
    "x-generator",
    "via",
    "x-runtime-version",
)
DEBUGGING = (
    "x-debug-token",
    "x-debug-token-link",
    "x-debugbar-id",
    "x-clockwork-id",
    "x-drupal-cache-contexts",
    "x-magento-cache-debug",
    "x-sql-queries",
    "server-timing-sql",
    "x-debug",
)
VERSION = re.compile(r"\d+\.\d+|\bPHP/\d|\bPython/\d")
FORGERY_TOKEN = re.compile(r"csrf|xsrf|antiforgery", re.IGNORECASE)
SECRET_SEGMENT = re.compile(r"/(?=[^/]*[A-Z0-9])[A-Za-z0-9_-]{20,}(/|$)")
Tell = Callable[[str, str], None]


def look_at_headers(answer: Answer, found: Found, *, is_tls: bool) -> None:
    """One answer of any kind. Only pages need a policy of contents and an opener policy."""

    def tell(code: str, seen: str) -> None:
        found.add(KINDS[code], seen, answer.path)

    if is_tls:
        _hsts(answer, tell)
    if answer.is_page:
        _policy(_directives(answer.header("content-security-policy")), tell)
        if answer.header("cross-origin-opener-policy").partition(";")[0] not in {
            "same-origin",
            "noopener-allow-popups",
        }:
            tell("coop-missing", answer.header("cross-origin-opener-policy") or "no header")
        if not answer.header("permissions-policy"):
            tell("permissions-policy", "no header")
        policies = [one.strip().lower() for one in answer.header("referrer-policy").split(",")]
        if policies[-1] not in GOOD_REFERRER:  # browsers take the last that they know
            tell("referrer-policy", policies[-1] or "no header")
    if answer.header("cross-origin-resource-policy") not in SAME_ORIGIN:
        tell("corp-missing", "no header")
    if answer.header("x-content-type-options").lower() != "nosniff":
        tell("nosniff-missing", "no header")
    if SECRET_SEGMENT.search(answer.path) and "no-store" not in answer.header("cache-control").lower():
        tell("secret-page-cached", f"Cache-Control: {answer.header('cache-control') or 'none'}")
    for name in TELLING:
        if VERSION.search(answer.header(name)):
            tell("version-leak", f"{name}: {answer.header(name)[:60]}")
    for name in DEBUGGING:
        if answer.header(name):
            tell("debug-header", name)


def _hsts(answer: Answer, tell: Tell) -> None:
    given = answer.header("strict-transport-security").lower()
    age = re.search(r"max-age=\"?(\d+)", given)
    if age is None or int(age[1]) < YEAR or "includesubdomains" not in given:
        tell("hsts", given or "no header")


def _directives(policy: str) -> dict[str, list[str]]:
    """CSP level 3, section 2.2.1: of a repeated directive the first counts."""
    found: dict[str, list[str]] = {}
    for part in policy.split(";"):
        name, *values = part.split() or [""]
        if name:
            found.setdefault(name.lower(), [value.lower() for value in values])
    return found


def _policy(policy: dict[str, list[str]], tell: Tell) -> None:
    if not policy:
        tell("csp-missing", "no header")
        return
    fallback = policy.get("default-src", ["*"])
    scripts, styles = policy.get("script-src", fallback), policy.get("style-src", fallback)
    if unsafe := {"'unsafe-inline'", "'unsafe-eval'"} & {*scripts, *styles}:
        tell("csp-unsafe", " ".join(sorted(unsafe)))
    if wide := ANYWHERE & {*scripts, *policy.get("connect-src", [])}:
        tell("csp-open", " ".join(sorted(wide)))
    if "frame-ancestors" not in policy or ANYWHERE & set(policy["frame-ancestors"]):
        tell("csp-frame-ancestors", " ".join(policy.get("frame-ancestors", ["no directive"])))
    if policy.get("object-src", fallback) != ["'none'"]:
        tell("csp-object-src", "no directive")
    if "base-uri" not in policy:
        tell("csp-base-uri", "no directive")


def look_at_cookies(answer: Answer, found: Found, *, is_tls: bool) -> None:
    """Each cookie that is set. Its value is never told."""
    for line in answer.all("set-cookie"):
        first, *rest = [part.strip() for part in line.split(";")]
        name = first.partition("=")[0]
        has = {part.partition("=")[0].lower(): part.partition("=")[2] for part in rest}
        wrong = {
            "cookie-not-secure": is_tls and "secure" not in has,
            "cookie-not-httponly": "httponly" not in has,
            "cookie-no-samesite": has.get("samesite", "").lower() not in {"lax", "strict"},
            "cookie-host-prefix": name.startswith("__Host-")
            and ("secure" not in has or "domain" in has or has.get("path") != "/"),
            "cookie-on-public-page": not FORGERY_TOKEN.search(name),
        }
        for code in (code for code, is_wrong in wrong.items() if is_wrong):
            found.add(KINDS[code], f"{name}=…", answer.path)


def look_at_origin(answer: Answer, origin: str, found: Found) -> None:
    """Whether the answer lets this foreign origin read with cookies (Fetch standard, CORS protocol)."""
    allowed = answer.header("access-control-allow-origin")
    if allowed == origin and answer.header("access-control-allow-credentials").lower() == "true":
        found.add(KINDS["cors-any-origin"], f"Origin: {origin} is repeated", answer.path)
