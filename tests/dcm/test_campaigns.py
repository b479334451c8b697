"""A small share of the long campaigns of device credit, so that they keep running."""

from __future__ import annotations

import pytest
from django.db import connection

from bench.soak.credit import sequences
from bench.soak.credit_races import flood, void_or_acknowledge

on_a_server = pytest.mark.skipif(
    connection.vendor != "postgresql", reason="SQLite has one writer at a time"
)


@pytest.mark.django_db
def test_whatever_happens_the_ledger_is_what_the_unit_holds() -> None:
    examples = 15 if connection.vendor == "postgresql" else 60
    assert sequences(examples=examples, seed=1) > examples


@on_a_server
@pytest.mark.django_db(transaction=True)
def test_of_many_hands_with_the_same_ids_one_books_each() -> None:
    assert "20 commands" in flood(threads=10, ids=20, seed=1)


@on_a_server
@pytest.mark.django_db(transaction=True)
def test_a_reset_and_an_acknowledgement_at_once_end_in_one_of_two_ways() -> None:
    assert sum(void_or_acknowledge(races=40, seed=1).values()) == 40
