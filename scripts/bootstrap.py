"""Make ``.venv`` and install what the lock says: ``python3 scripts/bootstrap.py run|dev``.

Only the standard library, and only syntax that Python 3.6 can parse, so that an old Python can say that it is
one (hence the string annotations and no parenthesised ``with``).
A stamp in ``.venv`` makes the second call quick. What pip says goes to ``.data/bootstrap.log``.
"""

# ruff: noqa: T201, S603 - it talks to people on a terminal, and runs only pip with our own arguments

import sys

OLDEST = (3, 11)


def too_old(version) -> str:
    """One line for people when this Python is too old, else nothing."""
    if tuple(version[:2]) >= OLDEST:
        return ""
    found = ".".join(str(number) for number in version[:3])
    return f"Python {found} is too old: 3.11 or newer is needed; choose one: make demo PYTHON=python3.12"


if too_old(sys.version_info):
    sys.exit(too_old(sys.version_info))

import fcntl  # noqa: E402 - an old Python must not get this far
import hashlib  # noqa: E402
import os  # noqa: E402
import re  # noqa: E402
import shutil  # noqa: E402
import subprocess  # noqa: E402
from importlib.util import find_spec  # noqa: E402
from pathlib import Path  # noqa: E402

ROOT = Path(__file__).resolve().parent.parent
FREE_BYTES = {"run": 500_000_000, "dev": 1_200_000_000}
DISK_FULL = "The disk is full: the installation needs about {} MB."
REASONS = (
    (r"No space left on device|Disk quota exceeded", "The disk is full."),
    (
        r"DO NOT MATCH THE HASHES",
        "A fetched package is not the one that the lock names; it was not installed.",
    ),
    (
        r"Failed to establish a new connection|name resolution|Network is unreachable|[Tt]imed? ?out"
        r"|ProxyError|Connection refused|No matching distribution found",
        "No network: the packages could not be fetched. Check the connection and call it again.",
    ),
)


class Failed(Exception):
    """One line for people."""


class Environment:
    """The virtual environment below ``root`` and what is known of it."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.folder = root / ".venv"
        self.python = self.folder / "bin" / "python"
        self.begun = self.folder / "sprechzeit-unfinished"
        self.log = root / ".data" / "bootstrap.log"

    def lock(self, kind: str) -> Path:
        return self.root / "requirements" / f"{kind}.txt"

    def stamp(self, kind: str) -> Path:
        return self.folder / f"sprechzeit-{kind}.stamp"

    def key(self) -> str:
        """Changes with the locks, the project's declaration, the Python and the place of the folder."""
        digest = hashlib.sha256(f"{self.root} {sys.version_info[:2]} {sys.implementation.cache_tag}".encode())
        for path in (self.lock("run"), self.lock("dev"), self.root / "pyproject.toml"):
            digest.update(path.read_bytes())
        return digest.hexdigest()

    def is_ready(self, kind: str) -> bool:
        """Whether all of it is installed; ``dev`` holds all that ``run`` needs."""
        kinds = {"run", "dev"} if kind == "run" else {"dev"}
        stamps = [self.stamp(one) for one in kinds]
        return self.is_whole() and any(one.is_file() and one.read_text() == self.key() for one in stamps)

    def is_whole(self) -> bool:
        """Whether the environment is of this Python, still has one, and no earlier call was broken off."""
        major, minor = sys.version_info[:2]
        pip = self.folder / "lib" / f"python{major}.{minor}" / "site-packages" / "pip"
        return self.python.exists() and pip.is_dir() and not self.begun.exists()


def prepare(environment: Environment, kind: str) -> None:
    """Make the environment ready for ``run`` (the application) or ``dev`` (its tests too)."""
    if environment.is_ready(kind):
        return
    check_space(environment, kind)
    environment.log.parent.mkdir(parents=True, exist_ok=True)
    with environment.log.with_name("bootstrap.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # `make demo` and `make test` may be called at the same time
        if environment.is_ready(kind):
            return
        environment.log.write_text("")
        if not environment.is_whole():
            create(environment)
        for stamp in (environment.stamp("run"), environment.stamp("dev")):
            stamp.unlink(missing_ok=True)
        environment.begun.touch()
        try:
            install(environment, kind)
        except Failed:  # pip ended by itself: what it left can be installed over, even offline work goes on
            environment.begun.unlink()
            raise
        environment.stamp(kind).write_text(environment.key())
        environment.begun.unlink()


def check_space(environment: Environment, kind: str) -> None:
    if shutil.disk_usage(environment.root).free < FREE_BYTES[kind]:
        raise Failed(DISK_FULL.format(FREE_BYTES[kind] // 1_000_000))


def create(environment: Environment) -> None:
    if find_spec("ensurepip") is None or find_spec("venv") is None:
        raise Failed("This Python lacks venv: apt install python3-venv")
    if environment.folder.exists():
        print("Making .venv anew: it was unfinished or of another Python.", flush=True)
        shutil.rmtree(environment.folder)
    else:
        print("Making .venv …", flush=True)
    environment.folder.mkdir()
    environment.begun.touch()
    base = getattr(sys, "_base_executable", "") or sys.executable  # ours may lie in the .venv just removed
    run(environment, [base, "-m", "venv", str(environment.folder)])


def install(environment: Environment, kind: str) -> None:
    lock = environment.lock(kind)
    count = len(re.findall(r"^[A-Za-z0-9][^ ]*==", lock.read_text(), re.MULTILINE))
    minutes = "half a minute" if kind == "run" else "a minute"
    print(f"Installing {count} packages (once, about {minutes}) …", flush=True)
    pip = [str(environment.python), "-m", "pip", "install", "--disable-pip-version-check", "--no-input"]
    run(environment, [*pip, "--require-hashes", "--retries", "2", "-r", str(lock)], count)
    itself = ["--no-build-isolation", "--no-deps", "--no-index", "-e", str(environment.root)]
    run(environment, [*pip, *itself])


def run(environment: Environment, command: "list[str]", count: int = 0) -> None:
    """Run it, write what it says to the log, and show how far pip is when somebody watches."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    watched = count and sys.stdout.isatty()
    fetched = 0
    process = subprocess.Popen(
        command,
        cwd=str(environment.root),
        env=clean,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
    )
    with environment.log.open("a", encoding="utf-8") as log:
        for line in process.stdout:
            log.write(line)
            fetched += line.startswith("Collecting ")
            if watched:
                unpacking = line.startswith("Installing collected")
                print("\r  unpacking …   " if unpacking else f"\r  {fetched} of {count}", end="", flush=True)
    process.wait()
    if watched:
        print("\r" + " " * 20 + "\r", end="", flush=True)
    if process.returncode != 0:
        raise Failed(reason_in(environment.log.read_text(encoding="utf-8", errors="replace")))


def reason_in(output: str) -> str:
    """One line for people; for what is not foreseen, below it the end of what was said."""
    for pattern, text in REASONS:
        if re.search(pattern, output):
            return f"{text} (Details: .data/bootstrap.log)"
    end = output.strip().splitlines()[-8:]
    return "\n".join(["The installation failed; all of it is in .data/bootstrap.log.", *("  " + line for line in end)])


def main(arguments: "list[str]") -> int:
    if arguments not in (["run"], ["dev"]):
        print("usage: bootstrap.py run|dev", file=sys.stderr)
        return 2
    try:
        prepare(Environment(ROOT), arguments[0])
    except Failed as failure:
        print(failure, file=sys.stderr)
        return 1
    except OSError as error:
        print(f"{error.filename or ROOT}: {error.strerror}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nInterrupted; the next call begins anew.", file=sys.stderr)
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
