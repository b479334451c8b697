"""`python -m bench.soak [NAME…] [--scale F] [--seed S]`: the campaigns, in databases of their own.

Those that need rows to be locked run on the PostgreSQL that DATABASE_URL names (the local one by
default), the others on SQLite; each kind in a process of its own. `--list` names them all.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from bench.databases import connected, server_url, url_of
from bench.soak.campaign import Effort, every_campaign

# Each run has its own: two at once do not meet.
DATABASE = f"smartsolar_soak_{os.getpid()}"
LANES = ("sqlite", "postgresql")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run what is asked for; an invariant that breaks ends its lane with its trace, and 1."""
    options = parse(arguments)
    if options.lane:
        return run_lane(options)
    given = list(arguments) if arguments is not None else sys.argv[1:]
    codes = [
        subprocess.run([sys.executable, "-m", "bench.soak", *given, "--lane", lane]).returncode
        for lane in LANES
    ]
    return max(codes)


def parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.soak", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help="campaigns named like this")
    parser.add_argument("--scale", type=float, default=1.0, help="share of each to run; 1 is all")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--list", action="store_true", help="name the campaigns and end")
    parser.add_argument("--lane", choices=LANES, help=argparse.SUPPRESS)
    return parser.parse_args(arguments)


def run_lane(options: argparse.Namespace) -> int:
    """All campaigns of one kind of database, one after the other."""
    with _database(options.lane) as environment:
        os.environ |= {
            **environment,
            "SECRET_KEY": "only-for-the-soak",
            "ALLOWED_HOSTS": "testserver,127.0.0.1",
            # Refusals are what is asked for here.
            "LOG_LEVEL": "CRITICAL",
            "DJANGO_SETTINGS_MODULE": "smartsolar.settings",
        }
        import django

        django.setup()
        chosen = [
            campaign
            for campaign in every_campaign()
            if campaign.postgresql == (options.lane == "postgresql")
            and (not options.names or any(name in campaign.name for name in options.names))
        ]
        if options.list:
            print(*(campaign.name for campaign in chosen), sep="\n")
        elif chosen:
            from django.core.management import call_command

            call_command("migrate", verbosity=0)
            call_command("bootstrap", verbosity=0)
            for campaign in chosen:
                began = time.monotonic()
                figure = campaign.run(Effort(options.scale, options.seed))
                seconds = time.monotonic() - began
                print(
                    f"{campaign.name}: seed {options.seed}, {seconds:.0f} s: {figure}", flush=True
                )
    return 0


@contextmanager
def _database(lane: str) -> Iterator[dict[str, str]]:
    """The environment of a fresh database, dropped at the end."""
    with tempfile.TemporaryDirectory(prefix="smartsolar-soak-") as directory:
        if lane == "sqlite":
            yield {"SMARTSOLAR_DATA_DIR": directory, "DATABASE_URL": ""}
            return
        with connected(server_url()) as server, server.cursor() as cursor:
            cursor.execute(f"DROP DATABASE IF EXISTS {DATABASE} WITH (FORCE)")
            cursor.execute(f"CREATE DATABASE {DATABASE}")
            try:
                yield {"SMARTSOLAR_DATA_DIR": directory, "DATABASE_URL": url_of(DATABASE)}
            finally:
                cursor.execute(f"DROP DATABASE IF EXISTS {DATABASE} WITH (FORCE)")


if __name__ == "__main__":
    sys.exit(main())
