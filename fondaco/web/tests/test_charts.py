"""Charts."""

from hypothesis import given
from hypothesis import strategies as st

from fondaco.web import charts

CHANGES = st.lists(st.integers(-(10**9), 10**9), min_size=1, max_size=12)


@given(CHANGES)
def test_bars_stay_inside_the_drawing(values):
    chart = charts.bars([(str(i), value) for i, value in enumerate(values)], title="t")
    assert all(bar.start >= 0 and bar.start + bar.length <= charts.SCALE + 2 for bar in chart.bars)


@given(CHANGES, st.integers(0, 10**9))
def test_a_waterfall_ends_at_the_sum(changes, start):
    chart = charts.waterfall([("x", c) for c in changes], start=("start", start), total="end", title="t", written=str)
    assert chart.bars[-1].words == str(start + sum(changes))
    assert all(bar.start >= 0 and bar.start + bar.length <= charts.SCALE + 2 for bar in chart.bars)


@given(st.integers(1, 10**12))
def test_the_top_of_an_axis_is_round_and_not_far(value):
    top = charts._round_up(value)
    assert value <= top <= value * 2.5 or value == 1
    assert str(top).rstrip("0") in {"1", "2", "5"}


def test_words_are_a_table_and_the_drawing_is_silent():
    page = str(charts.bars([("Ground <white>", 41, "bad")], title="Why"))
    assert "<table" in page
    assert "Ground &lt;white&gt;" in page
    assert 'aria-hidden="true"' in page


def test_a_line_chart_carries_its_numbers():
    page = str(charts.lines([("Sent", [1, 2]), ("Shown", [0, 2])], labels=["Mon", "Tue"], title="Week"))
    assert page.count('<th scope="row">') == 2
    assert "<svg" in page


def test_a_meter_is_good_or_bad_by_its_limits():
    assert charts.meter(label="fill", value=61, least=85).bars[0].tone == "bad"
    assert charts.meter(label="fill", value=85, least=85).bars[0].tone == "good"
    assert charts.meter(label="used", value=4, most=3, top=5).bars[0].tone == "bad"
