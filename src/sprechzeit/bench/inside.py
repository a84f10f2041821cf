"""A part of the benchmark that needs Django, in a process of its own with that database's environment.

``python -m sprechzeit.bench.inside <part> <file>`` reads its arguments from the file and answers there.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from typing import Any

from sprechzeit.bench.errors import BenchError


def run_inside(part: str, arguments: Mapping[str, Any], environment: Mapping[str, str], folder: Path) -> Any:
    """Run a part and give its answer.

    Raises
    ------
    BenchError
        It failed; its own words are on the terminal.
    """
    exchange = folder / f"{part}.json"
    exchange.write_text(json.dumps(arguments))
    try:
        command = [sys.executable, "-m", "sprechzeit.bench.inside", part, str(exchange)]
        done = subprocess.run(command, env=dict(environment), check=False)  # noqa: S603 - our own program
        if done.returncode:
            raise BenchError(f"the part {part!r} of the benchmark failed; the lines above say why")
        return json.loads(exchange.read_text())
    finally:
        exchange.unlink(missing_ok=True)


def main(part: str, exchange: Path) -> None:
    """Entry point of the process."""
    import django

    from sprechzeit.logs import configure_logs
    from sprechzeit.site.collector import settle

    django.setup()
    configure_logs("WARNING")
    module = import_module(f"sprechzeit.bench.{part}")
    settle()  # as the server does
    answer = module.run(**json.loads(exchange.read_text()))
    exchange.write_text(json.dumps(answer))


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
