"""`make run` prepares what is missing, says what is wrong, and ends with the processes it began."""

import os
import pty
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time
from contextlib import closing
from pathlib import Path
from urllib.request import urlopen

import pytest

from smartsolar import run

ROOT = Path(__file__).resolve().parents[2]

# What `make run` does after preparing, with processes that need no database.
PROGRAM = """\
import sys
from pathlib import Path
from smartsolar.run import own_terminal_group, supervise
with own_terminal_group():
    code = supervise(Path(sys.argv[1]), {"WORD": "hello"})
sys.exit(code)
"""


@pytest.fixture
def program(tmp_path: Path) -> Path:
    path = tmp_path / "program.py"
    path.write_text(PROGRAM)
    return path


def procfile(tmp_path: Path, **commands: str) -> Path:
    path = tmp_path / "Procfile"
    path.write_text("".join(f"{name}: {command}\n" for name, command in commands.items()))
    return path


def start(program: Path, *arguments: object) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, program, *map(str, arguments)],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def read_until(process: subprocess.Popen[str], text: str) -> str:
    assert process.stdout is not None
    seen = ""
    for line in process.stdout:
        seen += line
        if text in line:
            return seen
    raise AssertionError(f"{text!r} never came:\n{seen}")


@pytest.mark.parametrize("target", ["help", "run", "test", "check", "bench", "soak", "lock"])
def test_every_command_of_the_makefile_parses(target: str) -> None:
    assert subprocess.run(["make", "-n", target], cwd=ROOT, capture_output=True).returncode == 0


def test_make_alone_lists_the_commands() -> None:
    output = subprocess.run(["make"], cwd=ROOT, capture_output=True, text=True).stdout
    for target in ("run", "test", "check", "bench", "soak"):
        assert f"make {target} " in output


def test_a_secret_key_is_written_once_and_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SECRET_KEY")
    path = tmp_path / ".env"
    run.ensure_secret_key(path)
    written = path.read_text()
    assert len(written.removeprefix("SECRET_KEY=")) > 50
    assert path.stat().st_mode & 0o077 == 0
    run.ensure_secret_key(path)
    assert path.read_text() == written


def test_a_secret_key_is_added_to_what_the_operator_wrote(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SECRET_KEY")
    path = tmp_path / ".env"
    path.write_text("PORT=8100\nSECRET_KEY=\n")
    run.ensure_secret_key(path)
    lines = path.read_text().splitlines()
    assert lines[0] == "PORT=8100"
    assert [line.startswith("SECRET_KEY=") and len(line) > 50 for line in lines] == [False, True]


def test_a_secret_key_of_the_environment_needs_no_file(tmp_path: Path) -> None:
    run.ensure_secret_key(tmp_path / ".env")
    assert not (tmp_path / ".env").exists()


def test_a_port_in_use_is_noticed() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        assert run.is_taken(port)
    assert not run.is_taken(port)


def test_a_port_in_use_ends_the_command_with_a_sentence() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        ended = subprocess.run(
            [sys.executable, "-m", "smartsolar.run"],
            cwd=ROOT,
            env={**os.environ, "PORT": str(port)},
            capture_output=True,
            text=True,
        )
    assert ended.returncode == 1
    assert ended.stdout.startswith(f"Port {port} is taken by another program.")
    assert ended.stderr == ""


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_all_processes_with_code_0(
    program: Path, tmp_path: Path, number: signal.Signals
) -> None:
    commands = {"one": "echo $WORD; exec sleep 60", "two": "echo $WORD; exec sleep 60"}
    process = start(program, procfile(tmp_path, **commands))
    seen = read_until(process, "| hello")
    seen += read_until(process, "| hello")
    process.send_signal(number)
    output, _ = process.communicate(timeout=20)
    assert process.returncode == 0
    assert "Traceback" not in seen + output


def test_a_process_that_fails_ends_the_others_with_its_code(program: Path, tmp_path: Path) -> None:
    process = start(program, procfile(tmp_path, bad="exit 7", good="exec sleep 60"))
    output, _ = process.communicate(timeout=20)
    assert process.returncode == 7, output


def contacts(data: Path) -> int:
    """Count the contacts of units that the database of a running program holds."""
    with closing(sqlite3.connect(data / "db.sqlite3", timeout=20)) as database:
        return int(database.execute("SELECT count(*) FROM connection").fetchone()[0])


@pytest.mark.slow
def test_one_command_runs_everything_until_a_signal(tmp_path: Path) -> None:
    """From nothing to a fleet whose units report; and no complaint from first to last."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = subprocess.Popen(
        [sys.executable, "-m", "smartsolar.run", "--units", "20", "--speed", "3000"],
        cwd=ROOT,
        env={
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "smartsolar.settings",
            "SMARTSOLAR_DATA_DIR": str(tmp_path / "data"),
            "DATABASE_URL": "",
            "BROKER_URL": "",
            "INFLUXDB_URL": "",
            "PORT": str(port),
        },
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    watchdog = threading.Timer(600, process.kill)
    watchdog.start()
    try:
        seen = read_until(process, f"SMARTSolar is ready: http://127.0.0.1:{port}")
        seen += read_until(process, "admin@demo.example")
        with urlopen(f"http://127.0.0.1:{port}/", timeout=30) as page:
            assert page.url.endswith("/admin/login/?next=/admin/")
        reported = contacts(tmp_path / "data")
        while contacts(tmp_path / "data") == reported:
            time.sleep(0.2)
        process.send_signal(signal.SIGINT)
        output, _ = process.communicate()
    finally:
        watchdog.cancel()
        process.kill()
    for complaint in ("Traceback", "ERROR", "WARNING", "database is locked"):
        assert complaint not in seen + output, seen + output
    assert process.returncode == 0


def test_ctrl_c_in_a_terminal_ends_make_with_code_0(program: Path, tmp_path: Path) -> None:
    makefile = tmp_path / "Makefile"
    path = procfile(tmp_path, one="echo $WORD; exec sleep 60")
    makefile.write_text(f"run:\n\t@{sys.executable} {program} {path}\n")
    pid, terminal = pty.fork()
    if pid == 0:
        os.chdir(ROOT)
        environ = {**os.environ, "PYTHONPATH": str(ROOT)}
        os.execvpe("make", ["make", "-f", str(makefile), "run"], environ)
    seen = b""
    while b"hello" not in seen:
        seen += os.read(terminal, 1024)
    os.write(terminal, b"\x03")
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        try:
            seen += os.read(terminal, 1024)
        except OSError:
            # The terminal closes with the last process that holds it.
            break
    _, status = os.waitpid(pid, 0)
    assert os.waitstatus_to_exitcode(status) == 0, seen.decode()
    assert b"Error" not in seen
