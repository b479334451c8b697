"""What can be wrong with a request about entities and customers."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from apps.core.errors import Invalid


class UnknownEntity(Invalid):
    """No such entity, or none that the caller may know of: the same words for both."""

    def __init__(self) -> None:
        super().__init__({"entity_id": _("No row with this key exists")})


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
