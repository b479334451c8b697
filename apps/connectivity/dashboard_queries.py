"""The names that `q` may use at /dashboard2 beside those of the units' own columns."""

from __future__ import annotations

import json
from typing import Any

from apps.core.bodies import decode_json
from apps.core.errors import Invalid

# Fields of the answer that are columns of other tables -> what they are called from a unit.
_ELSEWHERE = {"hardware_type": "product_type__name"}


def translated(q: str | None) -> str | None:
    """The same `q` in names of the table of units.

    `entities` stands for the names of the entities that own a unit now. What cannot be read is left
    as it is, for whoever compiles it to refuse.
    """
    if q is None:
        return None
    try:
        spec = decode_json(q)
    except Invalid:
        return q
    if not isinstance(spec, dict):
        return q
    if "filters" in spec:
        spec["filters"] = _filter(spec["filters"])
    for part in ("order_by", "group_by"):
        if isinstance(spec.get(part), list):
            spec[part] = [_field(node) for node in spec[part]]
    return json.dumps(spec)


def _filter(node: Any) -> Any:
    """A filter, or a list of them, nested as it may be; its depth was bounded in reading."""
    if isinstance(node, list):
        return [_filter(part) for part in node]
    if not isinstance(node, dict):
        return node
    if len(node) == 1 and ("and" in node or "or" in node):
        return {word: _filter(part) for word, part in node.items()}
    name = node.get("name")
    if name == "entities":
        return _owner(node)
    if isinstance(name, str) and name in _ELSEWHERE:
        return node | {"name": _ELSEWHERE[name]}
    return node


def _owner(node: dict[str, Any]) -> dict[str, Any]:
    # A nested filter is about the entity itself, anything else about its name.
    nested = isinstance(node.get("val"), dict)
    entity = node | {"name": "entity" if nested else "entity__name"}
    now = {"name": "date_removed", "op": "is_null"}
    return {"name": "product_entity_linker", "op": "any", "val": {"and": [now, entity]}}


def _field(node: Any) -> Any:
    if isinstance(node, dict) and node.get("field") in _ELSEWHERE:
        return node | {"field": _ELSEWHERE[node["field"]]}
    return node
