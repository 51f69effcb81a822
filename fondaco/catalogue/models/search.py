"""What search reads: one row per listing."""

from __future__ import annotations

from django.db import models

from fondaco.catalogue.models.product import Product


class SearchDocument(models.Model):
    """The words of one product that has had a gallery. While it is held back, its marks name no store.

    `number` counts up, so the newest listing has the highest. `tokens` are folded words and CJK pairs, separated by
    one space (`search.tokens`), those of the title first; `marks` are what results are narrowed by: the stores with an
    offer or why it is held back, the product type, its department (`storeus typemug deptkitchen`). PostgreSQL
    keeps a generated `words tsvector` column with a GIN index beside them, SQLite an FTS5 table (migration 0002).
    """

    number = models.BigAutoField(primary_key=True)
    product = models.OneToOneField(Product, on_delete=models.CASCADE, related_name="search_document")
    tokens = models.TextField()
    marks = models.CharField(max_length=200, default="")
