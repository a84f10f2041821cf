"""A mail server that takes everything and keeps nothing: ``python -m sprechzeit.bench.sink <file>``.

It writes its port into the file once it listens. Whoever says ``COUNT`` hears how many mails came, and the moments of
the first and the last of them.
"""

from __future__ import annotations

import asyncio
import sys
import time
from pathlib import Path

END = b"\r\n.\r\n"
Seen = list[float]


async def _serve(seen: Seen, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(b"220 sink\r\n")
    while line := await reader.readline():
        word = line[:4].upper()
        if word == b"DATA":
            writer.write(b"354 go on\r\n")
            await reader.readuntil(END)
            seen.append(time.monotonic())
        if word == b"COUN":
            writer.write(b"250 %d %.3f %.3f\r\n" % (len(seen), seen[0] if seen else 0, seen[-1] if seen else 0))
            continue
        writer.write(b"221 bye\r\n" if word == b"QUIT" else b"250 ok\r\n")
        if word == b"QUIT":
            break
    writer.close()


async def main(told: Path) -> None:
    """Serve until killed."""
    seen: Seen = []
    server = await asyncio.start_server(lambda r, w: _serve(seen, r, w), "127.0.0.1", 0, limit=2**20)
    told.write_text(str(server.sockets[0].getsockname()[1]))
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1])))
