"""What the databases themselves refuse: triggers that keep the books balanced, chained and complete.

Both databases hold the same promises against any program that writes to them, at the latest at commit:

- entries come first, their posting last (the foreign key is checked at commit, so none stays without one);
- a posting is refused unless its entries are two or more and sum to zero in each currency;
- no entry joins a posting that stands;
- an entry continues its account's chain (balance before it, version, currency) and moves the balance itself:
  nobody else can, an account's balance follows only from an entry that is there;
- postings and entries are never changed or deleted, nor what identifies accounts, periods, dues and card tries.

A later migration that rebuilds one of these tables on SQLite drops its triggers and must repeat `guard_books()`.
"""

from __future__ import annotations

from typing import Any

from django.db import migrations

_POSTGRES = [
    """
CREATE OR REPLACE FUNCTION fondaco_ledger_refuse(why text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'ledger: %', why USING ERRCODE = 'integrity_constraint_violation';
END $$
""",
    """
CREATE OR REPLACE FUNCTION fondaco_ledger_posting() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (SELECT COUNT(*) FROM ledger_entry WHERE posting_id = NEW.id) < 2 THEN
        PERFORM fondaco_ledger_refuse('a posting needs two entries');
    END IF;
    IF EXISTS (SELECT 1 FROM ledger_entry WHERE posting_id = NEW.id GROUP BY currency HAVING SUM(amount_minor) <> 0) THEN
        PERFORM fondaco_ledger_refuse('the entries of a posting sum to zero');
    END IF;
    RETURN NULL;
END $$
""",
    """
CREATE OR REPLACE FUNCTION fondaco_ledger_entry() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM ledger_posting WHERE id = NEW.posting_id) THEN
        PERFORM fondaco_ledger_refuse('this posting is complete');
    END IF;
    UPDATE ledger_account SET balance_minor = NEW.current_minor, version = NEW.account_version
     WHERE id = NEW.account_id AND currency = NEW.currency AND balance_minor = NEW.previous_minor
       AND version = NEW.account_version - 1 AND seller_id IS NOT DISTINCT FROM NEW.seller_id;
    IF NOT FOUND THEN
        PERFORM fondaco_ledger_refuse('an entry continues the chain of its account');
    END IF;
    RETURN NULL;
END $$
""",
    """
CREATE OR REPLACE FUNCTION fondaco_ledger_account() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.balance_minor <> 0 OR NEW.version <> 0 OR NEW.held_minor <> 0 THEN
            PERFORM fondaco_ledger_refuse('an account begins at zero');
        END IF;
    ELSIF NEW.version <> OLD.version + 1 OR NOT EXISTS (
        SELECT 1 FROM ledger_entry WHERE account_id = NEW.id AND account_version = NEW.version
           AND current_minor = NEW.balance_minor) THEN
        PERFORM fondaco_ledger_refuse('only an entry moves a balance');
    END IF;
    RETURN NEW;
END $$
""",
    "CREATE CONSTRAINT TRIGGER ledger_posting_balanced AFTER INSERT ON ledger_posting "
    "DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION fondaco_ledger_posting()",
    "CREATE TRIGGER ledger_entry_moves AFTER INSERT ON ledger_entry "
    "FOR EACH ROW EXECUTE FUNCTION fondaco_ledger_entry()",
    "CREATE TRIGGER ledger_account_moves BEFORE INSERT OR UPDATE OF balance_minor, version ON ledger_account "
    "FOR EACH ROW EXECUTE FUNCTION fondaco_ledger_account()",
]
_POSTGRES_BACK = [
    "DROP TRIGGER IF EXISTS ledger_posting_balanced ON ledger_posting",
    "DROP TRIGGER IF EXISTS ledger_entry_moves ON ledger_entry",
    "DROP TRIGGER IF EXISTS ledger_account_moves ON ledger_account",
]

# SQLite: RAISE is an expression, so each refusal is a SELECT that finds something. REPLACE deletes without asking the
# DELETE triggers: what is there already is therefore refused before it could be replaced.
_SQLITE = [
    """
CREATE TRIGGER ledger_posting_balanced BEFORE INSERT ON ledger_posting BEGIN
    SELECT RAISE(ABORT, 'ledger: this posting stands')
     WHERE EXISTS (SELECT 1 FROM ledger_posting
                    WHERE id = NEW.id OR key = NEW.key OR reverses_id = NEW.reverses_id);
    SELECT RAISE(ABORT, 'ledger: a posting needs two entries')
     WHERE (SELECT COUNT(*) FROM ledger_entry WHERE posting_id = NEW.id) < 2;
    SELECT RAISE(ABORT, 'ledger: the entries of a posting sum to zero')
     WHERE EXISTS (SELECT 1 FROM ledger_entry WHERE posting_id = NEW.id
                    GROUP BY currency HAVING SUM(amount_minor) <> 0);
END
""",
    """
CREATE TRIGGER ledger_entry_joins BEFORE INSERT ON ledger_entry BEGIN
    SELECT RAISE(ABORT, 'ledger: this posting is complete')
     WHERE EXISTS (SELECT 1 FROM ledger_posting WHERE id = NEW.posting_id);
    SELECT RAISE(ABORT, 'ledger: this entry stands')
     WHERE EXISTS (SELECT 1 FROM ledger_entry
                    WHERE id = NEW.id OR (account_id = NEW.account_id AND account_version = NEW.account_version));
    SELECT RAISE(ABORT, 'ledger: whole minor units only')
     WHERE typeof(NEW.amount_minor) <> 'integer' OR typeof(NEW.current_minor) <> 'integer';
    SELECT RAISE(ABORT, 'ledger: an entry continues the chain of its account')
     WHERE NOT EXISTS (SELECT 1 FROM ledger_account
                        WHERE id = NEW.account_id AND currency = NEW.currency AND balance_minor = NEW.previous_minor
                          AND version = NEW.account_version - 1 AND seller_id IS NEW.seller_id);
END
""",
    """
CREATE TRIGGER ledger_entry_moves AFTER INSERT ON ledger_entry BEGIN
    UPDATE ledger_account SET balance_minor = NEW.current_minor, version = NEW.account_version
     WHERE id = NEW.account_id;
END
""",
    """
CREATE TRIGGER ledger_account_moves BEFORE UPDATE OF balance_minor, version ON ledger_account
WHEN NEW.version <> OLD.version + 1 OR NOT EXISTS (
    SELECT 1 FROM ledger_entry WHERE account_id = NEW.id AND account_version = NEW.version
       AND current_minor = NEW.balance_minor)
BEGIN SELECT RAISE(ABORT, 'ledger: only an entry moves a balance'); END
""",
    """
CREATE TRIGGER ledger_account_begins BEFORE INSERT ON ledger_account BEGIN
    SELECT RAISE(ABORT, 'ledger: an account begins at zero')
     WHERE NEW.balance_minor <> 0 OR NEW.version <> 0 OR NEW.held_minor <> 0;
    SELECT RAISE(ABORT, 'ledger: this account stands')
     WHERE EXISTS (SELECT 1 FROM ledger_account WHERE id = NEW.id OR (
            kind = NEW.kind AND currency = NEW.currency AND shard = NEW.shard AND seller_id IS NEW.seller_id));
END
""",
]
_SQLITE_BACK = [
    f"DROP TRIGGER IF EXISTS {name}"
    for name in (
        "ledger_posting_balanced",
        "ledger_entry_joins",
        "ledger_entry_moves",
        "ledger_account_moves",
        "ledger_account_begins",
    )
]


def guard_books() -> migrations.RunPython:
    """A migration step that puts the triggers up; backwards it takes them down."""
    return migrations.RunPython(_run(_POSTGRES, _SQLITE), _run(_POSTGRES_BACK, _SQLITE_BACK))


def _run(postgres: list[str], sqlite: list[str]) -> Any:
    def run(_apps: Any, schema_editor: Any) -> None:
        for statement in postgres if schema_editor.connection.vendor == "postgresql" else sqlite:
            schema_editor.execute(statement, params=None)

    return run
