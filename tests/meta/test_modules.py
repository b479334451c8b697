"""Modules stay small, and what the house leaves out stays out."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.meta.imports import imported, modules

MOST_LINES = 350
# Module -> why it may be longer.
LONGER: dict[str, str] = {}


def below(*folders: str) -> list[Any]:
    return [
        pytest.param(name, path, id=name)
        for folder in folders
        for name, path in modules(below=folder)
    ]


MODULES = below("apps", "smartsolar", "bench", "scripts")


@pytest.mark.parametrize(("name", "path"), MODULES + below("tests"))
def test_a_module_is_short_enough_to_read(name, path):
    lines = len(path.read_text(encoding="utf-8").splitlines())
    # A catalogue is data: a table is not easier to read in two files.
    if name not in LONGER and ".catalogue" not in name:
        assert lines <= MOST_LINES, f"{lines} lines: split it by noun"


@pytest.mark.parametrize(("name", "path"), MODULES)
def test_a_module_says_what_it_is(name, path):
    text = path.read_text(encoding="utf-8")
    plain_config = name.endswith(".apps")
    assert not text.strip() or plain_config or text.lstrip().startswith(('"""', "#!"))


@pytest.mark.parametrize(("name", "path"), MODULES)
def test_a_module_leaves_out_what_the_house_leaves_out(name, path):
    text = path.read_text(encoding="utf-8")
    assert not name.endswith(("utils", "helpers", "misc")), "name it by its noun"
    assert "TODO" not in text
    assert "FIXME" not in text
    # The audit log has no other way to see a row before it is saved.
    if name != "apps.core.audit":
        assert "django.dispatch" not in imported(path)
        assert "django.db.models.signals" not in imported(path)
    if name.startswith("apps."):
        assert not re.search(r"^\s*print\(", text, re.MULTILINE)
