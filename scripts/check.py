"""Every check but the tests: `make check`. All run, then the ones that failed are named.

`--write-schema` instead rewrites docs/openapi.json, the snapshot of the API's OpenAPI schema.
"""

import filecmp
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SNAPSHOT = ROOT / "docs" / "openapi.json"
BIN = Path(sys.executable).parent
# How `make messages` collects texts; the places they come from are named by file, not by line.
MESSAGES = (
    *("--locale", "fr", "--no-obsolete", "--add-location", "file", "--no-wrap"),
    *("--ignore", ".venv", "--ignore", "staticfiles", "--ignore", "data"),
)

# What a deployment would set; nothing here reads or writes the developer's own data.
PRODUCTION = {
    "SECRET_KEY": "only-for-the-checks-0123456789-abcdefghijklmnopqrstuvwxyz-ABCDEFG",
    "DEBUG": "false",
    "HTTPS": "true",
    "ALLOWED_HOSTS": "solar.example.com",
    "DATABASE_URL": "",
    "BROKER_URL": "",
    "INFLUXDB_URL": "",
}


def main(arguments: list[str]) -> int:
    """Run the checks and return the exit code."""
    with tempfile.TemporaryDirectory(prefix="smartsolar-check-") as directory:
        os.environ.update(PRODUCTION, SMARTSOLAR_DATA_DIR=directory)
        if "--write-schema" in arguments:
            return 0 if _write_schema(SNAPSHOT) else 1
        failed = [name for name, check in CHECKS.items() if not _timed(name, check)]
    print(f"\nFailed: {', '.join(failed)}" if failed else "\nAll checks passed.")
    return 1 if failed else 0


def _timed(name: str, check: Callable[[], bool]) -> bool:
    print(f"\n== {name}", flush=True)
    start = time.monotonic()
    passed = check()
    print(f"{'ok' if passed else 'FAILED'} ({time.monotonic() - start:.1f} s)", flush=True)
    return passed


def _run(program: str, *arguments: str) -> bool:
    return subprocess.run([BIN / program, *arguments], cwd=ROOT).returncode == 0


def _manage(*arguments: str) -> bool:
    return _run("python", "manage.py", *arguments)


def _write_schema(path: Path) -> bool:
    path.parent.mkdir(exist_ok=True)
    return _manage(
        "spectacular",
        "--validate",
        "--fail-on-warn",
        "--format",
        "openapi-json",
        "--file",
        str(path),
    )


def _schema_is_current() -> bool:
    with tempfile.TemporaryDirectory() as directory:
        current = Path(directory) / "openapi.json"
        if not _write_schema(current):
            return False
        if SNAPSHOT.is_file() and filecmp.cmp(SNAPSHOT, current, shallow=False):
            return True
        if SNAPSHOT.is_file():
            subprocess.run(["diff", "-u", SNAPSHOT, current])
    print("docs/openapi.json is not what the code says. If the change is meant: make schema")
    return False


def _translations_are_compiled() -> bool:
    if shutil.which("msgfmt") is None:
        print("skipped: gettext's msgfmt is not installed")
        return True
    current = True
    for source in sorted((ROOT / "locale").glob("*/LC_MESSAGES/*.po")):
        compiled = source.with_suffix(".mo")
        with tempfile.NamedTemporaryFile() as fresh:
            command = ["msgfmt", "--check-format", "-o", fresh.name, str(source)]
            if subprocess.run(command).returncode:
                current = False
            elif not compiled.is_file() or not filecmp.cmp(compiled, fresh.name, shallow=False):
                print(f"{compiled.relative_to(ROOT)} is out of date: make messages")
                current = False
    return current


def _translations_are_complete() -> bool:
    """Every text in the code has its translation: collect them anew, look, put the files back."""
    if shutil.which("msgattrib") is None:
        print("skipped: gettext's msgattrib is not installed")
        return True
    locale = ROOT / "locale"
    with tempfile.TemporaryDirectory() as directory:
        shutil.copytree(locale, Path(directory) / "locale")
        try:
            if not _manage("makemessages", *MESSAGES, "--verbosity", "0"):
                return False
            sources = sorted(locale.glob("*/*/*.po"))
            # Every one is looked at, or the second would be found wrong only after the first.
            return sum(not _nothing_left(source) for source in sources) == 0
        finally:
            shutil.copytree(Path(directory) / "locale", locale, dirs_exist_ok=True)


def _nothing_left(source: Path) -> bool:
    """Whether a catalogue has neither untranslated nor doubtful texts; prints those it has."""
    left = ""
    for kind in ("--untranslated", "--only-fuzzy"):
        command = ["msgattrib", kind, "--no-obsolete", "--no-location", str(source)]
        found = subprocess.run(command, capture_output=True, text=True, check=True).stdout
        # The head of the catalogue comes first wherever there is anything at all.
        left += found.partition("\n\n")[2]
    if left:
        print(f"Not translated in {source.relative_to(ROOT)}:\n{left}")
    return not left


CHECKS: dict[str, Callable[[], bool]] = {
    "lint": lambda: _run("ruff", "check", "--no-cache", "."),
    "format": lambda: _run("ruff", "format", "--no-cache", "--check", "."),
    "types": lambda: _run("mypy"),
    "migrations": lambda: _manage("makemigrations", "--check", "--dry-run"),
    "deployment": lambda: _manage("check", "--deploy", "--fail-level", "WARNING"),
    "API schema": _schema_is_current,
    "translations compiled": _translations_are_compiled,
    "translations complete": _translations_are_complete,
}


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
