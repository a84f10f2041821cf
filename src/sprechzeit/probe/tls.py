"""The certificate, the protocols and the ciphers (RFC 9325), and whether plain http leads to https."""

from __future__ import annotations

import socket
import ssl
import warnings
from datetime import timedelta
from http.client import HTTPConnection, HTTPException
from urllib.parse import urlsplit

from cryptography import x509

from sprechzeit import clock
from sprechzeit.probe.client import AGENT
from sprechzeit.probe.findings import Found
from sprechzeit.probe.kinds import KINDS
from sprechzeit.probe.target import CannotLook, Target

NEAR = timedelta(days=14)
WEAK = "eNULL:aNULL:EXPORT:DES:3DES:RC4:MD5:IDEA:SEED:RC2:@SECLEVEL=0"
STATIC_RSA = "kRSA:!eNULL:@SECLEVEL=0"
EXPIRED, NOT_YET, OTHER_HOST, OTHER_ADDRESS = 10, 9, 62, 64  # OpenSSL's X509_V_ERR_*
CANNOT_OFFER = {"NO_PROTOCOLS_AVAILABLE", "NO_CIPHERS_AVAILABLE", "NO_CIPHER_MATCH"}
PATIENCE = 8.0


def look_at_tls(target: Target, found: Found) -> ssl.SSLContext:
    """Look, and give the context by which everything else is asked: one that checks the certificate if it can.

    Raises
    ------
    CannotLook
        Nothing listens there, or what does speaks no TLS at all.
    """
    context, certificate = _certificate(target, found)
    if certificate is not None:
        left = x509.load_der_x509_certificate(certificate).not_valid_after_utc - clock.now()
        if left <= timedelta(0):
            found.add(KINDS["cert-expired"], f"expired {-left.days} days ago", target.url)
        elif left < NEAR:
            found.add(KINDS["cert-expiring"], f"{left.days} days left", target.url)
    for version in (ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1):
        if (spoken := _speaks(target, found, version.name, lowest=version, highest=version)) is not None:
            found.add(KINDS["tls-old"], f"{spoken} accepted", target.url)
    for code, ciphers in (("tls-weak-cipher", WEAK), ("tls-no-forward-secrecy", STATIC_RSA)):
        newest = ssl.TLSVersion.TLSv1_2
        if (spoken := _speaks(target, found, code, ciphers=ciphers, highest=newest)) is not None:
            found.add(KINDS[code], f"{spoken} accepted", target.url)
    return context


def _certificate(target: Target, found: Found) -> tuple[ssl.SSLContext, bytes | None]:
    checking = ssl.create_default_context()
    if target.ca_file is not None:
        checking.load_verify_locations(target.ca_file)
    blind = _blind()
    try:
        with _shake(target, checking) as connection:
            return checking, connection.getpeercert(binary_form=True)
    except ssl.SSLCertVerificationError as error:
        if error.verify_code in {OTHER_HOST, OTHER_ADDRESS}:
            found.add(KINDS["cert-wrong-host"], "the name is not in the certificate", target.url)
        elif error.verify_code == NOT_YET:
            found.add(KINDS["cert-expired"], "it is not valid yet", target.url)
        elif error.verify_code != EXPIRED:
            found.add(KINDS["cert-untrusted"], error.verify_message, target.url)
    except ssl.SSLError:
        blind = _blind(lowest=ssl.TLSVersion.TLSv1, ciphers="ALL:@SECLEVEL=0")
    except OSError:
        raise CannotLook(f"{target.url} does not answer") from None
    try:
        with _shake(target, blind) as connection:
            return blind, connection.getpeercert(binary_form=True)
    except OSError:
        raise CannotLook(f"{target.url} speaks no TLS that we know") from None


def _blind(
    *, lowest: ssl.TLSVersion | None = None, highest: ssl.TLSVersion | None = None, ciphers: str = ""
) -> ssl.SSLContext:
    """A context that checks no certificate. Nothing secret is ever sent through it."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    with warnings.catch_warnings():  # that these are old is why they are tried
        warnings.simplefilter("ignore", DeprecationWarning)
        if lowest is not None:
            context.minimum_version = lowest
        if highest is not None:
            context.maximum_version = highest
    if ciphers:
        context.set_ciphers(ciphers)
    return context


def _speaks(
    target: Target,
    found: Found,
    name: str,
    *,
    lowest: ssl.TLSVersion | None = None,
    highest: ssl.TLSVersion | None = None,
    ciphers: str = "ALL:@SECLEVEL=0",
) -> str | None:
    """Protocol and cipher that the server agrees to, nothing when it refuses."""
    try:
        with _shake(target, _blind(lowest=lowest, highest=highest, ciphers=ciphers)) as connection:
            cipher = connection.cipher()
            return f"{connection.version()} {cipher[0] if cipher else ''}".strip()
    except ssl.SSLError as error:
        if error.reason in CANNOT_OFFER:
            found.note(f"not checked: {name} (this machine's OpenSSL cannot offer it)")
        return None
    except OSError:
        return None


def _shake(target: Target, context: ssl.SSLContext) -> ssl.SSLSocket:
    plain = socket.create_connection((target.host, target.port), PATIENCE)
    try:
        return context.wrap_socket(plain, server_hostname=target.host)
    except BaseException:
        plain.close()
        raise


def look_at_plain_http(target: Target, port: int, found: Found) -> None:
    """Port 80 of an https address may be closed; if it answers, then with a redirect to https on the same host."""
    connection = HTTPConnection(target.host, port, timeout=PATIENCE)
    try:
        connection.request("GET", "/", headers={"Host": target.host, "User-Agent": AGENT})
        response = connection.getresponse()
        location = urlsplit(response.getheader("Location", ""))
    except (OSError, HTTPException, ValueError):
        return
    finally:
        connection.close()
    if not (300 <= response.status < 400 and location.scheme == "https" and location.hostname == target.host):
        found.add(KINDS["http-not-redirected"], f"status {response.status}", f"http://{target.host}:{port}/")
