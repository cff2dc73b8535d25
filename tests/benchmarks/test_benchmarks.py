"""Every benchmark runs and measures something. How fast it was is no test's business."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.__main__ import BENCHMARKS, main
from benchmarks.figures import Figure, Size, medians, percentile

# Several reports, for CPU time is counted in hundredths of a second.
TINY = Size(rounds=1, conversations=5, histories=(1, 3), idle=0, obligations=(30,), recipients=500, reports=2_000)


@pytest.mark.parametrize("name", BENCHMARKS)
def test_it_measures(name: str, tmp_path: Path) -> None:
    figures = list(BENCHMARKS[name](TINY, tmp_path))
    assert [figure for figure in figures if not figure.value > 0] == []
    assert len({figure.what for figure in figures}) == len(figures) > 2


def test_an_unknown_name_is_said() -> None:
    with pytest.raises(SystemExit, match="no benchmark 'turn': there are startup,"):
        main(["turn"])


def test_the_median_of_rounds_is_taken_by_figure() -> None:
    rounds = [[Figure("a", a, "ms"), Figure("b", 10 * a, "s", 3)] for a in (5.0, 1.0, 2.0)]
    assert medians(rounds) == [Figure("a", 2.0, "ms"), Figure("b", 20.0, "s", 3)]


@pytest.mark.parametrize(("share", "value"), [(50, 51), (99, 100), (100, 100)])
def test_percentiles_are_values_that_were_measured(share: int, value: int) -> None:
    assert percentile(range(1, 101), share) == value
