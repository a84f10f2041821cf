"""Every kind of finding that is not a known path (these are in ``paths.json``), with how to mend it."""

from __future__ import annotations

from sprechzeit.probe.findings import Kind, Severity

FATAL, SERIOUS, NOTICE = Severity.FATAL, Severity.SERIOUS, Severity.NOTICE

_ALL = (
    Kind(
        "answers-anything",
        NOTICE,
        "The server answers 200 to any address, so only signatures tell what is really there",
        "Answer 404 to what does not exist.",
    ),
    # TLS
    Kind(
        "no-tls",
        FATAL,
        "The address is plain http: whoever is on the way reads everything",
        "Put a reverse proxy with a certificate before it and use https:// only.",
    ),
    Kind("cert-expired", FATAL, "The certificate has expired, or is not valid yet", "Renew it, and renew by a timer."),
    Kind("cert-expiring", SERIOUS, "The certificate expires within 14 days", "Renew it, and see why no timer did."),
    Kind("cert-wrong-host", FATAL, "The certificate is for another host", "Have one made for this name."),
    Kind(
        "cert-untrusted",
        FATAL,
        "The certificate is signed by nobody whom browsers trust, or the chain is incomplete",
        "Use a certificate of a public authority and serve the intermediate certificates with it.",
    ),
    Kind(
        "tls-old",
        SERIOUS,
        "TLS 1.0 or 1.1 is accepted (RFC 8996 forbids both)",
        "nginx: ssl_protocols TLSv1.2 TLSv1.3.",
    ),
    Kind(
        "tls-weak-cipher",
        SERIOUS,
        "A broken cipher is accepted",
        "Take Mozilla's “intermediate” list of ciphers, and never NULL, anonymous, EXPORT, DES, 3DES, RC4 or MD5.",
    ),
    Kind(
        "tls-no-forward-secrecy",
        NOTICE,
        "Key exchange by RSA is accepted: a key stolen later opens what was recorded today",
        "Accept ECDHE only (RFC 9325, section 4.1).",
    ),
    Kind(
        "http-not-redirected",
        SERIOUS,
        "Plain http answers with something else than a redirect to https",
        "Let port 80 answer 301 to https:// for every address, or close it.",
    ),
    Kind(
        "hsts",
        SERIOUS,
        "Strict-Transport-Security is missing, shorter than a year, or without subdomains",
        "Send Strict-Transport-Security: max-age=63072000; includeSubDomains.",
    ),
    # headers
    Kind(
        "csp-missing",
        SERIOUS,
        "A page has no Content-Security-Policy",
        "Send one that begins with default-src 'none' and allows what is needed.",
    ),
    Kind(
        "csp-unsafe",
        SERIOUS,
        "The Content-Security-Policy allows inline code or eval",
        "Move scripts and styles into files; take 'unsafe-inline' and 'unsafe-eval' out.",
    ),
    Kind(
        "csp-open",
        SERIOUS,
        "The Content-Security-Policy lets scripts come from anywhere",
        "Name the origins of scripts; no *, no bare scheme, no data:.",
    ),
    Kind(
        "csp-frame-ancestors",
        SERIOUS,
        "Any site may show the page in a frame (clickjacking)",
        "Add frame-ancestors 'none', or the sites that may.",
    ),
    Kind("csp-object-src", NOTICE, "Plugins are not forbidden", "Add object-src 'none', or default-src 'none'."),
    Kind("csp-base-uri", NOTICE, "An injected <base> may move every link", "Add base-uri 'none'."),
    Kind(
        "coop-missing",
        NOTICE,
        "Cross-Origin-Opener-Policy is missing: an opened window can reach back",
        "Send Cross-Origin-Opener-Policy: same-origin.",
    ),
    Kind(
        "corp-missing",
        NOTICE,
        "Cross-Origin-Resource-Policy is missing: other sites can load what is ours",
        "Send Cross-Origin-Resource-Policy: same-origin.",
    ),
    Kind(
        "nosniff-missing",
        SERIOUS,
        "Browsers may guess the type of a file",
        "Send X-Content-Type-Options: nosniff with everything.",
    ),
    Kind(
        "referrer-policy",
        SERIOUS,
        "Other sites are told the full address of the page that led to them",
        "Send Referrer-Policy: same-origin.",
    ),
    Kind(
        "permissions-policy",
        NOTICE,
        "Permissions-Policy is missing: camera, microphone and place can be asked for",
        "Send a Permissions-Policy that switches off what is not used.",
    ),
    Kind(
        "secret-page-cached",
        SERIOUS,
        "A page whose address holds a secret may be kept by caches",
        "Send Cache-Control: no-store with it.",
    ),
    Kind(
        "version-leak",
        NOTICE,
        "A header tells which program in which version answers",
        "nginx: server_tokens off; PHP: expose_php = Off; remove X-Powered-By.",
    ),
    Kind(
        "debug-header",
        SERIOUS,
        "A header of a debugger or profiler is sent",
        "Switch the debugger off and take it out of the installation.",
    ),
    # cookies
    Kind("cookie-not-secure", SERIOUS, "A cookie also goes over plain http", "Set Secure."),
    Kind("cookie-not-httponly", SERIOUS, "Scripts can read a cookie", "Set HttpOnly."),
    Kind("cookie-no-samesite", SERIOUS, "A cookie has no SameSite", "Set SameSite=Lax or Strict."),
    Kind(
        "cookie-host-prefix",
        SERIOUS,
        "A cookie is called __Host- and breaks its rules, so browsers drop it",
        "Set Secure and Path=/, and no Domain.",
    ),
    Kind(
        "cookie-on-public-page",
        NOTICE,
        "A public page sets a cookie although nobody logged in (section 25 TDDDG asks for consent)",
        "Set cookies at log-in; a token against forged forms is the exception.",
    ),
    # where it leads
    Kind(
        "open-redirect",
        SERIOUS,
        "A link to us can lead anywhere (phishing)",
        "Redirect to addresses of our own only; compare the host before.",
    ),
    Kind(
        "redirect-to-http",
        SERIOUS,
        "A redirect leads to plain http",
        "Tell the program that it stands behind TLS (X-Forwarded-Proto), so that it builds https:// addresses.",
    ),
    Kind(
        "cors-any-origin",
        FATAL,
        "Any site may read answers with the visitor's cookies",
        "Do not repeat Origin; name the sites, and send Access-Control-Allow-Credentials to none but these.",
    ),
    # provoked
    Kind(
        "traversal",
        FATAL,
        "Files of the whole machine can be fetched",
        "Resolve paths before they are opened and refuse what lies outside; nginx: alias and location both end in /.",
    ),
    Kind(
        "trace-method",
        NOTICE,
        "TRACE answers with the request, cookies included",
        "Refuse TRACE and TRACK (Apache: TraceEnable off).",
    ),
    Kind(
        "host-repeated",
        SERIOUS,
        "A foreign Host is believed and stands in the answer: forged links in mails, poisoned caches",
        "Accept only the names that are ours (ALLOWED_HOSTS, server_name with a default server that refuses).",
    ),
    Kind(
        "server-error",
        NOTICE,
        "An odd request makes a server error",
        "Refuse such a request with 400 before it reaches the program; the log names the place.",
    ),
    Kind(
        "error-traceback",
        FATAL,
        "An error shows a traceback",
        "Switch debug off; show a page of one's own and write the traceback to the log.",
    ),
    Kind(
        "error-settings",
        FATAL,
        "A framework's page for developers is shown: settings, environment, variables",
        "Switch debug off, and change every secret that the page showed.",
    ),
    Kind("error-sql", FATAL, "An error shows the database's words", "Switch debug off; bind values, never join SQL."),
    Kind("error-path", SERIOUS, "An answer tells where files lie on the server", "Show an error page of one's own."),
    Kind(
        "error-version",
        NOTICE,
        "An error page tells which program in which version answers",
        "Show an error page of one's own; nginx: server_tokens off.",
    ),
    Kind(
        "secret-shown",
        FATAL,
        "An answer holds a secret: a password, key or token",
        "Take it away and change the secret at once: it is known.",
    ),
    # ports
    Kind(
        "open-database",
        FATAL,
        "A database or cache answers from outside",
        "Bind it to localhost or a private address, and close the port in the firewall.",
    ),
    Kind(
        "open-admin-tool",
        SERIOUS,
        "A tool of operations answers from outside",
        "Bind it to localhost or a private address; reach it through SSH or a VPN.",
    ),
    Kind(
        "open-clear-text",
        SERIOUS,
        "A service without encryption answers from outside",
        "Switch it off; use SSH.",
    ),
)  # fmt: skip  # lines grouped by hand
KINDS = {kind.code: kind for kind in _ALL}
