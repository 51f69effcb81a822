"""Events are added, never changed: from here on the databases themselves refuse."""

from django.db import migrations

from fondaco.history.guards import append_only


class Migration(migrations.Migration):
    dependencies = [("history", "0001_initial")]
    operations = [append_only("history_event")]
