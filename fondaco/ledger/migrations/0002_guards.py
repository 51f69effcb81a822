"""The books only grow and stay balanced: from here on the databases themselves refuse anything else."""

from django.db import migrations

from fondaco.history.guards import append_only
from fondaco.ledger.guards import guard_books


class Migration(migrations.Migration):
    dependencies = [("ledger", "0001_initial")]
    operations = [
        append_only("ledger_posting"),
        append_only("ledger_entry"),
        append_only(
            "ledger_account", frozen=["id", "kind", "seller_id", "currency", "shard", "never_below_zero"]
        ),
        append_only(
            "ledger_period", frozen=["id", "seller_id", "currency", "number", "starts_at", "ends_at", "opening_minor"]
        ),
        append_only("ledger_periodtotal", frozen=["id", "period_id", "section", "reason"]),
        append_only(
            "ledger_hold", frozen=["id", "key", "request_hash", "account_id", "amount_minor", "cause_kind", "cause_id"]
        ),
        append_only("ledger_due", frozen=["id", "posting_id", "seller_id", "currency", "amount_minor", "created_at"]),
        append_only("ledger_cardtry", frozen=["id", "due_id", "number", "key", "card_id", "amount_minor"]),
        guard_books(),
    ]
