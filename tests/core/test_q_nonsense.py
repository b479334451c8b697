"""`q` made of the right words in any order: an answer or a refusal, never a server error."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from apps.core.conditions import OPERATORS
from apps.core.resources import registry
from tests.contract.rows import owned_row
from tests.personas import Api

pytestmark = pytest.mark.django_db

PATHS = ["products", "product_types", "parts", "repairs", "customers", "sms_histories", "channels"]
WORDS = [
    "product_imei",
    "product_type_id",
    "assembler",
    "is_payg",
    "gps_lat",
    "disable_date",
    "warranty_start_date",
    "created_at",
    "created_by",
    "name",
    "parameter_types",
    "sms_timeout",
    "properties",
    "device_key",
    "product",
    "product_type",
    "products",
    "part_product_linker",
    "hub__entity",
    "product__product_type__name",
    "products__states__current_state_type__name",
    "",
    "__",
    "%s",
    'a"b',
]
SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.integers(-(2**70), 2**70),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(max_size=20),
    st.sampled_from([*WORDS, "2024-01-01", "2024-01-01T00:00:00", "00:05:00", "%", "\\", "0"]),
)
VALUES = st.recursive(SCALARS, lambda inner: st.lists(inner, max_size=3), max_leaves=4)


def some(**parts: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    """An object with any of these parts."""
    return st.fixed_dictionaries({}, optional=parts)


def one(**parts: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    """An object with all of these parts."""
    return st.fixed_dictionaries(parts)


NAMES, OPS = st.sampled_from(WORDS), st.sampled_from([*OPERATORS, "===", ""])
LEAVES = st.one_of(
    one(name=NAMES, op=OPS, val=VALUES),
    one(name=NAMES, op=OPS, field=NAMES),
    some(name=SCALARS, op=SCALARS, val=VALUES, field=SCALARS, fieldname=SCALARS),
    VALUES,
)
FILTERS = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        some(**{"or": st.lists(inner, max_size=3), "and": st.lists(inner, max_size=3)}),
        one(name=NAMES, op=st.sampled_from(["has", "any"]), val=inner),
    ),
    max_leaves=6,
)
ORDERS = st.lists(
    st.one_of(some(field=NAMES, direction=st.sampled_from(["asc", "desc", "", None])), VALUES),
    max_size=3,
)
Q = st.one_of(
    some(
        filters=st.one_of(st.lists(FILTERS, max_size=3), FILTERS),
        order_by=ORDERS,
        group_by=ORDERS,
        limit=SCALARS,
        offset=SCALARS,
        single=st.one_of(st.booleans(), SCALARS),
    ),
    VALUES,
)


@pytest.mark.parametrize("persona", ["overview", "insider"])
def test_no_query_is_a_server_error(persona: str, api: Api, entity: Any) -> None:
    for path in PATHS:
        owned_row(registry.at(path), entity)
    session, seen = api.as_(persona), set()

    @settings(
        max_examples=400,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(path=st.sampled_from(PATHS), q=Q)
    def ask(path: str, q: Any) -> None:
        answer = session.get(f"/v1/{path}", {"q": json.dumps(q)})
        assert answer.status_code in (200, 400, 404), answer.content
        seen.add(answer.status_code)

    ask()
    assert {200, 400} <= seen
