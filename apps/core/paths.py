"""From a path below /v1/ to its view: one look-up for each segment, however many endpoints.

Django tries patterns one after the other, which for the last of two hundred costs as much as
answering. `tests/core/test_paths.py` holds the two to the same result.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from django.http import HttpResponse

View = Callable[..., HttpResponse]


@dataclass(slots=True)
class Branch:
    """What may follow some segments of a path, and the view if the path may end here."""

    literal: dict[str, Branch] = field(default_factory=dict)
    placeholder: Branch | None = None
    view: View | None = None
    names: tuple[str, ...] = ()


class Paths:
    """Every route: segments that are literal, or `<name>` for one segment of any text."""

    def __init__(self, routes: Iterable[tuple[str, View]]) -> None:
        self._root = Branch()
        for route, view in routes:
            self._add(route, view)

    def _add(self, route: str, view: View) -> None:
        branch, names = self._root, []
        for segment in route.split("/"):
            if segment.startswith("<"):
                names.append(segment.strip("<>"))
                branch.placeholder = branch.placeholder or Branch()
                branch = branch.placeholder
            else:
                branch = branch.literal.setdefault(segment, Branch())
        if branch.view is None:
            branch.view, branch.names = view, tuple(names)

    def find(self, path: str) -> tuple[View, dict[str, str]] | None:
        """The view of a path and what its placeholders stand for; None if nothing answers there."""
        values: list[str] = []
        leaf = _follow(self._root, path.split("/"), 0, values)
        if leaf is None or leaf.view is None:
            return None
        return leaf.view, dict(zip(leaf.names, values, strict=True))


def _follow(branch: Branch, segments: list[str], place: int, values: list[str]) -> Branch | None:
    """Descend along the segments; a literal goes before a placeholder, which takes any text."""
    if place == len(segments):
        return branch if branch.view is not None else None
    segment = segments[place]
    literal = branch.literal.get(segment)
    if literal is not None:
        leaf = _follow(literal, segments, place + 1, values)
        if leaf is not None:
            return leaf
    if branch.placeholder is None or not segment:
        return None
    values.append(segment)
    leaf = _follow(branch.placeholder, segments, place + 1, values)
    if leaf is None:
        values.pop()
    return leaf
