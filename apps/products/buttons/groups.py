"""Groups of units: into one, or out of one."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from apps.core.callers import Caller
from apps.core.levels import Level
from apps.core.resources import registry
from apps.core.scope import restrict
from apps.core.verb_fields import NamedRow, choice
from apps.core.verbs import Press, Said, Verb, VerbForm, VerbGroup, verb
from apps.products.models import Product, ProductGroup
from apps.products.services.groups import add_to_group, remove_from_group

GROUPS = VerbGroup("groups", order=30, label=lazy("Groups"), icon="workspaces")


def _groups(caller: Caller) -> QuerySet[ProductGroup]:
    return restrict(ProductGroup.objects.all(), caller, registry.named("product_group").scope)


def _joined(unit: Product) -> Q:
    return Q(
        product_product_group_linker__product=unit,
        product_product_group_linker__date_removed__isnull=True,
    )


class JoinForm(VerbForm):
    """A group that takes units of this type."""

    group = NamedRow(label=lazy("Group"))

    def __init__(self, unit: Product, caller: Caller, *args: Any, **options: Any) -> None:
        super().__init__(unit, caller, *args, **options)
        field: Any = self.fields["group"]
        fitting = Q(product_type=None) | Q(product_type=unit.product_type_id)
        field.offer(_groups(caller).filter(fitting, name__isnull=False))
        self.pointless = not field.widget.names


class LeaveForm(VerbForm):
    """A group that the unit is in."""

    group = choice(lazy("Group"))

    def __init__(self, unit: Product, caller: Caller, *args: Any, **options: Any) -> None:
        super().__init__(unit, caller, *args, **options)
        field: Any = self.fields["group"]
        field.choices = [(row.pk, str(row)) for row in _groups(caller).filter(_joined(unit))]
        self.pointless = not field.choices


def _join(press: Press) -> Said:
    row, is_new = add_to_group(
        product_imei=press.unit.pk, product_group_id=press.values["group"], by=press.by
    )
    text = (
        _("{unit} is now in the group “{group}”.")
        if is_new
        else _("{unit} is in the group “{group}” already.")
    )
    words = {"unit": press.unit.serial_number, "group": row.product_group}
    return Said(text.format(**words), changed=is_new)


def _leave(press: Press) -> Said:
    row = remove_from_group(
        product_imei=press.unit.pk, product_group_id=int(press.values["group"]), by=press.by
    )
    text = _("{unit} is no longer in the group “{group}”.")
    return Said(text.format(unit=press.unit.serial_number, group=row.product_group))


verb(
    Verb(
        name="join-group",
        group=GROUPS,
        label=lazy("Put into a group"),
        icon="group_add",
        level=Level.ADMIN,
        consequence=lazy("You can take it out again at any time; both are kept in its story."),
        form=JoinForm,
        act=_join,
    ),
    Verb(
        name="leave-group",
        group=GROUPS,
        label=lazy("Take out of a group"),
        icon="group_remove",
        level=Level.ADMIN,
        form=LeaveForm,
        act=_leave,
    ),
)
