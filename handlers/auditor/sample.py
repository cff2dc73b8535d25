"""/muestra: Internal Control draws a random sample of reports or obligations; its seed gives the same one again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

from conversation.messages import Choice, Heard, Reply
from conversation.questions import Answer, Count, Date, Misread, Option, Pick, Reading, Shown, Stale
from conversation.talk import Talk
from conversation.texts import Say, Text, _, lines, paragraphs
from conversation.understanding import fold
from handlers.base import Conversation, Outcome
from handlers.coordinator.close import until
from handlers.coordinator.subject import Sure
from models import audit, samples
from models.figures import current_plan
from models.people import Role
from models.samples import MOST, Drawn, Kind
from models.visibility import READ_ALL
from models.visit import Visit

# Items of a sample on a page, and samples in a list.
PAGE, LISTED = 7, 5
KINDS: dict[Kind, Text] = {"reports": _("avances"), "obligations": _("entregables")}


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be drawn: how many of what, as known at the end of a day; `seed` "" makes one up."""

    plan_id: int
    kind: Kind
    size: int
    day: date
    seed: str


@dataclass(frozen=True, slots=True)
class Seed:
    """Letters and digits that somebody draws from; "" for one made up."""

    def show(self, draft: Any) -> Shown:
        prompt = _("¿Con qué semilla? La misma semilla da siempre la misma muestra. Sirve un número o una palabra.")
        return Shown(prompt, (Choice("made", _("Que la elija el sistema")),), "text")

    def read(self, heard: Heard, draft: Any) -> Reading:
        if heard.choice == "made":
            return Answer("")
        seed = fold(heard.text).replace(" ", "-")
        return Answer(seed) if 0 < len(seed) <= 40 else Misread(_("Escriba un número o una palabra corta."))

    def load(self, stored: Any) -> str:
        if not isinstance(stored, str):
            raise Stale("")
        return stored


async def sample(talk: Talk, visit: Visit) -> Wanted | Reply | None:
    """One that was drawn, by its number; else what to draw."""
    words = fold(talk.argument).split()
    talk.argument = ""
    if words and words[0].isdecimal():
        found = samples.one(visit, int(words[0]) if len(words[0]) < 10 else 0)
        page = int(words[1]) if len(words) > 1 and words[1].isdecimal() and len(words[1]) < 4 else 1
        return shown(found, page) if found else Reply(_("No encontré esa muestra."))
    plan = current_plan(visit.connection)
    if plan is None:
        return Reply(_("Todavía no hay un plan."))
    if not visit.who.may({Role.AUDITOR}) or (not words and not any(talk.names)):
        return _drawn_before(visit)
    kinds: list[Option[Kind]] = [Option(key, _capital(say), key, (say.key,)) for key, say in KINDS.items()]
    kind = await talk.ask("kind", Pick(_("¿De qué saca la muestra?"), kinds))
    size = await talk.ask("size", Count(_("¿Cuántos? Hasta {n}.", n=MOST), most=MOST))
    first = date(plan.year, 1, 1)
    day = await talk.ask("day", Date(_("¿De lo que había al terminar qué día?"), first, visit.today))
    seed = await talk.ask("seed", Seed())
    wanted = Wanted(plan.id, kind, size, day, seed)
    return wanted if await talk.ask("sure", Sure(partial(_read_back, wanted), _("Sí, sacarla"))) else None


def _capital(say: Text) -> Text:
    return _("De {what}", what=say)


def _drawn_before(visit: Visit) -> Reply:
    found = samples.latest(visit, LISTED)
    named = [
        _("{n}. {size} {what} de {population}, semilla {seed}, al {day}", n=one.id, size=len(one.items),
          what=KINDS[one.kind], population=one.population, seed=one.seed, day=one.day)
        for one in found
    ]  # fmt: skip
    links = [Choice(f"/muestra {one.id}", _("Muestra {n}", n=one.id)) for one in found]
    if visit.who.may({Role.AUDITOR}):
        links.append(Choice("/muestra nueva", _("Sacar una muestra")))
    return Reply(lines(_("Muestras:"), *named) if found else _("Todavía no hay muestras."), links=tuple(links))


def _read_back(wanted: Wanted) -> Say:
    return _("Va a sacar {size} {what} al azar, de los que había al terminar el {day}, con la semilla {seed}. "
             "¿Confirma?", size=wanted.size, what=KINDS[wanted.kind], day=wanted.day,
             seed=wanted.seed or _("que elija el sistema"))  # fmt: skip


def shown(found: Drawn, page: int) -> Reply:
    """A page of a sample; a button opens each item."""
    start = PAGE * (page - 1)
    items = found.items[start : start + PAGE]
    rest = len(found.items) - start - len(items)
    head = _("Muestra {n}: {size} {what} de {population} que había al terminar el {day}. Semilla {seed}. La sacó {by}.",
             n=found.id, size=len(found.items), what=KINDS[found.kind], population=found.population, day=found.day,
             seed=found.seed, by=found.by)  # fmt: skip
    opens = "/calificar" if found.kind == "reports" else "/hallazgo"
    links = [Choice(f"{opens} {item}", item) for item in items]
    if rest > 0:
        links.append(Choice(f"/muestra {found.id} {page + 1}", _("Más ({n})", n=rest)))
    told = [_("{n}. {item}", n=n, item=item) for n, item in enumerate(items, start + 1)]
    return Reply(paragraphs(head, lines(*told)), links=tuple(links))


def _draw(visit: Visit, wanted: Wanted) -> Outcome:
    drawn = samples.draw(
        visit, wanted.plan_id, wanted.kind, wanted.size, wanted.day, until(visit, wanted.day), wanted.seed
    )
    audit.record(visit.connection, visit.now, visit.who.id, "sample.drawn", f"sample:{drawn.id}", seed=drawn.seed,
                 items=len(drawn.items), population=drawn.population)  # fmt: skip
    return Outcome(shown(drawn, 1))


SAMPLE = Conversation(
    name="sample",
    command="/muestra",
    run=sample,
    commit=_draw,
    title=_("Sacar una muestra al azar"),
    phrases=("muestra", "muestras", "muestra aleatoria", "sacar una muestra"),
    roles=READ_ALL,
)
