"""Who owns a unit and who has it: entities and customers, to give it to or take it from."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from apps.core.callers import Caller
from apps.core.errors import Invalid
from apps.core.levels import Level
from apps.core.resources import registry
from apps.core.scope import restrict
from apps.core.verb_fields import INPUT, NamedRow, choice
from apps.core.verbs import Press, Said, Verb, VerbForm, VerbGroup, verb
from apps.entities.models import Entity
from apps.entities.selectors import UNKNOWN_ENTITY_ID, current_customer_of
from apps.entities.services.customers import (
    REASON_CHANGED,
    REASON_EXPIRED,
    change_customer,
    expire_customer,
)
from apps.entities.services.owners import assign_entity, change_entity, remove_entity

OWNERS = VerbGroup("owners", order=20, label=lazy("Owner"), icon="domain")
CUSTOMER = VerbGroup("customer", order=25, label=lazy("Customer"), icon="person")


def _entities(caller: Caller) -> QuerySet[Entity]:
    return restrict(Entity.objects.all(), caller, registry.named("entity").scope)


def _owners(unit: Any, caller: Caller) -> list[tuple[int, str]]:
    """The entities that own the unit now, as far as the caller may know of them."""
    rows = _entities(caller).exclude(pk=UNKNOWN_ENTITY_ID)
    owns = Q(product_entity_linker__product=unit.pk, product_entity_linker__date_removed=None)
    return list(rows.filter(owns).order_by("name").values_list("pk", "name"))


class NewOwnerForm(VerbForm):
    """An entity within the caller's scope, and in whose place it is to own the unit."""

    entity = NamedRow(label=lazy("New owner"))
    instead_of = choice(lazy("In place of"), required=False)

    def __init__(self, unit: Any, caller: Caller, *args: Any, **options: Any) -> None:
        super().__init__(unit, caller, *args, **options)
        field: Any = self.fields["entity"]
        field.offer(_entities(caller).exclude(pk=UNKNOWN_ENTITY_ID))
        owners = _owners(unit, caller)
        instead: Any = self.fields["instead_of"]
        instead.choices = [*owners, ("", _("nobody: it gets one more owner"))]
        if len(owners) == 1:
            # Mostly a unit moves: more than one owner is rare.
            instead.initial = owners[0][0]
        if not owners:
            del self.fields["instead_of"]


class FormerOwnerForm(VerbForm):
    """One of the entities that own the unit."""

    entity = choice(lazy("Owner"))

    def __init__(self, unit: Any, caller: Caller, *args: Any, **options: Any) -> None:
        super().__init__(unit, caller, *args, **options)
        field: Any = self.fields["entity"]
        field.choices = _owners(unit, caller)
        self.pointless = not field.choices


def _give(press: Press) -> Said:
    new, old = press.values["entity"], press.values.get("instead_of")
    unit: dict[str, Any] = {"product_imei": press.unit.pk, "within": press.caller.entity_id}
    if old and int(old) != new:
        changed = change_entity(**unit, old_entity_id=int(old), new_entity_id=new, by=press.by)
    else:
        changed = assign_entity(**unit, entity_id=new, by=press.by)
    name = Entity.objects.values_list("name", flat=True).get(pk=new)
    text = (
        _("{unit} now belongs to {entity}.")
        if changed
        else _("{unit} belongs to {entity} already.")
    )
    return Said(text.format(unit=press.unit.serial_number, entity=name), changed=changed)


def _take(press: Press) -> Said:
    key = int(press.values["entity"])
    try:
        remove_entity(
            product_imei=press.unit.pk,
            entity_id=key,
            within=press.caller.entity_id,
            by=press.by,
        )
    except Invalid as error:
        raise Invalid({"entity": " ".join(map(str, (error.errors or {}).values()))}) from error
    text = _("{unit} no longer belongs to {entity}.")
    name = Entity.objects.values_list("name", flat=True).get(pk=key)
    return Said(text.format(unit=press.unit.serial_number, entity=name))


class ReasonForm(VerbForm):
    """Why a customer loses the unit; the service has words of its own for none."""

    removal_reason = forms.CharField(
        label=lazy("Why the present customer loses it"),
        max_length=255,
        required=False,
        widget=forms.TextInput(attrs=INPUT),
    )


class CustomerForm(ReasonForm):
    """A customer by the code that the system that sells to them knows them by."""

    external_customer_code = forms.CharField(
        label=lazy("Customer code"), max_length=255, widget=forms.TextInput(attrs=INPUT)
    )
    field_order = ("external_customer_code", "removal_reason")


def _give_to_customer(press: Press) -> Said:
    code = press.values["external_customer_code"]
    row, is_new = change_customer(
        product_imei=press.unit.pk,
        customer={"external_customer_code": code},
        within=press.caller.entity_id,
        removal_reason=press.values["removal_reason"] or REASON_CHANGED,
        by=press.by,
    )
    text = _("{customer} has {unit} now.") if is_new else _("{customer} has {unit} already.")
    words = {"unit": press.unit.serial_number, "customer": row.customer.name}
    return Said(text.format(**words), changed=is_new)


def _take_from_customer(press: Press) -> Said:
    row = expire_customer(
        product_imei=press.unit.pk,
        removal_reason=press.values["removal_reason"] or REASON_EXPIRED,
        by=press.by,
    )
    unit = press.unit.serial_number
    if row is None:
        return Said(_("Nobody has {unit}.").format(unit=unit), changed=False)
    text = _("{customer} no longer has {unit}.")
    return Said(text.format(unit=unit, customer=row.customer.name))


verb(
    Verb(
        name="give-to-entity",
        group=OWNERS,
        label=lazy("Give to an entity"),
        icon="domain_add",
        level=Level.ADMIN,
        consequence=lazy(
            "Its people see the unit from their next page on; those of an entity that no longer"
            " owns it do not. You can give it back in the same way."
        ),
        form=NewOwnerForm,
        act=_give,
    ),
    Verb(
        name="take-from-entity",
        group=OWNERS,
        label=lazy("Take from an entity"),
        icon="domain_disabled",
        level=Level.ADMIN,
        consequence=lazy(
            "Its people no longer see the unit. Without any owner it belongs to Unknown Entity."
        ),
        form=FormerOwnerForm,
        act=_take,
    ),
    Verb(
        name="give-to-customer",
        group=CUSTOMER,
        label=lazy("Give to a customer"),
        icon="person_add",
        level=Level.ADMIN,
        consequence=lazy(
            "The customer must be one of the unit's owner. Whoever has the unit now loses it."
        ),
        form=CustomerForm,
        act=_give_to_customer,
    ),
    Verb(
        name="take-from-customer",
        group=CUSTOMER,
        label=lazy("Take from the customer"),
        icon="person_remove",
        level=Level.ADMIN,
        consequence=lazy("Nobody has it then; its owner stays."),
        form=ReasonForm,
        offered=lambda unit, caller: current_customer_of(unit.pk) is not None,
        act=_take_from_customer,
    ),
)
