"""`q` against a model of itself: what the database finds is what plain Python finds.

Formulas, orders and pages are generated, the same ones on every run, over units whose values
repeat and are often missing.
"""

from __future__ import annotations

import datetime as dt
import operator
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from apps.products.models import Product
from tests.core.lists import Lists
from tests.factories import HubFactory, ProductFactory, ProductNoteFactory, ProductTypeFactory
from tests.personas import Api

pytestmark = pytest.mark.django_db

TEXTS = ["a", "b", "ab", "ba", "a_b", "a%b", "Ab"]
NUMBERS = [-1.5, 0.0, 0.25, 2.0]
DAYS = ["2024-01-01", "2024-02-29", "2024-12-31"]
TIMES = ["2024-01-01T00:00:00.000000", "2024-01-01T00:00:00.000001", "2024-02-29T23:59:59.500000"]
# Text is compared and sorted where every collation agrees.
VALUES: dict[str, list[Any]] = {
    "assembler": ["a", "b", "c"],
    "gps_lat": NUMBERS,
    "gps_lon": NUMBERS,
    "is_payg": [True, False],
    "warranty_start_date": DAYS,
    "disable_date": TIMES,
}
PATTERNS = ["a", "a%", "%b", "_", "a_", "%", "a\\_%", "a\\%b", "A%", "%a%b%"]
COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {
    "==": operator.eq,
    "!=": operator.ne,
    ">": operator.gt,
    "<": operator.lt,
    ">=": operator.ge,
    "<=": operator.le,
}
Row = dict[str, Any]


# --- the model -----------------------------------------------------------------------------------


def holds(node: Row, row: Row) -> bool:
    """Whether a filter holds for a row; what is compared with null never does."""
    if "or" in node:
        return any(holds(part, row) for part in node["or"])
    if "and" in node:
        return all(holds(part, row) for part in node["and"])
    name, op = node["name"], node["op"]
    if "__" in name:
        relation, name = name.split("__")
        return any(holds({**node, "name": name}, other) for other in row[relation])
    if op in ("has", "any"):
        return any(holds(node["val"], other) for other in row[name])
    value = row[name]
    if op in ("is_null", "is_not_null"):
        return (value is None) == (op == "is_null")
    wanted = row[node["field"]] if "field" in node else node["val"]
    if value is None or wanted is None:
        return False
    if op in ("in", "not_in"):
        return (value in wanted) == (op == "in")
    if op in ("like", "ilike"):
        return matches(wanted, value, fold=op == "ilike")
    return COMPARISONS[op](value, wanted)


def matches(pattern: str, text: str, *, fold: bool) -> bool:
    signs = {"%": ".*", "_": "."}
    parts = re.findall(r"\\.|.", pattern)
    regex = "".join(signs.get(part) or re.escape(part[-1]) for part in parts)
    return re.fullmatch(regex, text, re.DOTALL | (re.IGNORECASE if fold else 0)) is not None


def arranged(rows: list[Row], orders: list[Row]) -> list[Row]:
    """Sorted, null as the greatest, ties by key."""
    found = sorted(rows, key=lambda row: row["product_imei"])
    for order in reversed(orders):
        found.sort(
            key=lambda row: (row[order["field"]] is None, row[order["field"]] or 0),
            reverse=order["direction"] == "desc",
        )
    return found


# --- the questions -------------------------------------------------------------------------------


def leaves() -> Iterator[st.SearchStrategy[Row]]:
    def leaf(**parts: Any) -> st.SearchStrategy[Row]:
        return st.fixed_dictionaries(
            {k: v if isinstance(v, st.SearchStrategy) else st.just(v) for k, v in parts.items()}
        )

    for name, values in VALUES.items():
        ops = ["==", "!="] if name == "is_payg" else list(COMPARISONS)
        yield leaf(name=name, op=st.sampled_from(ops), val=st.sampled_from(values))
        lists = st.lists(st.sampled_from(values), max_size=3)
        yield leaf(name=name, op=st.sampled_from(["in", "not_in"]), val=lists)
        yield leaf(name=name, op=st.sampled_from(["is_null", "is_not_null"]))
    yield leaf(name="gps_lat", op=st.sampled_from(list(COMPARISONS)), field="gps_lon")
    patterned = {"op": st.sampled_from(["like", "ilike"]), "val": st.sampled_from(PATTERNS)}
    for name in ("capacity_limit", "hub__name", "notes__note_text"):
        yield leaf(name=name, **patterned)
        yield leaf(name=name, op=st.sampled_from(["==", "!="]), val=st.sampled_from(TEXTS))
        yield leaf(name=name, op=st.sampled_from(["in", "not_in"]), val=st.just(TEXTS[:2]))
    for relation, name in (("hub", "name"), ("notes", "note_text")):
        inner = leaf(name=name, **patterned)
        both = st.lists(inner, min_size=1, max_size=3)
        nested = st.one_of(inner, leaf(**{"and": both}), leaf(**{"or": both}))
        yield leaf(name=relation, op=st.sampled_from(["has", "any"]), val=nested)


def formulas() -> st.SearchStrategy[Row]:
    return st.recursive(
        st.one_of(*leaves()),
        lambda inner: st.dictionaries(
            st.sampled_from(["or", "and"]),
            st.lists(inner, min_size=1, max_size=3),
            min_size=1,
            max_size=1,
        ),
        max_leaves=8,
    )


ORDERS = st.lists(
    st.fixed_dictionaries(
        {
            "field": st.sampled_from([*VALUES, "product_imei"]),
            "direction": st.sampled_from(["asc", "desc"]),
        }
    ),
    max_size=3,
)
STEADY = settings(
    max_examples=200,
    derandomize=True,
    database=None,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture
def rows(db: None) -> list[Row]:
    """Forty units as the model sees them: their columns, their hub and their notes."""
    kind = ProductTypeFactory.create()
    hubs = [HubFactory.create(name=name) for name in TEXTS]
    found = []
    for n in range(40):
        row: Row = {
            name: [*values, None][(n * step + n // 3) % (len(values) + (name != "is_payg"))]
            for step, (name, values) in enumerate(VALUES.items(), start=1)
        }
        hub = hubs[n % len(hubs)] if n % 3 else None
        product = ProductFactory.create(
            product_type=kind,
            hub=hub,
            capacity_limit=TEXTS[n % 7] if n % 5 else None,
            **stored(row),
        )
        texts = [TEXTS[(n + m) % len(TEXTS)] for m in range(n % 4)]
        for text in texts:
            ProductNoteFactory.create(product=product, note_text=text)
        row |= {
            "product_imei": product.pk,
            "capacity_limit": product.capacity_limit,
            "hub": [{"name": hub.name}] if hub else [],
            "notes": [{"note_text": text} for text in texts],
        }
        found.append(row)
    return found


def stored(row: Row) -> Row:
    """The row's columns as the factory takes them."""
    time, day = row["disable_date"], row["warranty_start_date"]
    return row | {
        "disable_date": time and dt.datetime.fromisoformat(time).replace(tzinfo=dt.UTC),
        "warranty_start_date": day and dt.date.fromisoformat(day),
    }


def test_what_is_found_is_what_the_model_finds(rows: list[Row], api: Api) -> None:
    products = Lists(api.as_("overview"), "products", "product_imei")

    @STEADY
    @given(filters=st.lists(formulas(), min_size=1, max_size=3))
    def ask(filters: list[Row]) -> None:
        page = products.page({"filters": filters}, results_per_page=50)
        wanted = [row for row in rows if all(holds(node, row) for node in filters)]
        assert [row["product_imei"] for row in page["objects"]] == [
            row["product_imei"] for row in wanted
        ]
        assert page["num_results"] == len(wanted)

    ask()


def test_orders_windows_and_pages_are_those_of_the_model(rows: list[Row], api: Api) -> None:
    products = Lists(api.as_("overview"), "products", "product_imei")

    @STEADY
    @given(
        node=formulas(),
        orders=ORDERS,
        limit=st.one_of(st.none(), st.integers(0, 45)),
        offset=st.integers(0, 45),
        number=st.integers(1, 5),
        size=st.integers(1, 20),
    )
    def ask(
        node: Row, orders: list[Row], limit: int | None, offset: int, number: int, size: int
    ) -> None:
        q = {"filters": [node], "order_by": orders, "limit": limit, "offset": offset}
        page = products.page(q, page=number, results_per_page=size)
        wanted = arranged([row for row in rows if holds(node, row)], orders)[offset:][:limit]
        start = (number - 1) * size
        assert [row["product_imei"] for row in page["objects"]] == [
            row["product_imei"] for row in wanted[start : start + size]
        ]
        assert page["num_results"] == len(wanted)
        assert page["total_pages"] == -(-len(wanted) // size)

    ask()
    assert Product.objects.count() == len(rows)
