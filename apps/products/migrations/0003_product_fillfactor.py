from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def _set(schema_editor: BaseDatabaseSchemaEditor, clause: str) -> None:
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(f"ALTER TABLE product {clause}")


def leave_room(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Keep 30 % of each page free, so that a unit's row is rewritten on its page at each report."""
    _set(schema_editor, "SET (fillfactor = 70)")


def fill_up(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    _set(schema_editor, "RESET (fillfactor)")


class Migration(migrations.Migration):
    dependencies = [("products", "0002_initial")]

    operations = [migrations.RunPython(leave_room, fill_up)]
