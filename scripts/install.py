"""Install requirement files into .venv, with nothing but Python's standard library.

Usage: python3.11 scripts/install.py requirements.txt [requirements-dev.txt]

Makes .venv if it is not there. A file is installed again only when its content changed since.
"""

import hashlib
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"


def main(names: list[str]) -> int:
    """Install the files named, and return the exit code."""
    if not PYTHON.exists():
        if sys.version_info < (3, 11):  # noqa: UP036  (this runs on whatever is installed)
            return _fail(f"Python 3.11 or newer is needed; this is {sys.version.split()[0]}.")
        print("Making .venv ...", flush=True)
        try:
            venv.create(VENV, with_pip=True, clear=True)
        except subprocess.CalledProcessError:
            return _fail("This Python cannot make environments: is its venv package installed?")
    stale = [name for name in names if not _is_installed(name)]
    if not stale:
        return 0
    print(f"Installing {' and '.join(stale)}: a minute or so ...", flush=True)
    pip = [PYTHON, "-m", "pip"]
    if subprocess.run([*pip, "--version"], capture_output=True).returncode:
        # Some tools make environments without pip.
        subprocess.run([PYTHON, "-m", "ensurepip"], check=True, capture_output=True)
    options = ["--quiet", "--disable-pip-version-check", "--no-input"]
    # Every package is named and hashed in the files, so nothing is left to resolve.
    options += ["--no-deps", "--require-hashes"]
    files = [option for name in stale for option in ("-r", ROOT / name)]
    if subprocess.run([*pip, "install", *options, *files]).returncode:
        return _fail("The packages could not be installed; pip's own lines above say why.")
    for name in stale:
        _stamp(name).write_text(_checksum(name))
    return 0


def _is_installed(name: str) -> bool:
    return _stamp(name).is_file() and _stamp(name).read_text() == _checksum(name)


def _stamp(name: str) -> Path:
    return VENV / f".installed-{name}"


def _checksum(name: str) -> str:
    return hashlib.sha256((ROOT / name).read_bytes()).hexdigest()


def _fail(message: str) -> int:
    print(message, file=sys.stderr)
    return 1


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
