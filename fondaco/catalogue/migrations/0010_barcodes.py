"""Barcodes stand among a product's attributes (`gtin`, fourteen digits); products are found by them through this index."""

from django.db import migrations

INDEX = {
    "postgresql": """
        CREATE INDEX product_gtin ON catalogue_product ((attributes->>'gtin'), id) WHERE attributes->>'gtin' IS NOT NULL
    """,
    "sqlite": """
        CREATE INDEX product_gtin ON catalogue_product (json_extract(attributes, '$.gtin'), id)
        WHERE json_extract(attributes, '$.gtin') IS NOT NULL
    """,
}


def create(apps, schema_editor):
    schema_editor.execute(INDEX[schema_editor.connection.vendor])


def drop(apps, schema_editor):
    schema_editor.execute("DROP INDEX product_gtin")


class Migration(migrations.Migration):
    dependencies = [("catalogue", "0009_staged_picture")]

    operations = [migrations.RunPython(create, drop)]
