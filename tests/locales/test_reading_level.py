"""What citizens read is easy: Fernández Huerta's scale, 70 and above, for each text and for all of them together.

L = 206.84 - 60 P - 1.02 F, where P is syllables a word and F is words a sentence.
"""

from __future__ import annotations

import re

import pytest

from locales.update import texts_in_code
from tests.support.tree import ROOT

LEAST = 70
# Shorter texts are labels and scraps: a single long word would decide.
WORDS = 8
# Names that nobody can shorten say nothing of the text around them.
VALUE = re.compile(r"\{\w+\}")
STRONG, WEAK = "aeoáéóíú", "iuü"


def syllables(word: str) -> int:
    """Groups of vowels; two strong vowels side by side are two syllables, and a stressed weak one is strong."""
    count, before = 0, ""
    lower = re.sub(r"(?<=q)u|(?<=g)u(?=[eiéí])", "", word.lower())
    for letter in re.sub(r"y(?![aeiouáéíóú])", "i", lower):
        vowel = letter in STRONG + WEAK
        if vowel and (before not in STRONG + WEAK or not before or (before in STRONG and letter in STRONG)):
            count += 1
        before = letter if vowel else ""
    return max(1, count)


def level(text: str) -> float:
    """How easy a Spanish text is to read, 0 to 100 and beyond."""
    words = re.findall(r"[a-záéíóúüñ]+", text.lower())
    sentences = [part for part in re.split(r"[.!?:\n]+", text) if re.search(r"\w", part)]
    return 206.84 - 60 * sum(map(syllables, words)) / len(words) - 1.02 * len(words) / max(1, len(sentences))


def texts() -> dict[str, str]:
    """What citizens read, with "algo" in place of values, by where it stands."""
    found = [text for text in texts_in_code(ROOT) if text.where.startswith("handlers/citizen/")]
    return {f"{text.where} {form[:30]}": VALUE.sub("algo", form) for text in found for form in text.forms}


@pytest.mark.parametrize(
    ("word", "count"),
    [("sol", 1), ("agua", 2), ("vía", 2), ("ciudad", 2), ("aéreo", 4), ("guerra", 2), ("quiero", 2), ("pingüino", 3),
     ("voy", 1), ("reunión", 2), ("municipio", 4), ("baúl", 2), ("y", 1), ("oaxaca", 4)],
)  # fmt: skip
def test_syllables(word: str, count: int) -> None:
    assert syllables(word) == count


def test_easy_and_hard() -> None:
    assert level("Mañana es la reunión. Venga a las nueve. Le vamos a contar qué se hizo.") > 90
    assert level("La implementación de mecanismos institucionales posibilita la retroalimentación ciudadana.") < 20


def test_each_text_is_easy() -> None:
    long = {where: text for where, text in texts().items() if len(re.findall(r"\w+", text)) >= WORDS}
    assert len(long) > 10
    assert {where: round(level(text)) for where, text in long.items() if level(text) < LEAST} == {}


def test_all_together_are_easy() -> None:
    assert level(". ".join(texts().values())) >= LEAST
