"""What staff wrote about made-up units, and the groups they put them in."""

from __future__ import annotations

from random import Random

from apps.core.demo import Fleet, Unit
from apps.entities.demo import COMPANIES, Ownership
from apps.entities.models import Entity
from apps.products.demo.life import Life, between
from apps.products.models import ProductGroup, ProductNote, ProductProductGroupLinker

NOTES = (
    "Customer moved to {town}, unit still connects from the old place.",
    "Called the customer: panel was under the mango tree, moved to the roof.",
    "Customer says the lamps go off before midnight. Checked: television runs all evening.",
    "Visited the home. Panel cable chewed by goats, replaced on the spot.",
    "Unit seen in {town} market, customer is not the one in the system.",
    "Customer pays by mobile money of her son, number on file is not hers.",
    "No signal inside the house. Asked the customer to put the unit near the window.",
    "Battery swapped under warranty, old one sent to {town}.",
    "Customer asked for a second lamp and a radio.",
    "Paid up to the end of the season, will pay again after the harvest.",
    "Phone off for two weeks, neighbour says the family is travelling.",
    "Seal broken when I came. Customer says the children did it.",
    "Screen brightness set down, customer sleeps next to the unit.",
    "Unit fell from the shelf, casing cracked, still works.",
    "Shop keeper charges phones for money with it. Explained the terms.",
    "Reset at the {town} shop, connects again.",
)
_PILOTS = ("Pay-after-harvest pilot", "School lighting programme", "Weak-signal watch list")


class Groups:
    """The groups of each company; a fifth of the units is in one."""

    def __init__(self) -> None:
        ids = dict(Entity.objects.values_list("name", "pk"))
        self.of: dict[str, list[int]] = {}
        for company in COMPANIES:
            self.of[company.name] = [
                ProductGroup.objects.get_or_create(
                    name=f"{company.country}: {pilot}",
                    defaults={
                        "description": f"{pilot} of {company.name}",
                        "entity_id": ids[company.name],
                        "created_by": "demo",
                    },
                )[0].pk
                for pilot in _PILOTS
            ]

    def write(self, fleet: Fleet, unit: Unit, rng: Random) -> None:
        """Put the unit into a group for good, or for a time that is over."""
        if not unit.sold or rng.random() > 0.2:
            return
        owner = unit.get(Ownership)
        since = between(rng, unit.sold, fleet.until, 0.1, 0.7)
        left = between(rng, since, fleet.until, 0.2, 0.9) if rng.random() < 0.3 else None
        fleet.add(
            ProductProductGroupLinker,
            at=since,
            by=owner.staff("admin"),
            product_imei=unit.key,
            product_group_id=rng.choice(self.of[owner.company.name]),
            date_added=since,
            date_removed=left,
            modified_at=left,
            modified_by=owner.staff("admin") if left else None,
        )


def write_notes(fleet: Fleet, unit: Unit, rng: Random) -> None:
    """None on most units, one on some, several on a few."""
    start = unit.get(Life).activated
    if not start:
        return
    owner = unit.get(Ownership)
    for _note in range(rng.choices((0, 1, 2, 3), (84, 11, 4, 1))[0]):
        fleet.add(
            ProductNote,
            at=between(rng, start, unit.ended or fleet.until),
            by=owner.staff(rng.choice(("technician", "callcentre"))),
            product_imei=unit.key,
            note_text=rng.choice(NOTES).format(town=owner.town.name),
        )
