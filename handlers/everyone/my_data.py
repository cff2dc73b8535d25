"""/misdatos: what is kept of a person; they correct it, take a copy, withdraw a permission, or are forgotten."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

from conversation.messages import Choice, Reply
from conversation.questions import Option, Pick, Words, YesNo
from conversation.talk import Talk
from conversation.texts import Say, Text, _, lines, n_, paragraphs
from conversation.understanding import fold
from handlers.base import Conversation, Notice, Outcome
from models import audit, forgetting, hand_outs, my_data, requests
from models.my_data import Line
from models.people import RUN
from models.requests import CLAIMS
from models.visit import Visit
from models.wanted import Wanted

# How many folios are named.
FOLIOS = 3
PURPOSES: tuple[tuple[str, Text], ...] = (("avisos", _("recibir avisos")), ("", _("usar este chat")))
CALLED: dict[str, Text] = {
    "correct": _("Corregir algo"), "copy": _("Pedir una copia"), "withdraw": _("Retirar un permiso"),
    "forget": _("Borrar mis datos"), "see": _("Preguntar algo más"),
}  # fmt: skip
MINE = r"(?:mis? (?:propi[oa]s? )?(?:datos?|informacion|numero|celular|telefono|cuenta|nombre)(?: personales)?)"
MEANT: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("forget", re.compile(rf"(?:quiero que |por favor |pueden |necesito que )*(?:borr|elimin|suprim|olvid)\w* "
                          rf"(?:(?:todos|todo|de|toda) )*(?:{MINE}|lo mio|de mi)|olvidenme|forget me|delete my data")),
    ("correct", re.compile(rf"(?:(?:quiero|por favor|necesito) )*(?:corri\w+|cambi\w+|actuali\w+|rectifi\w+) {MINE}"
                           rf"|{MINE} (?:esta|estan|quedo|quedaron) (?:mal|equivocad|errad)\w*.*|correct my data")),
    ("copy", re.compile(rf"(?:(?:quiero|deme|necesito|pido|solicito|mandeme|envieme) )*(?:una )?(?:copia|descarg\w+|"
                        rf"export\w+) (?:de )?(?:todos )?{MINE}|copy of my data")),
    ("withdraw", re.compile(r"(?:(?:quiero|por favor) )*(?:retir\w+|revo\w+|quit\w+) (?:mi |el |la |mis )?(?:permisos?|"
                            r"consentimiento|autorizacion)|ya no acepto|withdraw (?:my )?consent")),
    ("", re.compile(rf"(?:que|cuales) (?:datos|informacion|cosas)? ?(?:mi[oa]s|de mi|personales)? ?(?:tienen|saben|"
                    rf"guardan|hay)(?: guardad[oa]s?)?(?: (?:de mi|mi[oa]s?|sobre mi))?|ver {MINE}|my data")),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Wish:
    """What a person wants done: rename, withdraw (`said`: a version, "" for all), copy, forget, or a request's kind."""

    what: str
    said: str = ""


async def mine(talk: Talk, visit: Visit) -> Wish | Reply | None:
    """What is kept, and then what to do about it."""
    # It is read again only where it is shown.
    shown = talk.stored("what") in (None, "withdraw")
    kept = my_data.of(visit.connection, visit.who.id) if shown else []
    if shown and not any(one.kind == "consent" for one in kept):
        text = _("No guardo datos suyos. Lo que escribe aquí sin dar su permiso se borra en un día.")
        return Reply(text, links=(Choice("/inicio", _("Empezar")),))
    options = [Option(key, label, key, _words(key)) for key, label in CALLED.items()]
    what = await talk.ask("what", Pick(paragraphs(summary(kept, visit), _("¿Qué desea hacer?")), options))
    if what == "correct":
        return await _correct(talk, visit)
    if what == "see":
        return Wish("see", await talk.ask("query", Words(_("Escriba su pregunta sobre sus datos."), most=500)))
    if what == "copy":
        return Wish("copy")
    if what == "withdraw":
        return await _withdraw(talk, visit, kept)
    return await _forget(talk, visit)


async def _correct(talk: Talk, visit: Visit) -> Wish | Reply:
    fields = [
        Option("name", _("Mi nombre"), "name", ("nombre",)), Option("language", _("El idioma"), "language"),
        Option("other", _("Otra cosa"), "other"),
    ]  # fmt: skip
    field = await talk.ask("field", Pick(_("¿Qué está mal?"), fields))
    if field == "language":
        return Reply(_("El idioma se cambia así:"), links=(Choice("/idioma", _("Cambiar de idioma")),))
    if field == "other":
        return Wish("correct", await talk.ask("wrong", Words(_("Diga qué está mal y cómo debe quedar."), most=500)))
    name = await talk.ask("name", Words(_("Escriba su nombre como debe quedar."), most=120))
    # Others know by it who reports: it is not changed without them.
    return Wish("name" if visit.who.roles or visit.who.status == "pending" else "rename", name)


async def _withdraw(talk: Talk, visit: Visit, kept: list[Line]) -> Wish | Reply | None:
    given = dict.fromkeys(one.key for one in kept if one.kind == "consent" and one.until is None)
    some = [Option(key, purpose(key), key) for key in given if purpose(key) != purpose("")]
    options = [*some, Option("all", _("Todos"), "", ("todo", "todos"))]
    version = await talk.ask("which", Pick(_("¿Cuál permiso retira?"), options)) if some else ""
    if not version and visit.who.roles:
        return Reply(_("Mientras trabaja en el plan hace falta ese permiso. Primero retírese del plan."),
                     links=(Choice("/retiro", _("Retirarme del plan")),))  # fmt: skip
    prompt = paragraphs(
        _("Dejo de usar sus datos para: {what}.", what=purpose(version) if version else _("todo")),
        _("También terminan sus avisos. Queda escrito qué aceptó y cuándo. ¿Lo retiro?"),
    )
    return Wish("withdraw", version) if await talk.ask("sure", YesNo(prompt)) else None


async def _forget(talk: Talk, visit: Visit) -> Wish | None:
    """Asks twice: it cannot be taken back."""
    goes = _("Se borra: su nombre, sus chats, sus avisos, lo que tiene a medias y sus preguntas sin respuesta pública.")
    stays = _("Se queda, sin su nombre: los avances, las decisiones y su registro, porque la ley manda conservarlos. "
              "También qué permiso dio y cuándo.")  # fmt: skip
    if not await talk.ask("sure", YesNo(paragraphs(goes, stays, _("¿Quiere borrar sus datos?")))):
        return None
    twice = _("Usted trabaja en el plan: la coordinación lo borra y le responde. ¿Envío la solicitud?") if (
        visit.who.roles
    ) else _("No se puede deshacer. ¿Borro todo ya?")  # fmt: skip
    yes: Text = _("Sí, enviar") if visit.who.roles else _("Sí, borrar todo")
    return Wish("forget") if await talk.ask("again", YesNo(twice, yes=yes, no=_("No, dejarlo"))) else None


def summary(kept: list[Line], visit: Visit) -> Say:
    """A short list of what is kept."""
    by_kind = {kind: [one for one in kept if one.kind == kind] for kind in {one.kind for one in kept}}
    chats = [f"{one.key} {one.text}" for one in by_kind.get("chat", ()) if one.until is None]
    questions, reports = ([one.key for one in by_kind.get(kind, ())] for kind in ("question", "report"))
    others = Counter(one.kind for one in kept if one.until is None)
    return lines(
        _("Esto es lo que guardo de usted:"),
        _("Nombre: {name}.", name=visit.who.name or _("ninguno")),
        _("Chats: {chats}.", chats=", ".join(chats)),
        *(
            _("Permiso para {what}: {day}, versión {version}.", what=purpose(one.key), version=one.key,
              day=one.at.astimezone(visit.zone).date())
            for one in by_kind.get("consent", ()) if one.until is None
        ),
        n_("{n} aviso pedido.", "{n} avisos pedidos.", others["subscription"]) if others["subscription"] else "",
        n_("{n} pregunta: {folios}.", "{n} preguntas: {folios}.", len(questions), folios=_named(questions))
        if questions else "",
        n_("{n} avance: {folios}.", "{n} avances: {folios}.", len(reports), folios=_named(reports)) if reports else "",
        n_("{n} asistencia.", "{n} asistencias.", others["attendance"]) if others["attendance"] else "",
        n_("{n} solicitud en trámite.", "{n} solicitudes en trámite.", others["request"]) if others["request"] else "",
    )  # fmt: skip


def _named(folios: list[str]) -> str:
    return ", ".join(folios[-FOLIOS:]) + (" …" if len(folios) > FOLIOS else "")


def purpose(version: str) -> Text:
    """What a consent of this version was given for."""
    return next(said for begins, said in PURPOSES if version.startswith(begins))


def _words(key: str) -> tuple[str, ...]:
    return {"correct": ("corregir", "correct"), "copy": ("copia", "copy"), "withdraw": ("retirar", "withdraw"),
            "forget": ("borrar", "forget"), "see": ("preguntar", "consulta")}[key]  # fmt: skip


def _do(visit: Visit, wish: Wish) -> Outcome:
    """What can be done at once is; the rest waits with its day."""
    connection, who, now = visit.connection, visit.who, visit.now
    if wish.what == "rename":
        my_data.rename(visit, who.id, wish.said)
        return Outcome(Reply(_("Listo. Su nombre quedó: {name}.", name=wish.said)))
    if wish.what == "withdraw":
        my_data.withdraw(visit, wish.said or None)
        done = _("Listo, retiré su permiso para: {what}.", what=purpose(wish.said) if wish.said else _("todo"))
        erase = () if wish.said else (Choice("/misdatos borrar", CALLED["forget"]),)
        return Outcome(Reply(done, links=erase))
    if wish.what == "copy":
        wanted = Wanted("my-data", "txt", "", str(visit.today), now, person=who.id)
        hand_outs.ask(connection, who, wanted.kind, wanted.stored(), now)
        audit.record(connection, now, who.id, "data.copied", f"person:{who.id}")
        return Outcome(Reply(_("Ya preparo la copia. Le llega por aquí en un momento.")))
    number, due = requests.ask(visit, wish.what, wish.said)
    if wish.what == "forget" and not who.roles:
        forgetting.begin(connection, who.id, now)
        text = _("Listo. Ya no tengo su nombre ni este chat. Lo demás se borra en unos minutos. Gracias.")
        return Outcome(Reply(text))
    text = _("Quedó como solicitud {number}. Le respondo a más tardar el {due}.", number=number, due=due)
    state: Say = _("Es un reclamo en trámite.") if wish.what in CLAIMS else ""
    look = (Choice(f"/solicitudes_datos {number}", _("Ver la solicitud")),)
    told = Reply(_("Llegó una solicitud sobre datos personales. Vence el {due}.", due=due), links=look)
    return Outcome(Reply(lines(text, state)), (Notice(f"request:{number}", told, RUN),))


def _understands(text: str) -> str | None:
    """ "borren mis datos" → "borrar"."""
    typed = fold(text)
    key = next((key for key, words in MEANT if words.fullmatch(typed)), None)
    return None if key is None else (_words(key)[0] if key else "")


MY_DATA = Conversation(
    name="my_data",
    command="/misdatos",
    run=mine,
    commit=_do,
    title=_("Ver, corregir o borrar mis datos"),
    phrases=("mis datos", "que saben de mi", "que datos mios tienen", "que datos tienen de mi", "que guardan de mi",
             "que informacion tienen de mi", "datos personales", "proteccion de datos", "habeas data",
             "what do you know about me", "my data"),
    understands=_understands,
    consent=False,
)  # fmt: skip
