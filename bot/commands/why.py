"""`chasqui why`: everything that was told, or not, to a person about an obligation, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.commands.opening import opened
from bot.commands.output import say, show_table
from bot.commands.refusals import Refusal

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from models.story import Chapter

STATES = {
    "queued": "en cola", "sending": "saliendo", "sent": "enviado", "delivered": "entregado", "read": "leído",
    "failed": "no se pudo enviar", "unknown": "no se sabe si llegó", "skipped": "no se envió",
    "reported": "vigente", "verified": "verificado", "superseded": "corregido después", "withdrawn": "retirado",
    "returned": "devuelto",
}  # fmt: skip
KINDS = {"almost": "ya casi", "late": "no alcanzo", "not_mine": "no me toca", "blocked": "algo lo impide"}
REPLIES = {"done": " Quien lo detenía dijo que ya lo hizo.", "declined": " A quien nombró no le corresponde.", "": ""}
REVIEWS = {"verified": "verificó", "returned": "devolvió", "reverted": "revirtió la decisión sobre"}
PARTS = {
    "evidence": "un soporte de", "account": "lo que se hizo en", "day": "la fecha de", "quantity": "la cantidad de",
}  # fmt: skip
OUTCOMES = {"accepted": "se aceptó", "refused": "no se aceptó", "cleared": "se resolvió", "": "sin decidir"}


def why(
    code: Annotated[str, typer.Argument(help="Código del entregable, por ejemplo A04-2022-05.", metavar="CÓDIGO")],
    person: Annotated[
        str, typer.Argument(help="Número de la persona, parte de su nombre, o por dónde escribe.", metavar="PERSONA")
    ],
) -> None:
    """Cuenta la historia de un entregable y una persona: qué se le dijo, qué no, por qué, y qué hizo."""
    from models import story

    with opened() as office:
        zone = office.settings.timezone
        with office.database.begin() as connection:
            found = story.obligations(connection, code)
            if not found:
                raise Refusal(f"No hay un entregable «{code}»: «chasqui plan readings» y /pendientes muestran códigos.")
            meant = story.people(connection, person.strip())
            if len(meant) != 1:
                raise Refusal(_who(person, meant))
            chapters = [(kept, story.story(connection, kept.id, meant[0][0])) for kept in found]
    for kept, told in chapters:
        state = "retirado del plan" if kept.withdrawn_at else f"van {kept.reported} de {kept.target}"
        workday = f" (último día hábil: {kept.warn})" if kept.warn != kept.due else ""
        agreed = f", nueva fecha aceptada: {kept.agreed}" if kept.agreed else ""
        say(f"{kept.code}: empieza el {kept.starts}, vence el {kept.due}{workday}{agreed}; {state}.")
        rows = [(f"{one.at.astimezone(zone):%Y-%m-%d %H:%M}", _tell(one, zone)) for one in told]
        if rows:
            show_table(f"Con {meant[0][1] or f'la persona {meant[0][0]}'}", ("Cuándo", "Qué"), rows)
        else:
            say("Con esta persona no ha pasado nada todavía.")


def _who(person: str, meant: list[tuple[int, str]]) -> str:
    if not meant:
        return f"No hay nadie que sea «{person}»: «chasqui people» muestra los números."
    return f"«{person}» puede ser {', '.join(f'{name} ({id_})' for id_, name in meant)}: use el número."


def _tell(chapter: Chapter, zone: ZoneInfo) -> str:
    from models.nudges import ASKED

    one = chapter.details
    match chapter.what:
        case "planned" if one["step"] > ASKED:
            waits = " Espera su hora." if one["state"] == "planned" else ""
            return f"La coordinación pidió recordárselo.{waits}"
        case "skipped" if one["step"] > ASKED:
            return f"Lo que pidió la coordinación no se dijo: {one['reason']}."
        case "planned":
            whose = " (de otra persona o dependencia)" if one["escalated"] else ""
            return f"Llegó el aviso de {_step(one['step'])} del {one['warn']}{whose}." + (
                " Espera su hora." if one["state"] == "planned" else ""
            )
        case "skipped":
            return f"El aviso de {_step(one['step'])} no se dijo: {one['reason']}."
        case "message":
            return _message(one, zone)
        case "report":
            name, folio = one["name"], one["folio"]
            return (
                f"{name} reportó {one['quantity']} con folio {folio}, versión {one['version']}: {STATES[one['state']]}."
            )
        case "review":
            part = f" solo {PARTS[one['part']]}" if one["part"] else ""
            reason = f" {one['reason']}" if one["reason"] else ""
            done = REVIEWS[one["outcome"]]
            return f"{one['name']} {done}{part} {one['folio']}, versión {one['version']}.{reason}"
        case "blocker":
            date = f" Propuso el {one['proposed_on']}." if one["proposed_on"] else ""
            rest = f" Sin avisos antes del {one['quiet_until']}." if one["quiet_until"] else ""
            return f"Respondió «{KINDS[one['kind']]}». {one['reason']}".strip() + date + rest + REPLIES[one["reply"]]
        case "decided":
            return f"Sobre «{KINDS[one['kind']]}»: {OUTCOMES[one['outcome']]}. {one['why']}".strip()
        case "leave" if one["ends"] < one["starts"]:
            return f"Avisó de un permiso desde el {one['starts']}, que no tomó."
        case "leave":
            return f"Avisó que estaría de permiso del {one['starts']} al {one['ends']}."


def _step(step: int) -> str:
    if step == 0:
        return "el día"
    days = "1 día hábil" if abs(step) == 1 else f"{abs(step)} días hábiles"
    return f"{days} {'antes' if step < 0 else 'después'}"


def _message(one: dict[str, Any], zone: ZoneInfo) -> str:
    moment = one["read_at"] or one["delivered_at"] or one["sent_at"]
    when = f" el {moment.astimezone(zone):%Y-%m-%d %H:%M}" if moment else ""
    reason = f" ({one['reason']})" if one["reason"] else ""
    template = f", como plantilla {one['template']}" if one["template"] else ""
    return f"Mensaje {one['id']} del día, por {one['channel']}{template}: {STATES[one['state']]}{when}{reason}."
