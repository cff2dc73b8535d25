"""A burst is let through, a flood is not, and each phone has its own measure."""

from __future__ import annotations

from bot.channels.web import pace


def test_a_burst_and_then_one_at_a_time() -> None:
    measure = pace.Pace()
    assert [measure.allows("a", 100.0) for _ in range(pace.BURST + 2)] == [True] * pace.BURST + [False] * 2
    assert measure.allows("b", 100.0)
    assert not measure.allows("a", 100.0 + pace.SECONDS / 2)
    assert measure.allows("a", 100.0 + pace.SECONDS)
    assert not measure.allows("a", 100.0 + pace.SECONDS)


def test_those_who_are_silent_are_forgotten() -> None:
    measure = pace.Pace()
    for number in range(pace.MOST_KNOWN):
        measure.allows(str(number), 0.0)
    measure.allows("late", 1000.0)
    assert len(measure._whole) == 1
