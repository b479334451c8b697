"""Notes on units, as services write them."""

from __future__ import annotations

import pytest

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
