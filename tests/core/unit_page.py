"""The page of a unit in the back office, and the moment at which tests look at it."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.test import Client
from django.urls import reverse

from apps.accounts.models import User
from apps.products.models import EnableState, Product
from tests.factories import (
    EnableHistoryFactory,
    ProductFactory,
)

NOW = dt.datetime(2024, 5, 1, 12, tzinfo=dt.UTC)


def a_unit_that_is_on() -> Product:
    """A unit that is on, because staff asked for it and it confirmed."""
    made = ProductFactory.create(current_enable_flag=True, desired_enable_flag=True)
    asked = EnableHistoryFactory.create(
        product=made, date=NOW - dt.timedelta(days=3), user="ann@example.com"
    )
    heard = EnableHistoryFactory.create(
        product=made,
        prev_enable_state=asked.current_enable_state,
        current_enable_state=EnableState.ENABLED,
        user="unit",
        date=NOW - dt.timedelta(days=3) + dt.timedelta(minutes=14),
    )
    Product.objects.filter(pk=made.pk).update(latest_enable_history=heard)
    made.refresh_from_db()
    return made


def as_(user: User, *, csrf: bool = False) -> Client:
    session = Client(enforce_csrf_checks=csrf)
    session.force_login(user)
    return session


def page_of(unit: Product) -> str:
    return reverse("admin:products_product_change", args=(unit.pk,))


def button(unit: Product, verb: str) -> str:
    return reverse("admin:products_product_act", args=(unit.pk, verb))


def told(client: Client, unit: Product, **params: Any) -> list[str]:
    """The events of the unit's story, as its page tells them."""
    events = client.get(page_of(unit), params).context["timeline"].events
    return [f"{event.title}: {event.detail}" if event.detail else event.title for event in events]
