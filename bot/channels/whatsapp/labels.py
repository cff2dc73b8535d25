"""Labels for buttons that hold few characters: shorter, and still told apart."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from bot.channels.pieces import head, units

# So much of what labels have in common is left before what tells them apart.
LEAST = 6
# The same buttons stand under most messages: so many sets of them are remembered.
SETS = 1024


@lru_cache(SETS)
def shortened(labels: tuple[str, ...], most: int) -> tuple[str, ...]:
    """The labels in one line each, with at most `most` UTF-16 units, no two equal, none empty."""
    whole = [" ".join(label.split()) or "…" for label in labels]
    short = [cut(label, most) for label in whole]
    for alike in {label: [at for at, other in enumerate(short) if other == label] for label in short}.values():
        if len(alike) > 1:
            for at, label in zip(alike, _apart([whole[at] for at in alike], most), strict=True):
                short[at] = label
    taken: list[str] = []
    for label in short:
        unlike, count = label, 1
        while unlike in taken:
            count += 1
            unlike = f"{cut(label, most - len(f' ({count})'))} ({count})"
        taken.append(unlike)
    return tuple(taken)


def cut(label: str, most: int) -> str:
    """The beginning of the label with "…" where not all of it fits: whole words, unless that leaves less than half."""
    if units(label) <= most:
        return label
    begun = head(label, most - 1)
    words = begun if label[len(begun)] == " " else begun.rpartition(" ")[0]
    return (words if 2 * units(words) >= most else begun).rstrip(" ,.:;–-(") + "…"


def _apart(alike: Sequence[str], most: int) -> list[str]:
    """Labels that begin alike, each with the words from which on it is another: "Publicar la… II"."""
    words = [label.split() for label in alike]
    # At least one word of each is its own: one may be the beginning of another.
    most_common = min(map(len, words)) - 1
    differ = (at for at in range(most_common) if len({each[at] for each in words}) > 1)
    common = words[0][: next(differ, most_common)]
    own = [" ".join(each[len(common) :]) for each in words]
    room = most - max(map(units, own)) - 1
    begun = cut(" ".join(common), room) + " " if room >= LEAST else "…"
    return [cut(begun * bool(common) + each, most) for each in own]
