"""The one entity every installation has: the owner of units that have no owner."""

from apps.core.catalogue import Table

TABLES = (
    Table(
        model="entities.Entity",
        columns=("pk", "name", "bboxx_company_flag"),
        rows=[(1, "Unknown Entity", False)],
        facts=("name",),
    ),
)
