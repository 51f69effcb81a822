"""A published version is never changed or deleted; only its withdrawal is written later."""

from django.db import migrations

from fondaco.history.guards import append_only


class Migration(migrations.Migration):
    dependencies = [("policy", "0001_initial")]
    operations = [
        append_only(
            "policy_policyversion",
            frozen=[
                "id", "key", "store", "number", "value", "effective_from", "effective_to",
                "basis", "note", "author_id", "author_name", "created_at",
            ],
        )
    ]
