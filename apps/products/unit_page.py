"""What the page of a unit shows one caller: why it is as it is, its story, what one can do."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import models

from apps.core.callers import Caller
from apps.core.causes import Cause, Explanation, explain
from apps.core.verbs import Offer, Verb, VerbForm, grouped, offers
from apps.products import timeline
from apps.products.models import Product

MaySee = Callable[[type[models.Model]], bool]


@dataclass(frozen=True)
class Told:
    """A cause as the page tells it, with the buttons that belong beside it."""

    cause: Cause
    offers: tuple[Offer, ...]


# A unit whose page is to be whole has these rows beside it.
RELATED = (
    "product_type",
    "latest_state__current_state_type",
    "latest_enable_history",
    "latest_connection",
)


def unit_page(
    unit: Product,
    caller: Caller,
    may_see: MaySee,
    query: Mapping[str, str],
    refused: tuple[Verb, VerbForm] | None = None,
) -> dict[str, Any]:
    """All that the template shows; `refused` is a form that was sent and comes back.

    `query` is the page's own: `p` and `kind` of the timeline, and first choices of forms.
    """
    page = query.get("p", "1")
    offered = offers(unit, caller, chosen=query, refused=refused)
    why = _told(explain(unit, may_see), offered)
    beside = {offer.verb.name for told in why for offer in told.offers}
    return {
        "unit": unit,
        "standing": timeline.standing(unit),
        "path": timeline.path_of(unit.pk, may_see),
        "why": why[0] if why else None,
        "remarks": why[1:],
        "head_offers": [
            offer for offer in offered if offer.verb.group is None and offer.verb.name not in beside
        ],
        "groups": grouped(offered, unit),
        "cards": timeline.cards(unit.pk, may_see),
        "timeline": timeline.timeline(
            unit.pk,
            may_see,
            page=int(page) if page.isascii() and page.isdigit() and len(page) < 5 else 1,
            kind=query.get("kind", ""),
        ),
    }


def _told(explanation: Explanation | None, offered: list[Offer]) -> list[Told]:
    """The answer, then the remarks, each with its buttons, such as one that takes a wish back."""
    if explanation is None:
        return []
    return [
        Told(cause, tuple(offer for offer in offered if offer.verb.name in cause.verbs))
        for cause in (explanation.answer, *explanation.remarks)
    ]
