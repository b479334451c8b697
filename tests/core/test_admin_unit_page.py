"""The page of a unit: its buttons, and who may press them."""

from __future__ import annotations

import re
from typing import Any

import pytest
import time_machine
from django.urls import reverse

from apps.accounts.models import User
from apps.entities.models import Entity
from apps.products.models import EnableHistory, Product, ProductNote
from apps.products.services.switch import disable_product
from tests.core.unit_page import NOW, as_, button, page_of, told
from tests.factories import (
    ProductEntityLinkerFactory,
    StateFactory,
)

VERBS = ("enable", "disable", "tamper-on", "tamper-off", "note")


@pytest.fixture(autouse=True)
def _clock() -> Any:
    with time_machine.travel(NOW, tick=False):
        yield


def snapshot() -> tuple[Any, ...]:
    return (
        list(Product.objects.order_by("pk").values()),
        list(EnableHistory.objects.order_by("pk").values()),
        ProductNote.objects.count(),
    )


def test_a_change_waits_for_the_unit_until_it_is_heard(unit: Product, technician: User) -> None:
    client = as_(technician)
    client.post(button(unit, "disable"))
    assert told(client, unit)[0] == (
        f"Asked to switch off by {technician.email}: Waiting for the unit's next contact"
    )
    shown = client.get(page_of(unit)).content.decode()
    assert "Undo: keep it on" in shown
    assert "To be disabled" in shown


def test_undo_leaves_the_unit_on(unit: Product, technician: User) -> None:
    client = as_(technician)
    client.post(button(unit, "disable"))
    client.post(button(unit, "enable"))
    unit.refresh_from_db()
    assert unit.desired_enable_flag is True
    assert "Undo" not in client.get(page_of(unit)).content.decode()


def test_a_button_pressed_twice_asks_once(unit: Product, technician: User) -> None:
    client = as_(technician)
    for _press in range(2):
        client.post(button(unit, "disable"))
        client.post(button(unit, "note"), {"text": "Called the customer"})
    assert EnableHistory.objects.filter(current_enable_state="pending_disabled").count() == 1
    assert ProductNote.objects.count() == 1


def test_a_note_is_told_under_its_writers_name(unit: Product, technician: User) -> None:
    client = as_(technician)
    client.post(button(unit, "note"), {"text": "Roof <b>leaks</b>\r\nCall first"})
    note = ProductNote.objects.get()
    assert (note.note_text, note.created_by) == ("Roof <b>leaks</b>\nCall first", technician.email)
    assert "<b>leaks</b>" not in client.get(page_of(unit)).content.decode()


def test_an_empty_note_is_refused_in_words(unit: Product, technician: User) -> None:
    answer = as_(technician).post(button(unit, "note"), {"text": "  "}, follow=True)
    assert "A note needs some text" in answer.content.decode()
    assert not ProductNote.objects.exists()


def test_overview_sees_no_button_and_may_press_none(unit: Product, overview: User) -> None:
    client = as_(overview)
    shown = client.get(page_of(unit)).content.decode()
    assert "/act/" not in shown
    before = snapshot()
    for verb in VERBS:
        assert client.post(button(unit, verb), {"text": "x"}).status_code == 403
    assert snapshot() == before


def test_a_technician_sees_the_buttons(unit: Product, technician: User) -> None:
    shown = as_(technician).get(page_of(unit)).content.decode()
    for verb in ("disable", "tamper-on", "note"):
        assert button(unit, verb) in shown


def test_a_unit_of_another_entity_is_a_unit_that_is_not_there(
    unit: Product, outsider: User
) -> None:
    client = as_(outsider)
    before = snapshot()
    for verb in VERBS:
        theirs = client.post(button(unit, verb), {"text": "x"})
        nobodys = client.post(
            reverse("admin:products_product_act", args=("000000000000000", verb)), {"text": "x"}
        )
        assert theirs.status_code == nobodys.status_code == 404
        assert theirs.content == nobodys.content
    assert client.get(page_of(unit)).status_code == 404
    assert client.get(reverse("admin:products_product_edit", args=(unit.pk,))).status_code == 404
    assert snapshot() == before


def test_the_units_of_the_entity_are_the_insiders_to_switch(
    unit: Product, insider: User, entity: Entity
) -> None:
    ProductEntityLinkerFactory.create(product=unit, entity=entity)
    assert as_(insider).post(button(unit, "disable")).status_code == 302
    unit.refresh_from_db()
    assert unit.desired_enable_flag is False


def test_a_button_needs_the_token_of_its_page(unit: Product, technician: User) -> None:
    before = snapshot()
    assert as_(technician, csrf=True).post(button(unit, "disable")).status_code == 403
    assert snapshot() == before


def test_a_button_is_pressed_never_visited(unit: Product, technician: User) -> None:
    before = snapshot()
    for verb in VERBS:
        assert as_(technician).get(button(unit, verb)).status_code == 302
    assert as_(technician).post(page_of(unit)).status_code == 405
    assert as_(technician).post(button(unit, "explode")).status_code == 404
    assert snapshot() == before


def test_the_page_begins_with_why_the_unit_is_off(unit: Product, technician: User) -> None:
    disable_product(product_imei=unit.pk, by="<b>ann</b>")
    shown = as_(technician).get(page_of(unit)).content.decode()
    sentence = (
        "Switched off by &lt;b&gt;ann&lt;/b&gt; just now; it was never heard, so it may not know"
        " yet."
    )
    assert sentence in shown
    assert shown.index(sentence) < shown.index("Undo: keep it on") < shown.index('id="timeline"')


def test_a_form_that_is_refused_comes_back_as_it_was_typed(unit: Product, system: User) -> None:
    answer = as_(system).post(button(unit, "give-to-entity"), {"entity": "<Nobody>"})
    shown = answer.content.decode()
    assert 'value="&lt;Nobody&gt;"' in shown
    assert "There is no “&lt;Nobody&gt;” to choose." in shown
    assert re.search(r'<details[^>]*id="change-owners"[^>]*\sopen', shown)
    # The page opens where the mistake is.
    assert re.search(r'<input[^>]*name="entity"[^>]*\sautofocus', shown)
    assert told(as_(system), unit)[0].startswith("Enabled by")


def test_a_dialog_that_is_refused_opens_again(unit: Product, technician: User) -> None:
    shown = as_(technician).post(button(unit, "note"), {"text": " "}).content.decode()
    assert re.search(r'<dialog[^>]*id="ask-note"[^>]*data-open', shown)


def test_a_terminated_units_button_says_why_it_does_nothing(
    unit: Product, technician: User
) -> None:
    state = StateFactory.create(product=unit, current_state_type__name="TERMINATED")
    Product.objects.filter(pk=unit.pk).update(
        latest_state=state, current_enable_flag=False, desired_enable_flag=False
    )
    answer = as_(technician).post(button(unit, "enable"), follow=True)
    assert answer.status_code == 200
    unit.refresh_from_db()
    assert unit.desired_enable_flag is False
    assert [str(m) for m in answer.context["messages"]] != []
