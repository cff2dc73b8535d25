"""Spanish of plans as data: numbers, months, cadences and the nouns that things are counted by."""

from __future__ import annotations

import re
import textwrap
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from plans.terms import Every


@dataclass(frozen=True, slots=True)
class Doubt:
    """Something a reader is not sure of: becomes a Problem and lowers the row's confidence to `sure`."""

    field: str
    text: str
    message: str
    sure: float


NUMBERS = {
    name: value
    for value, names in enumerate(
        "un uno una|dos|tres|cuatro|cinco|seis|siete|ocho|nueve|diez|once|doce|trece|catorce|quince|"
        "dieciseis|diecisiete|dieciocho|diecinueve|veinte|veintiun veintiuno|veintidos|veintitres|"
        "veinticuatro|veinticinco|veintiseis|veintisiete|veintiocho|veintinueve|treinta".split("|"),
        start=1,
    )
    for name in names.split()
} | {"cuarenta": 40, "cincuenta": 50, "sesenta": 60, "setenta": 70, "ochenta": 80, "noventa": 90, "cien": 100}

MONTHS = {
    name: month
    for month, names in enumerate(
        "enero ene|febrero feb|marzo mar|abril abr|mayo may|junio jun|julio jul|agosto ago|"
        "septiembre setiembre sept sep|octubre oct|noviembre nov|diciembre dic".split("|"),
        start=1,
    )
    for name in names.split()
}

# Noun of a period, and how a plan says that something happens in each. Read on folded text.
CADENCES: dict[Every, tuple[str, re.Pattern[str]]] = {
    "month": ("mes", re.compile(r"\bmensual(?:es|mente)?\b|\b(?:cada|por|al) mes\b|\bmes a mes\b")),
    "two_months": (
        "bimestre",
        re.compile(r"\bbimestral(?:es|mente)?\b|\b(?:cada|por|al) (?:bimestre|dos meses)\b"),
    ),
    "quarter": (
        "trimestre",
        re.compile(r"\btrimestral(?:es|mente)?\b|\b(?:cada|por|al) (?:trimestre|tres meses)\b"),
    ),
    "four_months": (
        "cuatrimestre",
        re.compile(r"\bcuatrimestral(?:es|mente)?\b|\b(?:cada|por|al) (?:cuatrimestre|cuatro meses)\b"),
    ),
    "half_year": (
        "semestre",
        re.compile(r"\bsemestral(?:es|mente)?\b|\b(?:cada|por|al) (?:semestre|seis meses)\b"),
    ),
    "year": ("año", re.compile(r"\banual(?:es|mente)?\b|\b(?:cada|por|al) ano\b")),
}
CONTINUOUS = re.compile(r"\bpermanentes?(?:mente)?\b|\bcontinu[oa]s?(?:mente)?\b")
UNSUPPORTED = re.compile(r"\b(?:diari[oa]s?(?:mente)?|semanal(?:es|mente)?|quincenal(?:es|mente)?|bianual(?:es)?)\b")

_UNITS = """
acción acciones|acta actas|actividad actividades|actualización actualizaciones|aplicativo aplicativos|
asamblea asambleas|audiencia audiencias|autodiagnóstico autodiagnósticos|base bases|boletín boletines|
campaña campañas|capacitación capacitaciones|caracterización caracterizaciones|cartilla cartillas|
circular circulares|comité comités|comunicado comunicados|convenio convenios|convocatoria convocatorias|
cronograma cronogramas|curso cursos|diagnóstico diagnósticos|diálogo diálogos|documento documentos|
encuentro encuentros|encuesta encuestas|espacio espacios|estrategia estrategias|estudio estudios|
evaluación evaluaciones|evento eventos|feria ferias|formato formatos|foro foros|guía guías|
herramienta herramientas|informe informes|instrumento instrumentos|inventario inventarios|
jornada jornadas|lineamiento lineamientos|listado listados|manual manuales|mapa mapas|matriz matrices|
mecanismo mecanismos|medición mediciones|mesa mesas|municipio municipios|nota notas|noticia noticias|
persona personas|pieza piezas|plan planes|política políticas|procedimiento procedimientos|
proceso procesos|producto productos|programa programas|protocolo protocolos|publicación publicaciones|
registro registros|reporte reportes|resolución resoluciones|reunión reuniones|sección secciones|
seguimiento seguimientos|sensibilización sensibilizaciones|servidor servidores|sesión sesiones|
sistema sistemas|socialización socializaciones|solicitud solicitudes|taller talleres|trámite trámites|
transmisión transmisiones|verificación verificaciones|video videos|visita visitas
"""


def fold(text: str) -> str:
    """Lower case without accents: "Cuántos AÑOS" → "cuantos anos"."""
    decomposed = unicodedata.normalize("NFD", text.lower())
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))


def slug(text: str, most: int = 24) -> str:
    """Lower-case ASCII letters, digits and hyphens, at most `most` characters, cut at a word if possible."""
    whole = re.sub(r"[^a-z0-9]+", "-", fold(text)).strip("-")
    cut = whole[:most]
    if len(whole) > most and whole[most] != "-" and "-" in cut:
        cut = cut.rsplit("-", 1)[0]
    return cut.strip("-")


def short(text: str, most: int = 60) -> str:
    """The first words of a text, up to `most` characters."""
    return textwrap.shorten(text, most, placeholder="…") if " " in text[:most] else text[:most]


UNITS = {
    fold(form): (one, many)
    for one, many in (pair.split() for pair in _UNITS.replace("\n", "").split("|"))
    for form in (one, many)
}


def agree(unit: str, quantity: int | None) -> str:
    """The unit in the singular for 1, in the plural otherwise; an unknown noun stays as it is written."""
    noun, _, rest = unit.partition(" ")
    one, many = UNITS.get(fold(noun), (noun, noun))
    return " ".join(filter(None, (one if quantity in (1, None) else many, rest)))


def listed(items: Iterable[str]) -> re.Pattern[str]:
    """A pattern for at least two of `items` (patterns) joined by commas and a last "y" or "e"."""
    item = f"(?:{'|'.join(items)})"
    return re.compile(rf"\b{item}(?:, (?:las? |el )?{item})* [ye] (?:en )?(?:las? |el )?{item}\b", re.IGNORECASE)


HELD = re.compile(
    r"\b(mecanismo|actividad|audiencia|reunion|foro|feria|taller|mesa|asamblea|encuentro|jornada)(e?s)?\b"
)


def takes_place(unit: str) -> bool:
    """Whether a unit is something people come to, so that its reports say where it was."""
    return HELD.search(fold(unit)) is not None
