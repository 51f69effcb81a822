"""SKUs are ordered and searched by their bytes on PostgreSQL, as they are on SQLite: lists page alike on both, and the
beginning of a SKU is found in the index of `one_sku_per_seller` (under other collations LIKE 'x%' reads every row).
"""

from django.db import migrations


def _collate(schema_editor, collation):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(f'ALTER TABLE catalogue_offer ALTER COLUMN sku TYPE varchar(40) COLLATE "{collation}"')


def forwards(apps, schema_editor):
    _collate(schema_editor, "C")


def backwards(apps, schema_editor):
    _collate(schema_editor, "default")


class Migration(migrations.Migration):
    dependencies = [("catalogue", "0005_waiting_times")]
    operations = [migrations.RunPython(forwards, backwards)]
