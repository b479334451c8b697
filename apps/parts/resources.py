"""Parts, part types and the rules about them, as served."""

from apps.core.levels import CLOSED, READ_EDIT_DELETE, TYPE_TABLE, Level, levels
from apps.core.resources import Resource, register
from apps.core.scope import HIDDEN, PUBLIC, via_product
from apps.parts import models
from apps.parts.services.settings import write_part_parameter

register(
    Resource(
        model=models.Part,
        # A PCB's properties hold the key its unit will sign with.
        masked={"properties": Level.FACTORY},
        path="parts",
        levels=levels(
            GET=Level.OVERVIEW, POST=Level.FACTORY, PUT=Level.SYSTEM, DELETE=Level.SYSTEM
        ),
        scope=via_product("part_product_linker__product"),
        listed=("serial_number", "part_type", "manufacturer", "created_at"),
        search=(
            "serial_number",
            "part_type__name",
            "part_product_linker__product__serial_number",
            "part_product_linker__product__product_imei",
        ),
        filters=("part_type",),
    ),
    Resource(
        model=models.PartProductLinker,
        path="part_product_linker",
        levels=READ_EDIT_DELETE,
        scope=via_product(),
        listed=("part", "product", "date_added", "date_removed", "replaced_part"),
        search=("product__serial_number", "product__product_imei", "part__serial_number"),
    ),
    Resource(
        model=models.PartParameter,
        path="part_parameters",
        levels=TYPE_TABLE,
        scope=via_product("part__part_product_linker__product"),
        read_only=("status", "date_added", "date_removed"),
        write_once=("part_id", "parameter_type_id", "value"),
        create=write_part_parameter,
        listed=("part", "parameter_type", "value", "status", "date_added", "date_removed"),
        search=(
            "part__serial_number",
            "parameter_type__name",
            "part__part_product_linker__product__serial_number",
            "part__part_product_linker__product__product_imei",
        ),
        filters=("status", "parameter_type"),
    ),
    Resource(
        model=models.PartType,
        path="part_types",
        levels=TYPE_TABLE,
        scope=PUBLIC,
        listed=(
            "name",
            "part_type_category",
            "erp_code",
            "serial_number_category",
            "is_sent_by_unit",
        ),
        search=("name", "description", "erp_code"),
        filters=("part_type_category", "serial_number_category", "is_sent_by_unit"),
        importable=True,
    ),
    Resource(
        model=models.PartTypeCategory,
        path="part_type_categories",
        levels=TYPE_TABLE,
        scope=PUBLIC,
        listed=("name", "created_at", "created_by"),
        search=("name",),
        importable=True,
    ),
    Resource(
        model=models.PartTypeProductTypeLinker,
        path="part_type_product_type_linker",
        levels=TYPE_TABLE,
        scope=PUBLIC,
        listed=("product_type", "part_type", "created_at"),
        search=("product_type__name", "part_type__name"),
        filters=("product_type",),
        importable=True,
    ),
    Resource(
        model=models.PartTypeReplacementLinker,
        path="part_type_replacement_linker",
        levels=TYPE_TABLE,
        scope=PUBLIC,
        listed=(
            "existing_part_type",
            "replacement_part_type",
            "product_type",
            "default_part_type",
            "critical_part_type",
            "non_transferable",
        ),
        search=(
            "existing_part_type__name",
            "replacement_part_type__name",
            "product_type__name",
        ),
        filters=("product_type", "default_part_type", "critical_part_type", "non_transferable"),
        importable=True,
    ),
    Resource(
        model=models.DefaultEnergyLimit,
        path="default_energy_limits",
        levels=CLOSED,
        scope=HIDDEN,
        listed=(
            "battery_type",
            "state_type",
            "entity",
            "energy_limit",
            "min_energy_limit",
            "max_energy_limit",
        ),
        search=("battery_type__name", "state_type__name", "entity__name"),
        filters=("state_type", "battery_type"),
    ),
)
