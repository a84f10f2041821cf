"""A mail provider that takes everything and keeps it: ``python -m sprechzeit.drill.sink <folder> <certificate>``.

So the drill can say what a mail account tells, however much its provider keeps. It speaks TLS on loopback and writes
its port into ``port`` in the folder; each mail becomes a file: the envelope's lines, an empty line, the mail.
"""

from __future__ import annotations

import asyncio
import ssl
import sys
from itertools import count
from pathlib import Path

END = b"\r\n.\r\n"
ANSWERS = {b"EHLO": b"250-provider\r\n250 AUTH PLAIN\r\n", b"AUTH": b"235 come in\r\n", b"QUIT": b"221 bye\r\n"}


async def _serve(folder: Path, numbers: count[int], reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    envelope: list[bytes] = []
    writer.write(b"220 provider\r\n")
    while line := await reader.readline():
        word = line[:4].upper()
        if word == b"DATA":
            writer.write(b"354 go on\r\n")
            mail = await reader.readuntil(END)
            (folder / f"{next(numbers):06}.eml").write_bytes(b"".join(envelope) + b"\r\n" + mail[: -len(END)])
            envelope = []
        elif word in {b"MAIL", b"RCPT"}:
            envelope.append(line)
        writer.write(ANSWERS.get(word, b"250 fine\r\n"))
        await writer.drain()
        if word == b"QUIT":
            break
    writer.close()


async def main(folder: Path, certificate: Path) -> None:
    """Serve until told to stop."""
    numbers, context = count(1), ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    server = await asyncio.start_server(
        lambda reader, writer: _serve(folder, numbers, reader, writer), "127.0.0.1", 0, limit=1 << 24, ssl=context
    )
    (folder / "port").write_text(str(server.sockets[0].getsockname()[1]))
    async with server:
        await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), Path(sys.argv[2])))
