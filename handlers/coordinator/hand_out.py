"""/informe: a format, a statistic or a dossier, made in the background as a spreadsheet, a PDF or a zip."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Any

from conversation.messages import Choice, Heard, Reply
from conversation.questions import Answer, Misread, Option, Pick, Reading, YesNo
from conversation.talk import Talk
from conversation.texts import Say, Text, _, lines, listed, n_
from conversation.understanding import fold
from handlers.asking import nothing
from handlers.base import Conversation, Outcome, said_like
from handlers.scopes import Asked, read
from handlers.spans import days_in_words, key_of
from models import audit, hand_outs
from models.directory import Directory, directory
from models.hand_outs import WHOLE
from models.people import Role
from models.plan import timetables
from models.visit import Visit
from models.wanted import Form, Kind, Wanted, period
from plans.calendar import periods
from plans.terms import Every

TITLES: dict[Kind, Text] = {
    "follow-up": _("Seguimiento de Control Interno"), "quarterly": _("Informe trimestral a Control Interno"),
    "interactions": _("Estadísticas de interacciones"), "coverage": _("Verificación de grupos de valor"),
    "evaluation": _("Evaluación del año"), "dossier": _("Expediente con soportes"),
}  # fmt: skip
# What people call them; the first that fits counts.
CALLED: tuple[tuple[Kind, re.Pattern[str]], ...] = (
    ("dossier", re.compile(r"\b(?:dossier|expediente|soportes|evidencias|originales)\b")),
    ("quarterly", re.compile(r"\b(?:informe )?trimestral(?: (?:a|de|para) control interno)?\b")),
    ("interactions", re.compile(r"\b(?:(?:estadisticas?|estadistico) de )?interacciones\b|\bestadistico\b")),
    ("coverage", re.compile(r"\b(?:verificacion de )?grupos? de valor\b|\bcobertura\b")),
    ("evaluation", re.compile(r"\b(?:informe de )?evaluacion(?: (?:del ano|de la rendicion de cuentas))?\b|\banual\b")),
    ("follow-up", re.compile(r"\b(?:informe de )?seguimiento(?: (?:a|de) control interno)?\b|\bcontrol interno\b")),
)  # fmt: skip
FORMS: dict[str, tuple[Form, ...]] = {"xlsx": ("xlsx",), "pdf": ("pdf",), "both": ("xlsx", "pdf")}
SAID_FORMS = (
    ("both", re.compile(r"\b(?:ambos|ambas|los dos|excel y pdf|pdf y excel)\b")),
    ("xlsx", re.compile(r"\b(?:en )?(?:excel|xlsx|hoja de calculo)\b")), ("pdf", re.compile(r"\b(?:en )?pdf\b")),
)  # fmt: skip
SMALL = re.compile(r"\b(?:corte|al|un|una|informe|descargar|reporte)\b")
# Parts of the year a kind is made of.
PARTS: dict[Kind, tuple[Every, ...]] = {
    "quarterly": ("quarter",), "coverage": ("quarter",), "interactions": ("half_year", "quarter"),
    "dossier": ("month", "quarter"),
}  # fmt: skip
ASKED = re.compile(
    r"(?:(?:quiero|deme|necesito|genere|haga|saque|descargar|bajar|mandeme|envieme) )?(?:(?:el|la|las|los|un|una) )?"
    r"((?:informe (?:de seguimiento|trimestral|estadistico|de evaluacion|anual)|seguimiento (?:a|de) control interno"
    r"|dossier|expediente|estadisticas? de interacciones|grupos? de valor|evaluacion del ano)\b.*)"
)
# Reports that a dossier takes a minute for; the others take seconds for any number.
A_MINUTE = 50_000


@dataclass(frozen=True, slots=True)
class What(Pick[dict[str, Any]]):
    """Which of them, in a word or in a sentence that says more: "dossier de la actividad 6", "trimestral 2 en pdf"."""

    names: Directory | None = None
    today: date = date.min

    def read(self, heard: Heard, draft: Any) -> Reading:
        if heard.choice or self.names is None:
            return Pick.read(self, heard, draft)
        typed = fold(heard.text)
        kind = next((kind for kind, words in CALLED if words.search(typed)), None)
        if kind is None or kind not in {option.key for option in self.options}:
            return Pick.read(self, heard, draft)
        rest = dict(CALLED)[kind].sub(" ", typed)
        form = next((name for name, words in SAID_FORMS if words.search(rest)), "")
        for _name, words in SAID_FORMS:
            rest = words.sub(" ", rest)
        about = read(" ".join(SMALL.sub(" ", rest).split()), self.names, self.today)
        if not isinstance(about, Asked):
            return Misread(_("Entendí qué quiere, pero no de qué. Diga por ejemplo «expediente de abril» o «expediente "
                             "de la actividad 6»."))  # fmt: skip
        found = {"kind": kind, "form": form, "activity": about.activity, "office": about.office,
                 "period": key_of(about.days) if about.days else ""}  # fmt: skip
        return Answer(found)

    def load(self, stored: Any) -> dict[str, Any]:
        if isinstance(stored, dict):
            return stored
        return {"kind": Pick.load(self, stored)["kind"], "form": "", "activity": 0, "office": "", "period": ""}


async def hand_out(talk: Talk, visit: Visit) -> tuple[Wanted, ...] | Reply:
    """Asks for what was not said."""
    names = directory(visit.connection)
    if names is None:
        return nothing()
    whole = visit.who.may(WHOLE)
    kinds: list[Kind] = list(TITLES) if whole else ["dossier"]
    options = [Option(kind, TITLES[kind], {"kind": kind}) for kind in kinds]
    what = await talk.ask("what", What(_("¿Qué informe necesita?"), options, names=names, today=visit.today))
    kind: Kind = what["kind"]
    key = _period(kind, what, names, visit) or await talk.ask(f"period-{kind}", _periods(kind, names, visit))
    office, office_id = what["office"], 0
    if not whole:
        mine = [Option(str(number), name, number) for number, name in visit.who.offices.items()]
        office_id = mine[0].value if len(mine) == 1 else await talk.ask("office", Pick(_("¿De qué dependencia?"), mine))
        office = next(one.code for one in names.offices.values() if one.name == visit.who.offices[office_id])
    forms: tuple[Form, ...] = ("zip",)
    minors = False
    if kind != "dossier":
        forms = FORMS[what["form"]] if what["form"] else await talk.ask("form", Pick(_("¿En qué formato?"), _forms()))
    elif Role.AUDITOR in visit.who.roles:
        minors = await talk.ask("minors", YesNo(
            _("¿Incluir también los archivos que pueden mostrar menores de edad? Solo para control, no se publican."),
            yes=_("Sí, incluirlos"), no=_("No, sin ellos"),
        ))  # fmt: skip
    moment = visit.now.astimezone(visit.zone)
    return tuple(
        Wanted(kind, form, names.plan.slug, key, moment, what["activity"] if kind == "dossier" else 0,
               office if kind == "dossier" else "", office_id, minors, names=whole)
        for form in forms
    )  # fmt: skip


def queue(visit: Visit, wanted: tuple[Wanted, ...]) -> Outcome:
    """They are made in the background, and their reader hears of it here."""
    connection = visit.connection
    reports, ahead = hand_outs.load(connection, wanted[0].plan)
    for one in wanted:
        number = hand_outs.ask(connection, visit.who, one.kind, one.stored(), visit.now)
        audit.record(
            connection, visit.now, visit.who.id, "hand_out.asked", f"hand-out:{number}", kind=one.kind,
            period=one.period, form=one.form,
        )  # fmt: skip
    many = wanted[0].kind == "dossier" and not wanted[0].folio
    minutes = (reports // A_MINUTE if many else 0) + ahead
    soon = n_("Tardará cerca de {n} minuto.", "Tardará cerca de {n} minutos.", minutes) if minutes else _(
        "Tardará menos de un minuto."
    )  # fmt: skip
    told = lines(_("Lo estoy preparando: {what}.", what=_named(wanted[0])), soon, _("Le aviso aquí cuando esté."))
    return Outcome(Reply(told, links=(Choice("/descargar", _("Ver mis archivos")),)))


def _named(wanted: Wanted) -> Say:
    if wanted.folio:
        return _("los soportes de {folio}", folio=wanted.folio)
    days: Say = ""
    if wanted.kind == "follow-up":
        days = _("corte del {day}", day=date.fromisoformat(wanted.period))
    elif wanted.kind != "evaluation" and len(wanted.period) > 4:
        days = days_in_words((wanted.span.start, wanted.span.end))
    activity: Say = _("actividad {n}", n=wanted.activity) if wanted.activity else ""
    return listed([part for part in (TITLES[wanted.kind], activity, wanted.office, days) if part])


def _period(kind: Kind, what: dict[str, Any], names: Directory, visit: Visit) -> str:
    """What was said of the time, where such a file can be of it; "" where that must be asked."""
    year = f"{names.plan.year}"
    if kind == "evaluation" or (kind == "dossier" and what["activity"] and not what["period"]):
        return year
    said = period(what["period"]) if what["period"] else None
    if said is None or said.start > visit.today:
        return ""
    if kind == "follow-up":
        return min(said.end, visit.today).isoformat()
    return said.key


def _periods(kind: Kind, names: Directory, visit: Visit) -> Pick[str]:
    """The cut-offs or periods that have begun, the newest first."""
    year = names.plan.year
    if kind == "follow-up":
        cutoffs = next(plan.cutoffs for plan in timetables(visit.connection) if plan.plan_id == names.plan.id)
        days = [day for day in reversed(cutoffs) if day <= visit.today] or [visit.today]
        options = [Option(day.isoformat(), _("Corte del {day}", day=day), day.isoformat()) for day in days]
        if visit.today not in days:
            options.append(Option(visit.today.isoformat(), _("A hoy"), visit.today.isoformat()))
        return Pick(_("¿De qué corte?"), options)
    parts = [
        part
        for every in PARTS[kind]
        for part in reversed(periods(every, date(year, 1, 1), date(year, 12, 31)))
        if part.start <= visit.today
    ]
    options = [Option(part.key, days_in_words((part.start, part.end)), part.key) for part in parts]
    return Pick(_("¿De qué periodo?"), [*options, Option(f"{year}", _("Todo el año"), f"{year}")])


def _forms() -> list[Option[tuple[Form, ...]]]:
    labels = {"xlsx": _("Hoja de cálculo (.xlsx)"), "pdf": _("Documento (.pdf)"), "both": _("Los dos")}
    words = {"xlsx": ("excel", "xlsx"), "pdf": ("pdf",), "both": ("ambos", "los dos")}
    return [Option(key, labels[key], forms, words[key]) for key, forms in FORMS.items()]


HAND_OUT = Conversation(
    name="hand_out",
    command="/informe",
    run=hand_out,
    commit=queue,
    title=_("Pedir un informe o un expediente"),
    phrases=("informes", "descargar informe", "pedir un informe", "expediente", "dossier"),
    understands=said_like(ASKED),
    roles=WHOLE | {Role.OFFICER},
)
