"""The page of a unit as a person uses it: open it, press a button, read what it says."""

from __future__ import annotations

from typing import Any

from django.test import Client
from django.urls import reverse

from apps.accounts.models import User
from apps.entities.models import ProductEntityLinker
from apps.products.models import Product, ProductProductGroupLinker, State


class UnitPage:
    """One person before the page of one unit."""

    def __init__(self, unit: Product, user: User) -> None:
        self.unit = unit
        self.client = Client()
        self.client.force_login(user)
        self.url = reverse("admin:products_product_change", args=(unit.pk,))

    def open(self, **query: Any) -> Any:
        return self.client.get(self.url, query)

    def press(self, verb: str, **values: Any) -> Any:
        """Press a button, with what was typed; the answer before any redirect."""
        return self.client.post(
            reverse("admin:products_product_act", args=(self.unit.pk, verb)), values
        )

    def said(self, verb: str, **values: Any) -> str:
        """Press a button that is obeyed; what the next page says."""
        answer = self.press(verb, **values)
        assert answer.status_code == 302, answer.context["groups"]
        shown = self.client.get(answer.url)
        return " ".join(str(message) for message in shown.context["messages"])

    def refused(self, verb: str, **values: Any) -> Any:
        """Press a button that is refused; its form as it comes back on the page."""
        answer = self.press(verb, **values)
        assert answer.status_code == 200
        offer = next(offer for offer in offers_in(answer) if offer.verb.name == verb)
        assert offer.open
        return offer.form

    def offered(self, **query: Any) -> set[str]:
        """The names of all buttons on the page."""
        return {offer.verb.name for offer in offers_in(self.open(**query))}


def offers_in(answer: Any) -> list[Any]:
    """Every offer on a page: at the top, beside the sentence, and in the groups."""
    context = answer.context
    told = [*([context["why"]] if context["why"] else []), *context["remarks"]]
    return [
        *context["head_offers"],
        *(offer for cause in told for offer in cause.offers),
        *(offer for group in context["groups"] for offer in group.offers),
    ]


def everything() -> tuple[Any, ...]:
    """What a refusal leaves as it was."""
    return (
        list(Product.objects.order_by("pk").values()),
        list(State.objects.order_by("pk").values()),
        list(ProductEntityLinker.objects.order_by("pk").values()),
        list(ProductProductGroupLinker.objects.order_by("pk").values()),
    )
