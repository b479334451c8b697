"""A user of one entity sees that entity's rows and no others, whichever way they come."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from apps.accounts.models import User
from apps.entities.models import Entity
from apps.products.models import Product, ProductNote
from tests.factories import (
    AlertFactory,
    AlertTypeFactory,
    CustomerEntityLinkerFactory,
    CustomerProductHistoryFactory,
    ProductEntityLinkerFactory,
    ProductFactory,
    RepairFactory,
)

LIST = reverse("admin:products_product_changelist")


@pytest.fixture
def ours(entity: Entity) -> Product:
    """A unit of the insider's entity."""
    unit = ProductFactory.create(serial_number="OURS-1", current_enable_flag=True)
    ProductEntityLinkerFactory.create(product=unit, entity=entity)
    return unit


@pytest.fixture
def theirs(other_entity: Entity) -> Product:
    """A unit of another entity."""
    unit = ProductFactory.create(serial_number="THEIRS-1")
    ProductEntityLinkerFactory.create(product=unit, entity=other_entity)
    return unit


@pytest.fixture
def client(insider: User) -> Client:
    session = Client()
    session.force_login(insider)
    return session


def autocomplete(client: Client, model: str, field: str, term: str) -> list[str]:
    answer = client.get(
        reverse("admin:autocomplete"),
        {"app_label": "products", "model_name": model, "field_name": field, "term": term},
    )
    return [row["text"] for row in json.loads(answer.content)["results"]]


def test_a_list_shows_the_units_of_the_entity(
    client: Client, ours: Product, theirs: Product
) -> None:
    shown = client.get(LIST)
    assert [unit.pk for unit in shown.context["cl"].result_list] == [ours.pk]


def test_a_search_finds_the_units_of_the_entity(
    client: Client, ours: Product, theirs: Product
) -> None:
    for term in ("1", theirs.serial_number, theirs.product_imei, theirs.imsi):
        found = client.get(LIST, {"q": term}).context["cl"].result_list
        assert theirs.pk not in [unit.pk for unit in found]


def test_a_customer_of_another_entity_leads_to_no_unit(client: Client, ours: Product) -> None:
    CustomerProductHistoryFactory.create(product=ours, customer__name="Elsewhere Smith")
    assert client.get(LIST, {"q": "Elsewhere"}).context["cl"].result_count == 0


def test_a_customer_of_the_entity_leads_to_the_unit(
    client: Client, ours: Product, entity: Entity
) -> None:
    history = CustomerProductHistoryFactory.create(product=ours, customer__name="Amina Odhiambo")
    CustomerEntityLinkerFactory.create(customer=history.customer, entity=entity)
    assert client.get(LIST, {"q": "amina"}).context["cl"].result_count == 1


def test_choices_of_a_unit_are_those_of_the_entity(
    client: Client, ours: Product, theirs: Product
) -> None:
    assert autocomplete(client, "productnote", "product", "") == ["OURS-1"]
    assert autocomplete(client, "productnote", "product", "THEIRS") == []


def test_a_note_cannot_be_written_on_a_unit_of_another_entity(
    client: Client, theirs: Product
) -> None:
    answer = client.post(
        reverse("admin:products_productnote_add"), {"product": theirs.pk, "note_text": "x"}
    )
    assert answer.status_code == 200
    assert "product" in answer.context["adminform"].form.errors
    assert not ProductNote.objects.exists()


def test_a_filter_in_the_address_names_no_row_of_another_entity(
    client: Client, ours: Product, theirs: Product, other_entity: Entity
) -> None:
    hidden = Entity.objects.create(name="Secret Holdings", bboxx_company_flag=False)
    page = reverse("admin:products_productgroup_changelist")
    shown = client.get(page, {"entity__entity_id__exact": hidden.pk})
    assert b"Secret Holdings" not in shown.content
    assert b"Secret Holdings" not in client.get(LIST, {"entity": hidden.pk}).content


def test_the_command_palette_finds_what_is_in_scope(
    client: Client, ours: Product, theirs: Product
) -> None:
    page = reverse("admin:search")
    assert b"OURS-1" in client.get(page, {"s": "OURS", "extended": "1"}).content
    assert b"THEIRS-1" not in client.get(page, {"s": "THEIRS", "extended": "1"}).content


def test_the_command_palette_forgets_at_once_what_has_left_the_scope(
    client: Client, ours: Product
) -> None:
    page = reverse("admin:search")
    assert b"OURS-1" in client.get(page, {"s": "OURS", "extended": "1"}).content
    ours.product_entity_linker.all().delete()
    assert b"OURS-1" not in client.get(page, {"s": "OURS", "extended": "1"}).content


def test_the_export_holds_the_units_of_the_entity(
    client: Client, ours: Product, theirs: Product
) -> None:
    text = b"".join(client.get(reverse("admin:products_product_export"))).decode()  # type: ignore[arg-type]
    assert "OURS-1" in text
    assert "THEIRS-1" not in text


def test_the_home_page_counts_the_units_of_the_entity(
    client: Client, ours: Product, theirs: Product, overview: User
) -> None:
    grave = AlertTypeFactory.create(severity="high")
    AlertFactory.create(product=ours, alert_type=grave)
    AlertFactory.create_batch(2, product=theirs, alert_type=grave)
    RepairFactory.create_batch(3, product=theirs)
    everything = Client()
    everything.force_login(overview)
    home = reverse("admin:index")
    assert _figures(client.get(home)) == {"Units": 1, "Open alerts": 1, "Repairs": 0}
    assert _figures(everything.get(home)) == {"Units": 2, "Open alerts": 3, "Repairs": 3}


def _figures(answer: Any) -> dict[str, int]:
    shown = {str(figure.label): figure.value for figure in answer.context["figures"]}
    return {name: shown[name] for name in ("Units", "Open alerts", "Repairs")}


def test_another_table_cannot_be_asked_through_the_address(
    client: Client, ours: Product, theirs: Product
) -> None:
    for question in (
        "notes__note_text__contains",
        "product_entity_linker__entity__name__startswith",
        "hub__entity__name__startswith",
    ):
        assert client.get(LIST, {question: "S"}).status_code == 400, question


def test_a_masked_column_cannot_be_guessed_through_the_address(admin: User, ours: Product) -> None:
    session = Client()
    session.force_login(admin)
    assert session.get(LIST, {"device_key__startswith": "0"}).status_code == 400


def test_a_fleet_of_no_units_says_what_to_do(outsider: User, system: User) -> None:
    for user, words in ((outsider, b"Your entity has no units yet"), (system, b"No units yet")):
        session = Client()
        session.force_login(user)
        assert words in session.get(reverse("admin:index")).content
