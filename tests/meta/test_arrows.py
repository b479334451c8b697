"""Dependencies point one way: `core` knows no domain, and apps know only what lies below them."""

from __future__ import annotations

import sys

import pytest

from tests.meta.imports import imported, modules

TRUNK = {"core", "accounts", "entities", "products", "parts"}
# App -> the apps any module of it may import. The others may import the trunk.
MAY_IMPORT = {
    "core": set(),
    "accounts": {"core"},
    "entities": {"core"},
    "products": TRUNK - {"parts"},
    "parts": TRUNK,
}
# What one app may use of a sibling beyond the trunk: its doors.
DOORS = {"services", "selectors"}

APP_MODULES = [
    pytest.param(name, path, id=name)
    for name, path in modules()
    if name.startswith("apps.") and not name.startswith("apps.connectivity.simulator")
]


def wrong_arrows(name: str, names: set[str]) -> set[str]:
    """The imports of a module that its app may not make."""
    app = name.split(".")[1]
    allowed = MAY_IMPORT.get(app, TRUNK) | {app}
    wrong = set()
    for target in names:
        parts = target.split(".")
        if parts[0] != "apps" or len(parts) < 2 or parts[1] in allowed:
            continue
        through_a_door = app not in TRUNK and len(parts) > 2 and parts[2] in DOORS
        # `from apps.dcm import services` shows as `apps.dcm` as well: its longer name decides.
        a_longer_name_follows = any(other.startswith(f"{target}.") for other in names)
        if not through_a_door and not a_longer_name_follows:
            wrong.add(target)
    return wrong


@pytest.mark.parametrize(("name", "path"), APP_MODULES)
def test_a_module_imports_only_what_its_app_may_know(name, path):
    assert not wrong_arrows(name, imported(path))


def test_the_check_sees_a_wrong_arrow():
    assert wrong_arrows("apps.core.q", {"apps.products", "apps.products.models"})
    assert wrong_arrows("apps.alerts.services", {"apps.dcm.models"})
    assert not wrong_arrows("apps.alerts.services", {"apps.dcm", "apps.dcm.services"})


def test_the_simulator_knows_nothing_of_the_program():
    allowed = sys.stdlib_module_names | {"msgpack", "__future__"}
    for name, path in modules(below="apps/connectivity/simulator"):
        for target in imported(path):
            inside = target.startswith("apps.connectivity.simulator")
            assert inside or target.split(".")[0] in allowed, f"{name} imports {target}"
