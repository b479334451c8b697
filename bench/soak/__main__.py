"""`python -m bench.soak [--steps N] [--seed S]`: run the campaigns in a database of their own."""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time


def main() -> int:
    """Run every campaign and print its figures; an invariant that breaks ends it with its trace."""
    parser = argparse.ArgumentParser(prog="python -m bench.soak", description=__doc__)
    parser.add_argument("--steps", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--units", type=int, default=20)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="smartsolar-soak-") as directory:
        os.environ |= {
            "SMARTSOLAR_DATA_DIR": directory,
            "DATABASE_URL": "",
            "SECRET_KEY": "only-for-the-soak",
            "ALLOWED_HOSTS": "testserver",
            # Refused replays are what is asked for here.
            "LOG_LEVEL": "ERROR",
            "DJANGO_SETTINGS_MODULE": "smartsolar.settings",
        }
        import django

        django.setup()
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        call_command("bootstrap", verbosity=0)
        contacts(options.steps, options.seed, options.units)
    return 0


def contacts(steps: int, seed: int, units: int) -> None:
    from bench.soak.contacts import Walk
    from tests.factories import ProductFactory

    walk = Walk([ProductFactory() for _number in range(units)], seed=seed)
    began = time.monotonic()
    done = walk.run(steps)
    seconds = time.monotonic() - began
    shares = ", ".join(f"{count} {what}" for what, count in sorted(done.items()))
    print(f"contacts: seed {seed}, {steps} steps over {units} units in {seconds:.0f} s: {shares}")


if __name__ == "__main__":
    sys.exit(main())
