"""Everything on one machine: `make run`, that is `python -m smartsolar.run`.

Prepares the installation (secret key, tables, static files, reference data, demo fleet), then runs
the processes of the Procfile until Ctrl-C. Each step does nothing when there is nothing to do, so a
second start takes seconds.
"""

import argparse
import hashlib
import os
import re
import secrets
import signal
import socket
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread
from types import FrameType
from urllib.error import URLError
from urllib.request import urlopen

from honcho.environ import parse_procfile
from honcho.manager import Manager

from smartsolar import env as environment

BASE_DIR = environment.BASE_DIR
READY_WITHIN = 180  # seconds; a small or busy machine takes its time
SEED = 1
DEMO_DOMAIN = "@demo.example"


def main() -> int:
    """Prepare and run; return the exit code, 0 when the processes were asked to end."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--units", type=int, default=200, help="units of a new demo fleet")
    parser.add_argument("--speed", type=float, default=60, help="how much faster than life")
    options = parser.parse_args()
    try:
        return run(units=options.units, speed=options.speed)
    except KeyboardInterrupt:
        say("Stopped.")
        return 0


def run(*, units: int, speed: float) -> int:
    """Prepare, then supervise the processes until one ends or a signal asks all to end."""
    ensure_secret_key(BASE_DIR / ".env")
    env = environment.load()
    if is_taken(env.port):
        say(f"Port {env.port} is taken by another program. Choose one: make run PORT=8001")
        return 1
    prepare(units=units)
    url = f"http://127.0.0.1:{env.port}"
    Thread(target=announce, args=(url, demo_logins()), daemon=True).start()
    with own_terminal_group():
        return supervise(
            BASE_DIR / "Procfile",
            {
                "PORT": str(env.port),
                "UNITS": str(units),
                "SPEED": str(speed),
                **({} if env.sms.url else simulated_gateway()),
            },
        )


def say(line: str) -> None:
    """Print a progress line at once, also into a pipe."""
    print(line, flush=True)


def ensure_secret_key(path: Path) -> None:
    """Write a new SECRET_KEY to the .env file at `path`, unless one is set already."""
    lines = path.read_text().splitlines() if path.is_file() else []
    if os.environ.get("SECRET_KEY") or any(re.match(r"SECRET_KEY=.", line) for line in lines):
        return
    lines = [line for line in lines if line != "SECRET_KEY="]
    say("Writing a new SECRET_KEY to .env ...")
    path.touch(mode=0o600)
    path.write_text("\n".join([*lines, f"SECRET_KEY={secrets.token_urlsafe(50)}", ""]))


def is_taken(port: int) -> bool:
    """Tell whether another program listens on `port`."""
    with socket.socket() as probe:
        # As the web server does: a port whose last connections only linger is free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return True
    return False


def simulated_gateway() -> dict[str, str]:
    """The variables of an SMS gateway on this machine, for which the simulator stands."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    return {
        "SMS_GATEWAY_URL": f"http://127.0.0.1:{port}/messages",
        "SMS_GATEWAY_TOKEN": secrets.token_urlsafe(32),
        "SMS_GATEWAY_SECRET": secrets.token_urlsafe(32),
    }


def prepare(*, units: int) -> None:
    """Bring the database, the static files and the data to where the processes can start."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "smartsolar.settings")
    import django
    from django.conf import settings
    from django.core.management import call_command

    django.setup()
    say("Updating the database ...")
    call_command("migrate", interactive=False, verbosity=0)
    if not settings.DEBUG:
        collect_static(Path(settings.STATIC_ROOT))
    say("Checking reference data ...")
    call_command("bootstrap", verbosity=0)
    say("Checking the demo fleet ...")
    call_command("demo", units=units, seed=SEED, if_empty=True)


def collect_static(root: Path) -> None:
    """Collect static files into `root`, unless it already holds exactly today's."""
    from django.contrib.staticfiles.finders import get_finders
    from django.core.management import call_command

    digest = hashlib.sha256()
    for finder in get_finders():
        for name, storage in finder.list([]):
            status = os.stat(storage.path(name))
            digest.update(f"{name} {status.st_size} {status.st_mtime_ns}\n".encode())
    stamp = root / ".collected"
    if stamp.is_file() and stamp.read_text() == digest.hexdigest():
        return
    say("Collecting static files ...")
    call_command("collectstatic", interactive=False, verbosity=0, clear=True)
    stamp.write_text(digest.hexdigest())


def demo_logins() -> list[str]:
    """Return a line for each user that the demo fleet came with, none where there is no fleet."""
    from django.db import connections

    from apps.accounts.demo import PASSWORD
    from apps.accounts.models import User
    from apps.core.levels import Level

    users = User.objects.filter(email__endswith=DEMO_DOMAIN, is_active=True)
    rows = users.order_by("level", "email").values_list("email", "level", "entity__name")
    lines = [f"  {email:<28}{Level(level).name:<11}{name or ''}" for email, level, name in rows]
    # The processes to come are forked from this one and must not share its connection.
    connections.close_all()
    if not lines:
        return []
    return [f"Demo logins, all with the password {PASSWORD} until changed:", *lines, ""]


def announce(url: str, logins: list[str]) -> None:
    """Wait until the web process is ready, then say where everything is and who may sign in."""
    deadline = time.monotonic() + READY_WITHIN
    while time.monotonic() < deadline:
        time.sleep(0.3)
        try:
            with urlopen(f"{url}/readyz", timeout=5):
                break
        except (URLError, OSError):
            continue
    else:
        say(f"{url} did not become ready within {READY_WITHIN} seconds.")
        return
    say("\n".join(["", f"SMARTSolar is ready: {url}", "", *logins, "Ctrl-C ends everything.", ""]))


def supervise(procfile: Path, variables: dict[str, str]) -> int:
    """Run the processes of `procfile` with `variables` added to their environment.

    Returns when all have ended: 0 if a signal asked for it, else the code of the one that ended
    first, upon which the others are ended.
    """
    env = {**os.environ, **variables, "PYTHONUNBUFFERED": "1"}
    env["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{env.get('PATH', '')}"
    manager = Manager()
    for name, command in parse_procfile(procfile.read_text()).processes.items():
        manager.add_process(name, command, env=env, cwd=str(BASE_DIR))
    signal.signal(signal.SIGHUP, _as_sigterm)
    manager.loop()
    asked = {128 + signal.SIGINT, 128 + signal.SIGTERM}
    return 0 if manager.returncode in asked else manager.returncode or 0


def _as_sigterm(signum: int, frame: FrameType | None) -> None:
    os.kill(os.getpid(), signal.SIGTERM)


@contextmanager
def own_terminal_group() -> Iterator[None]:
    """Let Ctrl-C reach this program alone.

    `make` would get it too, and report the interrupt as a failure. It does nothing without a
    terminal, or where this program is what the shell itself started.
    """
    group = os.getpgrp()
    if group == os.getpid() or not sys.stdin.isatty() or os.tcgetpgrp(0) != group:
        yield
        return
    # The shell watches make, which would not notice this program being suspended.
    signal.signal(signal.SIGTSTP, signal.SIG_IGN)
    signal.signal(signal.SIGTTOU, signal.SIG_IGN)
    os.setpgid(0, 0)
    os.tcsetpgrp(0, os.getpgrp())
    try:
        yield
    finally:
        os.tcsetpgrp(0, group)


if __name__ == "__main__":
    sys.exit(main())
