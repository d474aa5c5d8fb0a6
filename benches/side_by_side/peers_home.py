"""A Python environment with the other programs in it."""

import subprocess
import sys
import venv

from measure import say

# Exact versions: a table says what it compared with.
PACKAGES = ["chdb==4.4.0", "chdb-core==26.9.0", "duckdb==2.0.1", "polars==2.1.0"]


def python(home):
    """Returns the environment's Python; makes the environment where there is none."""
    place = home / "peers"
    path = place / "bin" / "python"
    ready = place / "ready"
    if not ready.exists() or ready.read_text(encoding="utf-8").split() != PACKAGES:
        say(f"installing {', '.join(PACKAGES)}")
        venv.create(place, clear=True, with_pip=True)
        command = [path, "-m", "pip", "install", "--quiet", "--no-input"]
        command += ["--disable-pip-version-check", "--only-binary=:all:", *PACKAGES]
        subprocess.run(command, check=True, stdout=sys.stderr)
        ready.write_text("\n".join(PACKAGES), encoding="utf-8")
    return path
