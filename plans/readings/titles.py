"""The lines outside the table: which plan, of whom, of what year; and the numbers of rows and blocks."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from plans.readings.words import fold, slug
from plans.terms import Document, PlanError, Problem

_YEAR = re.compile(r"(?<!\d)20[0-4]\d(?!\d)")
_KINDS = (
    r"gobernaci[oó]n|alcald[ií]a|municipio|departamento|ministerio|instituto|hospital|e\.?s\.?e\.?|universidad|"
    r"personer[ií]a|contralor[ií]a|corporaci[oó]n|concejo|asamblea|empresa|unidad|superintendencia|agencia|c[aá]mara"
)
_ENTITY = re.compile(rf"\b(?:{_KINDS})\s[^\d|:–—\n]{{3,120}}", re.IGNORECASE)
_BLOCK = re.compile(
    r"^\W*(?:subcomponente\W*(?:proceso)?\W*)?(\d{1,2})?(?![\d/])[\s.:)–—-]*(.*)$", re.IGNORECASE | re.DOTALL
)
_SMALL = frozenset("a al de del e el en la las los o para por u y".split())


def read_year(document: Document) -> tuple[int, tuple[Problem, ...]]:
    """The plan's year, from the titles, else the dates, else the file's name.

    Raises PlanError where none is found.
    """
    in_titles = _years(document.titles)
    if in_titles:
        year = in_titles.most_common(1)[0][0]
        if len(in_titles) == 1:
            return year, ()
        text = ", ".join(map(str, sorted(in_titles)))
        return year, (Problem(0, "year", text, f"Los títulos nombran varios años; se toma {year}."),)
    elsewhere = _years([row.schedule for row in document.rows]) or _years([document.name])
    if not elsewhere:
        raise PlanError("No se sabe de qué año es el plan: escriba el año en el título del documento.")
    year = elsewhere.most_common(1)[0][0]
    return year, (
        Problem(0, "year", "", f"El título no dice el año; se toma {year} de las fechas o del nombre del archivo."),
    )


def read_entity(titles: Sequence[str]) -> tuple[str, tuple[Problem, ...]]:
    """The first entity the titles name, "Gobernación de Nariño"; a Problem where they name none."""
    found = [match[0] for title in titles if (match := _ENTITY.search(title))]
    if not found:
        return "", (Problem(0, "entity", "", "El documento no dice de qué entidad es el plan."),)
    return _names(found[0]), ()


def read_title(titles: Sequence[str]) -> str:
    """ "Plan Anticorrupción y de Atención al Ciudadano", without entity and year."""
    line = next((title for title in titles if fold(title).lstrip().startswith("plan ")), "Plan")
    return _names(re.split(r"\s[-–—]\s|(?<!\d)20\d\d", line)[0])


def read_component(titles: Sequence[str]) -> str:
    """The heading of the pages, "Componente 3: …": the last, for covers are typed less carefully."""
    lines = [title for title in titles if fold(title).lstrip().startswith("componente")]
    return _names(lines[-1]) if lines else ""


def plan_slug(entity: str, title: str, year: int) -> str:
    """ "narino-2022": the place the entity governs, or the plan's title where no entity is known."""
    place = re.sub(r"^[a-z.]+ (?:(?:de|del|la|el|los|las) )*", "", fold(entity)) or title
    return f"{slug(place) or 'plan'}-{year}"


def read_blocks(headings: Sequence[str]) -> list[tuple[int, str]]:
    """Number and title of each row's block; a block without a number takes the next free one in order."""
    known: dict[str, tuple[int, str]] = {}
    for heading in headings:
        if heading not in known:
            match = _BLOCK.match(heading)
            number, title = (match[1], match[2]) if match else (None, heading)
            free = max((number for number, _ in known.values()), default=0) + 1
            known[heading] = (int(number) if number else free, " ".join(title.split()))
    return [known[heading] for heading in headings]


def read_numbers(labels: Sequence[str]) -> list[int]:
    """Numbers of the activities: the table's own if all are whole and different, else the order of rows."""
    plain = [int(label) if re.fullmatch(r"[1-9]\d{0,2}", label) else 0 for label in labels]
    usable = all(plain) and len(set(plain)) == len(plain)
    return plain if usable else list(range(1, len(labels) + 1))


def _years(texts: Sequence[str]) -> Counter[int]:
    return Counter(int(year) for text in texts for year in _YEAR.findall(text))


def _names(text: str) -> str:
    """Whitespace folded, and names in place of capitals: "ALCALDÍA DE PASTO" → "Alcaldía de Pasto"."""
    words = text.strip(" .,;:-–—").split()
    if not " ".join(words).isupper():
        return " ".join(words)
    lower = [word.lower() for word in words]
    return " ".join(word if at and word in _SMALL else word.capitalize() for at, word in enumerate(lower))
