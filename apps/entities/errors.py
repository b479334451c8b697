"""What can be wrong with a request about entities and customers."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from apps.core.errors import Invalid


class UnknownEntity(Invalid):
    """No such entity, or none that the caller may know of: the same words for both."""

    def __init__(self, *columns: str) -> None:
        super().__init__(dict.fromkeys(columns or ("entity_id",), _("No row with this key exists")))


class NotAnOwner(Invalid):
    """An entity that does not own the unit is to be taken from it; `named` is column=entity_id."""

    def __init__(self, product_imei: str, **named: int) -> None:
        text = gettext("Product #{imei} is not assigned to entity: {entity}")
        super().__init__(
            {column: text.format(imei=product_imei, entity=key) for column, key in named.items()}
        )


class OtherOwners(Invalid):
    """Unknown Entity, which stands for no owner, is to be put beside an owner."""

    def __init__(self, product_imei: str, column: str) -> None:
        text = gettext(
            "Entity #1 stands for having no entity; remove the entities of Product #{imei} instead"
        )
        super().__init__({column: text.format(imei=product_imei)})


class OnlyUnknownEntity(Invalid):
    """A unit without an owner is to be taken from Unknown Entity."""

    def __init__(self, product_imei: str) -> None:
        text = gettext(
            "Product #{imei} has no entity; entity #1 leaves it as soon as another is assigned"
        )
        super().__init__({"entity_id": text.format(imei=product_imei)})


class CustomerExists(Invalid):
    """The entity already has a customer with this identifier."""

    def __init__(self, column: str) -> None:
        super().__init__({column: _("A customer of this entity already has this value")})


class UnidentifiedCustomer(Invalid):
    """None of the columns that tell customers apart is given."""

    def __init__(self, columns: Iterable[str]) -> None:
        super().__init__(dict.fromkeys(columns, _("Give at least one of these")))


class UnknownCustomer(Invalid):
    """No customer by these columns among those of the entities that own the unit."""

    def __init__(self, columns: Iterable[str]) -> None:
        text = _("No customer of an entity that owns this product has this value")
        super().__init__(dict.fromkeys(columns, text))


class AmbiguousCustomer(Invalid):
    """Several entities own the unit and more than one has a customer with this identifier."""

    def __init__(self, columns: Iterable[str]) -> None:
        text = _("More than one customer has this value; give the customer_id")
        super().__init__(dict.fromkeys(columns, text))
