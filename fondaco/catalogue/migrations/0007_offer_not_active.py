from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("catalogue", "0006_sku_order")]

    operations = [
        migrations.AddIndex(
            model_name="offer",
            index=models.Index(
                condition=models.Q(("status", "active"), _negated=True),
                fields=["seller", "status", "id"],
                name="offer_not_active",
            ),
        ),
    ]
