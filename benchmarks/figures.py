"""What a benchmark measured, how large it was told to be, and how fast the core was meanwhile."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from statistics import median


@dataclass(frozen=True, slots=True)
class Size:
    """How much is measured.

    rounds         times everything is measured; the median counts
    conversations  report conversations a round
    histories      numbers of reports stored before
    idle           seconds without a message before memory is read
    obligations    numbers of open obligations the clock looks at
    recipients     people an announcement is for
    reports        reports of ten years, of which questions are asked
    """

    rounds: int = 3
    conversations: int = 50
    histories: tuple[int, ...] = (1, 10_000, 100_000)
    idle: float = 10.0
    obligations: tuple[int, ...] = (300, 30_000, 300_000)
    recipients: int = 100_000
    reports: int = 1_000_000


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the table; `most` is what it may be at most, where something was promised."""

    what: str
    value: float
    unit: str
    most: float | None = None

    def __str__(self) -> str:
        digits = 0 if self.value >= 100 or self.value == int(self.value) else 2
        promised = "" if self.most is None else f"  (at most {self.most:g})"
        return f"{self.what:<62} {self.value:>9,.{digits}f} {self.unit}{promised}"


@dataclass(slots=True)
class Speed:
    """How long a fixed piece of Python takes here while a benchmark runs: shared cores change by a factor of two.

    CPU times divided by `ms` can be compared between runs: they are what a core would need that takes 1 ms for it.
    """

    samples: list[float] = field(default_factory=list)

    def sample(self) -> None:
        """Do the piece once more."""
        began = time.thread_time()
        table: dict[int, str] = {}
        for number in range(5_000):
            table[number % 97] = str(number)
        self.samples.append(time.thread_time() - began)

    @property
    def spent(self) -> float:
        """Seconds of CPU that the samples themselves took."""
        return sum(self.samples)

    @property
    def ms(self) -> float:
        """The mean: a core that was slow half of the time did half of the work slowly."""
        return 1000 * self.spent / len(self.samples)


def seconds(work: Callable[[], object]) -> float:
    """How long it takes, waiting included."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def percentile(values: Iterable[float], share: int) -> float:
    """The value that `share` per cent do not exceed."""
    ranked = sorted(values)
    return ranked[min(len(ranked) - 1, len(ranked) * share // 100)]


def medians(rounds: Iterable[list[Figure]]) -> list[Figure]:
    """The same figures of several rounds, each as its median."""
    return [
        Figure(same[0].what, median(figure.value for figure in same), same[0].unit, same[0].most)
        for same in zip(*rounds, strict=True)
    ]
