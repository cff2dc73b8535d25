"""Plans in the project's own .yaml, and one door for every kind of plan file."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from pathlib import Path
from typing import Any, get_args

import yaml

from plans.documents import read_document
from plans.fields import Fields
from plans.readings import read_plan, resolve_offices
from plans.readings.alternatives import due_of
from plans.terms import (
    LADDER,
    RETURNS,
    Activity,
    Alternative,
    Checklist,
    Every,
    Office,
    Per,
    Plan,
    PlanError,
    Problem,
    Span,
    Step,
)

_MOST_BYTES = 2_000_000
ROWS = ("prior_report", "mechanism", "space", "hearing", "conclusions")
# Business days between a reminder and its deadline.
FARTHEST = 60


def load(path: Path) -> Plan:
    """The plan in a .yaml file, or read from a document of any other kind.

    Raises PlanError, one Spanish sentence, where there is no plan to be had.
    """
    if path.suffix.lower() in (".yaml", ".yml"):
        return read_yaml(path)
    return read_plan(read_document(path))


def read_yaml(path: Path) -> Plan:
    """A plan as in narino-2022.yaml; every key is checked.

    Raises PlanError naming the key and its place, or saying that the file is missing, too large, or no YAML.
    """
    whole = Fields(parsed(path), path.name)
    year = whole.whole("year", 1990, 2100)
    source = whole.section("source")
    offices = tuple(_office(one) for one in whole.sections("offices"))
    if len({office.code for office in offices}) < len(offices):
        raise PlanError(f"{path.name}: dos dependencias tienen el mismo código en «offices».")
    plan = Plan(
        slug=whole.text("slug", pattern=r"[a-z0-9]+(?:-[a-z0-9]+)*"),
        entity=whole.text("entity"),
        title=whole.text("title"),
        year=year,
        component=whole.text("component", ""),
        source_name=source.text("name"),
        source_sha256=source.text("sha256", pattern=r"[0-9a-f]{64}"),
        activities=_activities(whole),
        topics=whole.texts("topics"),
        holidays=whole.days("holidays"),
        problems=tuple(_problem(one) for one in whole.sections("problems")),
        contact=whole.text("contact", ""),
        nudges=_ladder(whole),
        cutoffs=whole.days("cutoffs"),
        returns=whole.texts("returns") or RETURNS,
        dialogue=_checklist(whole.section("dialogue", empty=True)),
        restricted=tuple(_span(one) for one in whole.sections("restricted")),
    )
    source.close()
    whole.close()
    return resolve_offices(plan, offices) if offices else plan


def _ladder(whole: Fields) -> tuple[int, ...]:
    """The steps of the reminders in their order; an empty list means none."""
    steps = tuple(sorted(set(whole.wholes("nudges")))) if whole.has("nudges") else LADDER
    if any(not -FARTHEST <= step <= FARTHEST for step in steps):
        raise PlanError(f"{whole.place}: en «nudges» van días hábiles entre -{FARTHEST} y {FARTHEST}.")
    return steps


def _checklist(fields: Fields) -> Checklist:
    rows = {name: fields.maybe_whole(name, 1, 999) for name in ROWS}
    lead, answer = (fields.maybe_whole(name, 0, 250) for name in ("lead_days", "answer_days"))
    fields.close()
    usual = Checklist()
    return Checklist(
        **rows,
        lead_days=usual.lead_days if lead is None else lead,
        answer_days=usual.answer_days if answer is None else answer,
    )


def _span(fields: Fields) -> Span:
    span = Span(fields.day("from"), fields.day("to"), fields.text("reason", ""))
    fields.close()
    if span.end < span.start:
        raise PlanError(f"{fields.place}: «to» es anterior a «from».")
    return span


class _Loader(yaml.SafeLoader):
    """Plain values only: no aliases (a few lines of them can fill the memory), no key twice."""

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        if self.check_event(yaml.AliasEvent):
            raise yaml.YAMLError("alias")
        return super().compose_node(parent, index)

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        keys = [key.value for key, _ in node.value if isinstance(key, yaml.ScalarNode)]
        if len(set(keys)) < len(keys):
            raise yaml.constructor.ConstructorError(None, None, "a key stands twice", node.start_mark)
        return super().construct_mapping(node, deep)


def parsed(path: Path) -> Any:
    """The values of a .yaml file. Raises PlanError, one Spanish sentence."""
    try:
        with path.open("rb") as file:
            data = file.read(_MOST_BYTES + 1)
    except OSError as error:
        raise PlanError(f"No se puede abrir {path.name}: revise que exista y que tenga permiso de lectura.") from error
    if len(data) > _MOST_BYTES:
        raise PlanError(f"{path.name} pesa más de 2 MB: un plan no ocupa tanto, revise el archivo.")
    try:
        return yaml.load(data.decode("utf-8-sig"), _Loader)  # noqa: S506 - a SafeLoader that refuses more
    except UnicodeDecodeError as error:
        raise PlanError(f"{path.name} no está en UTF-8: guárdelo de nuevo con esa codificación.") from error
    except (yaml.YAMLError, ValueError, LookupError, AttributeError, TypeError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        place = f" (línea {mark.line + 1})" if mark else ""
        raise PlanError(
            f"{path.name} no es un YAML que se pueda leer{place}: revise la sangría y las claves."
        ) from error


def _activities(whole: Fields) -> tuple[Activity, ...]:
    activities = []
    for block in whole.sections("subcomponents"):
        number, title = block.whole("number", 0, 99), block.text("title", "")
        activities += [_activity(one, number, title) for one in block.sections("activities")]
        block.close()
    numbers = [activity.number for activity in activities]
    if not activities or len(set(numbers)) < len(numbers):
        raise PlanError(f"{whole.place}: el plan necesita actividades, cada una con un número distinto.")
    return tuple(activities)


def _activity(fields: Fields, block: int, block_title: str) -> Activity:
    every: Every = fields.one_of("every", get_args(Every))
    end = fields.day("end")
    activity = Activity(
        number=fields.whole("number", 1, 999),
        subcomponent=block,
        subcomponent_title=block_title,
        text=fields.text("text"),
        target_text=fields.text("target"),
        responsible_text=fields.text("responsible"),
        schedule_text=fields.text("schedule"),
        title=fields.text("title"),
        quantity=fields.maybe_whole("quantity", 1, 1_000_000),
        unit=fields.text("unit"),
        every=every,
        per=fields.one_of("per", get_args(Per)),
        start=fields.day("start"),
        end=end,
        due=due_of(every, end),
        steps=_steps(fields),
        lead=fields.text("lead", ""),
        support=fields.texts("support"),
        days_after=fields.maybe_whole("days_after", -250, 250),
        plus_entity=fields.yes("plus_entity"),
        after=fields.wholes("after"),
        proofs=fields.texts("proofs"),
        confidence=fields.share("confidence"),
        alternatives=tuple(_alternative(one) for one in fields.sections("alternatives")),
        fixed=fields.yes("fixed"),
        label=fields.text("label", ""),
    )
    fields.close()
    if activity.start > activity.end:
        raise PlanError(f"{fields.place}: «start» es posterior a «end».")
    return activity


def _steps(fields: Fields) -> tuple[Step, ...]:
    """Step titles, or {title, due} each."""
    steps = []
    for one in fields.items("steps"):
        if isinstance(one, str):
            steps.append(Step(one))
        else:
            part = Fields(one, f"{fields.place}, steps")
            steps.append(Step(part.text("title"), part.day("due")))
            part.close()
    if len({step.due is None for step in steps}) > 1:
        raise PlanError(f"{fields.place}: en «steps» todos los pasos llevan fecha o ninguno.")
    return tuple(steps)


def _alternative(fields: Fields) -> Alternative:
    key, text = fields.text("key", pattern=r"[a-z0-9_]+"), fields.text("text")
    change = fields.section("changes", empty=True)
    readers: dict[str, Callable[[], Any]] = {
        "quantity": lambda: change.whole("quantity", 1, 1_000_000),
        "unit": lambda: change.text("unit"),
        "every": lambda: change.one_of("every", get_args(Every)),
        "per": lambda: change.one_of("per", get_args(Per)),
        "days_after": lambda: change.maybe_whole("days_after", -250, 250),
        "steps": lambda: list(change.texts("steps")),
    }
    changes = {name: read() for name, read in readers.items() if change.has(name)}
    change.close()
    fields.close()
    return Alternative(key, text, changes)


def _office(fields: Fields) -> Office:
    office = Office(
        code=fields.text("code", pattern=r"[a-z0-9]{1,12}"),
        name=fields.text("name"),
        aliases=fields.texts("aliases"),
        valid_from=fields.maybe_day("valid_from"),
        valid_to=fields.maybe_day("valid_to"),
        dependency=fields.yes("dependency", True),
    )
    fields.close()
    return office


def _problem(fields: Fields) -> Problem:
    problem = Problem(
        row=fields.whole("row", 0, 999),
        field=fields.text("field"),
        text=fields.text("text", ""),
        message=fields.text("message"),
    )
    fields.close()
    return problem
