"""See that Chromium is there for the browser tests; as root on Debian, install it.

Says in one line when browser tests will be left out and why; with CI=true that is a failure.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys


def main() -> int:
    if shutil.which("chromium"):
        return 0
    if hasattr(os, "geteuid") and os.geteuid() == 0 and shutil.which("apt-get"):
        sys.stdout.write("Installing chromium with apt (once, about a minute) …\n")
        sys.stdout.flush()
        for command in (["apt-get", "update", "-qq"], ["apt-get", "install", "-y", "-qq", "chromium"]):
            done = subprocess.run(  # noqa: S603 - fixed commands
                command,
                capture_output=True,
                text=True,
                check=False,
                env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"},
            )
            if done.returncode:
                sys.stderr.write(
                    "apt could not install chromium: " + (done.stderr.strip().splitlines() or ["?"])[-1] + "\n"
                )
                break
        if shutil.which("chromium"):
            return 0
    sys.stderr.write("Browser tests are left out: there is no chromium here (install the package chromium).\n")
    return 1 if os.environ.get("CI") == "true" else 0


if __name__ == "__main__":
    sys.exit(main())
