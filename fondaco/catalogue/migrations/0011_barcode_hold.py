"""Where transactions that make products meet over a barcode (`locks.barcodes`). Its rows never outlive their transaction."""

from django.db import migrations, models


def without_a_log(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("ALTER TABLE catalogue_barcodehold SET UNLOGGED")


class Migration(migrations.Migration):
    dependencies = [("catalogue", "0010_barcodes")]

    operations = [
        migrations.CreateModel(
            name="BarcodeHold",
            fields=[("gtin", models.CharField(max_length=14, primary_key=True, serialize=False))],
        ),
        migrations.RunPython(without_a_log, migrations.RunPython.noop),
    ]
