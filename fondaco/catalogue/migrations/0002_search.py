"""What each database searches with: a generated tsvector under a GIN index, or an FTS5 table kept by triggers.

PostgreSQL: the lexemes are our own tokens (`array_to_tsvector` parses nothing), the marks with a colon before them, and
the blocks of numbers that the listing belongs to: `#a7` of 2,000, `#b0` of 16,000, `#c0` of 128,000. A query names the
newest blocks first, small ones before large ones, and so never walks the whole list of a frequent word. SQLite: the `ascii` tokenizer splits at spaces only, for our tokens hold
no other ASCII separators, so both answer alike.
"""

from django.db import migrations

POSTGRESQL = [
    """
    ALTER TABLE catalogue_searchdocument ADD COLUMN words tsvector GENERATED ALWAYS AS (
        array_to_tsvector(string_to_array(
            tokens || ' #a' || (number / 2000) || ' #b' || (number / 16000) || ' #c' || (number / 128000)
            || ' :' || replace(marks, ' ', ' :'), ' '))
    ) STORED
    """,
    "CREATE INDEX catalogue_search_words ON catalogue_searchdocument USING gin (words)",
]
POSTGRESQL_BACK = [
    "DROP INDEX catalogue_search_words",
    "ALTER TABLE catalogue_searchdocument DROP COLUMN words",
]
SQLITE = [
    """
    CREATE VIRTUAL TABLE catalogue_search_words USING fts5(
        tokens, marks, content='catalogue_searchdocument', content_rowid='number', tokenize='ascii', detail='column'
    )
    """,
    """
    CREATE TRIGGER catalogue_search_insert AFTER INSERT ON catalogue_searchdocument BEGIN
        INSERT INTO catalogue_search_words(rowid, tokens, marks) VALUES (new.number, new.tokens, new.marks);
    END
    """,
    """
    CREATE TRIGGER catalogue_search_delete AFTER DELETE ON catalogue_searchdocument BEGIN
        INSERT INTO catalogue_search_words(catalogue_search_words, rowid, tokens, marks)
        VALUES ('delete', old.number, old.tokens, old.marks);
    END
    """,
    """
    CREATE TRIGGER catalogue_search_update AFTER UPDATE ON catalogue_searchdocument BEGIN
        INSERT INTO catalogue_search_words(catalogue_search_words, rowid, tokens, marks)
        VALUES ('delete', old.number, old.tokens, old.marks);
        INSERT INTO catalogue_search_words(rowid, tokens, marks) VALUES (new.number, new.tokens, new.marks);
    END
    """,
]
SQLITE_BACK = [
    "DROP TRIGGER catalogue_search_insert",
    "DROP TRIGGER catalogue_search_delete",
    "DROP TRIGGER catalogue_search_update",
    "DROP TABLE catalogue_search_words",
]


def _run(apps, schema_editor, postgresql, sqlite):
    for statement in {"postgresql": postgresql, "sqlite": sqlite}[schema_editor.connection.vendor]:
        schema_editor.execute(statement)


def forwards(apps, schema_editor):
    _run(apps, schema_editor, POSTGRESQL, SQLITE)


def backwards(apps, schema_editor):
    _run(apps, schema_editor, POSTGRESQL_BACK, SQLITE_BACK)


class Migration(migrations.Migration):
    dependencies = [("catalogue", "0001_initial")]
    operations = [migrations.RunPython(forwards, backwards)]
