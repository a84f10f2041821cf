"""Which TCP ports of this machine listen, and to whom (``/proc/net/tcp``, proc(5))."""

from __future__ import annotations

import ipaddress
import struct
from pathlib import Path

from sprechzeit.doctor.check import Check, not_checked, ok, wrong

LISTENING = "0A"
FOR_ALL = {22, 25, 80, 443, 587}  # what a server may show to the world


def check_sockets(proc: Path = Path("/proc/net")) -> Check:
    """Wrong when anything but web, mail and SSH listens on an address that others reach."""
    name = "listening sockets"
    files = [file for file in (proc / "tcp", proc / "tcp6") if file.exists()]
    if not files:
        return not_checked(name, "only Linux tells them in /proc/net/tcp")
    found = {one for file in files for one in _listening(file)}
    exposed = sorted(f"{host}:{port}" for host, port in found if not _is_loopback(host) and port not in FOR_ALL)
    if exposed:
        return wrong(
            name, f"others can reach {', '.join(exposed)}", "Bind it to 127.0.0.1, or close it in the firewall."
        )
    return ok(name, f"{len(found)} listen, none that others can reach except web, mail and SSH")


def _listening(file: Path) -> list[tuple[str, int]]:
    rows = [line.split() for line in file.read_text(encoding="ascii").splitlines()[1:]]
    return [_address(row[1]) for row in rows if len(row) > 3 and row[3] == LISTENING]


def _address(text: str) -> tuple[str, int]:
    """``0100007F:1F90``: 32-bit words in the machine's order."""
    host, _, port = text.partition(":")
    words = bytes.fromhex(host)
    packed = struct.pack(f">{len(words) // 4}I", *struct.unpack(f"={len(words) // 4}I", words))
    return str(ipaddress.ip_address(packed)), int(port, 16)


def _is_loopback(host: str) -> bool:
    address = ipaddress.ip_address(host)
    mapped = getattr(address, "ipv4_mapped", None)
    return (mapped or address).is_loopback
