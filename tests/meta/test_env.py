"""The environment is documented: `.env.example` and smartsolar/env.py name the same variables."""

import ast
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def variables_read() -> set[str]:
    """Return the names that env.py asks the environment for."""
    tree = ast.parse((ROOT / "smartsolar" / "env.py").read_text())
    return {
        call.args[0].value
        for call in ast.walk(tree)
        if isinstance(call, ast.Call)
        and isinstance(call.func, ast.Attribute)
        and isinstance(call.func.value, ast.Name)
        and call.func.value.id == "env"
        and call.args
        and isinstance(call.args[0], ast.Constant)
    }


def paragraphs() -> list[list[str]]:
    text = (ROOT / ".env.example").read_text()
    return [block.splitlines() for block in text.strip().split("\n\n")]


def documented(lines: list[str]) -> list[str]:
    found = (re.match(r"(?:# )?([A-Z][A-Z0-9_]*)=", line) for line in lines)
    return [match[1] for match in found if match]


def test_example_lists_every_variable_that_is_read_and_no_other() -> None:
    listed = [name for lines in paragraphs() for name in documented(lines)]
    assert sorted(listed) == sorted(variables_read())


def test_every_variable_of_the_example_has_a_comment() -> None:
    for lines in paragraphs():
        if documented(lines):
            assert re.match(r"# [A-Z][a-z]", lines[0]), f"no comment above {documented(lines)}"


def test_no_other_module_of_the_project_reads_the_environment() -> None:
    allowed = {"smartsolar/env.py", "smartsolar/run.py"}
    offenders = [
        path.relative_to(ROOT).as_posix()
        for folder in ("apps", "smartsolar")
        for path in (ROOT / folder).rglob("*.py")
        if re.search(r"os\.getenv|os\.environ(?!\.setdefault\(\"DJANGO_)", path.read_text())
    ]
    assert set(offenders) <= allowed
