"""Notes on units, as services write them."""

from __future__ import annotations

import datetime as dt
from threading import Barrier, Thread

import pytest
import time_machine
from django.db import connection, connections

from apps.core.errors import Invalid
from apps.products.errors import UnknownProduct
from apps.products.models import ProductNote
from apps.products.services.notes import NOTE_LENGTH, add_note
from tests.factories import ProductFactory

pytestmark = pytest.mark.django_db


def test_a_note_says_who_left_it() -> None:
    product = ProductFactory.create()
    note = add_note(product_imei=product.pk, text="  Panel in the shade \n", by="a@example.com")
    note.refresh_from_db()
    assert (note.note_text, note.created_by) == ("Panel in the shade", "a@example.com")
    assert note.product == product


@pytest.mark.parametrize("text", ["", " \n", "x" * (NOTE_LENGTH + 1)])
def test_a_note_has_some_text_but_not_too_much(text: str) -> None:
    product = ProductFactory.create()
    with pytest.raises(Invalid) as caught:
        add_note(product_imei=product.pk, text=text, by="a@example.com")
    assert "note_text" in caught.value.errors
    assert not ProductNote.objects.exists()


def test_a_note_needs_a_unit() -> None:
    with pytest.raises(UnknownProduct):
        add_note(product_imei="999999999999999", text="Lost", by="a@example.com")


@pytest.mark.parametrize(
    ("seconds", "text", "by", "notes"),
    [
        (1, "Dog!", "a@example.com", 1),
        (1, " Dog! ", "a@example.com", 1),
        (1, "Dogs!", "a@example.com", 2),
        (1, "Dog!", "b@example.com", 2),
        (60, "Dog!", "a@example.com", 2),
    ],
)
def test_a_note_whose_button_is_pressed_twice_is_left_once(
    seconds: int, text: str, by: str, notes: int
) -> None:
    unit, other = ProductFactory.create().pk, ProductFactory.create().pk
    pressed = dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC)
    with time_machine.travel(pressed, tick=False) as clock:
        first = add_note(product_imei=unit, text="Dog!", by="a@example.com")
        add_note(product_imei=other, text="Dog!", by="a@example.com")
        clock.shift(seconds)
        again = add_note(product_imei=unit, text=text, by=by)
    assert (again == first) is (notes == 1)
    assert ProductNote.objects.filter(product=unit).count() == notes


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer at a time")
@pytest.mark.django_db(transaction=True)
def test_four_presses_at_once_leave_one_note() -> None:
    for _round in range(5):
        unit, gate = ProductFactory.create().pk, Barrier(4)

        def press(unit: str = unit, gate: Barrier = gate) -> None:
            try:
                gate.wait(10)
                add_note(product_imei=unit, text="Dog!", by="a@example.com")
            finally:
                connections.close_all()

        threads = [Thread(target=press) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert ProductNote.objects.filter(product=unit).count() == 1
