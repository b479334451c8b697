"""Every text that the code marks for translation is found by what collects them."""

from __future__ import annotations

import ast

from apps.core.management.commands.makemessages import Command
from tests.meta.imports import modules


def names_of_gettext() -> dict[str, str]:
    """Name in a module -> the function of gettext that it stands for there."""
    found = {}
    for _name, path in modules():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation":
                found |= {alias.asname: alias.name for alias in node.names if alias.asname}
    return found


def test_no_module_marks_texts_by_a_name_that_is_not_looked_for() -> None:
    ours = {option.partition("=")[2] for option in Command.xgettext_options}
    assert names_of_gettext().keys() - {"_"} <= ours
