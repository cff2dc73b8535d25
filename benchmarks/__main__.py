"""`python -m benchmarks [NAME …]`: measure everything, or what is named, and print a line for each figure."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from benchmarks.ask import ask
from benchmarks.fanout import fanout
from benchmarks.figures import Figure, Size
from benchmarks.hand_outs import hand_outs
from benchmarks.history import history
from benchmarks.http import http
from benchmarks.plan import plan
from benchmarks.site import site
from benchmarks.startup import startup
from benchmarks.status import status
from benchmarks.ticks import ticks
from benchmarks.turns import turns

# In this order: what is measured for the first time must not have been done by another.
BENCHMARKS: dict[str, Callable[[Size, Path], Iterator[Figure]]] = {
    "startup": startup, "status": status, "plan": plan, "turns": turns, "http": http, "history": history,
    "ticks": ticks, "fanout": fanout, "hand_outs": hand_outs, "ask": ask,
    "site": site,
}  # fmt: skip


def main(names: list[str]) -> None:
    """Run these benchmarks, or all."""
    if unknown := [name for name in names if name not in BENCHMARKS]:
        sys.exit(f"no benchmark {unknown[0]!r}: there are {', '.join(BENCHMARKS)}")
    for name in names or BENCHMARKS:
        print(f"\n{name}: {BENCHMARKS[name].__doc__}")
        with tempfile.TemporaryDirectory(prefix="chasqui-bench-") as folder:
            for figure in BENCHMARKS[name](Size(), Path(folder)):
                print(f"  {figure}", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
