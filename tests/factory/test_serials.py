"""Serial numbers: their shape and what the check character catches."""

from __future__ import annotations

import pytest

from apps.factory.models import Serial
from apps.factory.serials import check_character, has_good_check, serial_number
from apps.factory.services.serials import claim_serial_number

GOOD = serial_number("HB000501", 84031)


def test_a_serial_number_has_the_shape_of_the_reference() -> None:
    assert GOOD[:-1] == "HB000501-084031-"
    assert serial_number("PA040000", 18002)[:-1] == "PA040000-018002-"
    assert serial_number("BX0020", 1_234_567)[:-1] == "BX0020-1234567-"


def test_the_check_character_is_the_one_of_the_standard() -> None:
    # A Global Release Identifier, whose check character is that of ISO 7064, MOD 37,36.
    assert check_character("A1-2425G-ABC1234002") == "M"


def test_every_single_wrong_character_is_noticed() -> None:
    body, check = GOOD[:-2], GOOD[-1]
    for place, right in enumerate(body):
        for wrong in "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ":
            if right not in ("-", wrong):
                assert not has_good_check(f"{body[:place]}{wrong}{body[place + 1 :]}-{check}")


def test_neighbours_swapped_are_noticed() -> None:
    body, check = GOOD[:-2], GOOD[-1]
    for place in range(len(body) - 1):
        a, b = body[place : place + 2]
        if a != b and "-" not in (a, b):
            assert not has_good_check(f"{body[:place]}{b}{a}{body[place + 2 :]}-{check}")


@pytest.mark.parametrize("text", ["", "-", "--", "A", "HB000501", "é-1", "１-2", GOOD + "-"])
def test_text_of_another_shape_has_no_good_check(text: str) -> None:
    assert not has_good_check(text)


def test_case_does_not_count() -> None:
    assert has_good_check(GOOD)
    assert has_good_check(GOOD.lower())


@pytest.mark.django_db
def test_claimed_numbers_are_counted_in_the_table() -> None:
    first, second = (claim_serial_number(prefix="HB000501", by="f@example.com") for _ in "ab")
    keys = list(Serial.objects.order_by("pk").values_list("pk", flat=True))
    assert [first, second] == [serial_number("HB000501", key) for key in keys]
    assert set(Serial.objects.values_list("created_by", flat=True)) == {"f@example.com"}
