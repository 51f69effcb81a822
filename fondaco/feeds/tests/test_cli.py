"""`fondaco feed`."""

from __future__ import annotations

import pytest

from fondaco.catalogue.models import Offer
from fondaco.feeds import cli
from fondaco.feeds.models import Batch
from fondaco.feeds.tests.tables import kettle, text_of
from fondaco.sellers.tests.factories import make_seller

pytestmark = pytest.mark.django_db


def feed(tmp_path, text, *extra):
    seller = make_seller()
    path = tmp_path / "goods.txt"
    path.write_text(text)
    return cli.run([str(path), "--seller", seller.number, "--here", *extra])


def test_follows_a_file_to_its_report(tmp_path, capsys):
    report = tmp_path / "report.txt"
    assert feed(tmp_path, text_of([kettle(), kettle(sku="K2", price="x")]), "--report", str(report)) == 1
    assert Offer.objects.count() == 1
    lines = report.read_text().splitlines()
    assert lines[1].split("\t")[-1] == "2"
    assert any(line.startswith("2\tK2\tLOCAL-VAL-05\terror") for line in lines)
    said = capsys.readouterr().err
    assert Batch.objects.get().number in said
    assert "is not a price" in said


def test_a_file_without_faults_ends_well(tmp_path):
    text = text_of(
        [kettle(product_type="kettle")], columns=["sku", "item-name", "product-type", "brand", "price", "quantity"]
    )
    assert feed(tmp_path, text) == 0


def test_a_file_that_cannot_be_used_ends_with_two(tmp_path):
    assert feed(tmp_path, "") == 2
    assert cli.run([str(tmp_path / "missing.txt"), "--seller", make_seller("Second").number]) == 2
    assert cli.run([str(tmp_path / "goods.txt"), "--seller", "A0000000000000"]) == 2
