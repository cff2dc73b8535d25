"""/inicio: who we are, what is kept and why, and the consent without which nothing personal is kept."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from conversation.messages import Choice, Heard, Reply
from conversation.questions import Answer, Reading, Stale, YesNo
from conversation.questions.base import Shown
from conversation.talk import Talk
from conversation.texts import Say, _, paragraphs, render
from handlers.base import Conversation, Outcome
from models import audit, people
from models.figures import current_plan
from models.visit import Visit

# Whoever changes a word of the notice changes the version: it says which words a person agreed to.
VERSION = "2026-11"
WAITS = _("Su solicitud espera a que la coordinación la confirme. Le avisaré.")
LOOK = (Choice("/estado", _("Ver cómo va el plan")), Choice("/ayuda", _("Ayuda")))


@dataclass(frozen=True, slots=True)
class Agreement:
    """The data-protection notice. Its value is the wording as the person read it, "" where it was refused."""

    visit: Visit

    def show(self, draft: Any) -> Shown:
        return replace(self._question().show(draft), again=_("¿Acepta lo que le mostré?"))

    def read(self, heard: Heard, draft: Any) -> Reading:
        question = self._question()
        reading = question.read(heard, draft)
        if not isinstance(reading, Answer):
            return reading
        return Answer(render(question.prompt, heard.language) if reading.stored == "yes" else "")

    def load(self, stored: Any) -> str:
        if not isinstance(stored, str):
            raise Stale("")
        return stored

    def _question(self) -> YesNo:
        return YesNo(notice(self.visit), yes=_("Acepto"), no=_("No acepto"))


async def welcome(talk: Talk, visit: Visit) -> str | Reply:
    """The greeting; for somebody new the notice, whose wording is what there is to keep."""
    if visit.who.consented:
        return _greeting(visit)
    talk.argument = ""  # nobody agrees to a notice that was not shown yet: "/inicio acepto"
    return await talk.ask("consent", Agreement(visit)) or declined()


def declined() -> Reply:
    """What still works without consent."""
    text = _("Está bien, no guardé nada suyo. Puede ver cómo va el plan con /estado, o escribir /ayuda. Si cambia de "
             "idea, escriba /inicio.")  # fmt: skip
    return Reply(text, links=LOOK)


def _agree(visit: Visit, wording: str) -> Outcome:
    """Keep what was agreed to."""
    people.consent(visit.connection, visit.who, VERSION, wording, visit.now)
    audit.record(visit.connection, visit.now, visit.who.id, "consent.given", f"person:{visit.who.id}", version=VERSION)
    text = _("Gracias. Quedó guardado que aceptó. Puede ver cómo va el plan. Si trabaja en el plan, abra el enlace de "
             "su invitación.")  # fmt: skip
    return Outcome(Reply(text, links=LOOK))


def notice(visit: Visit, asks: bool = True) -> Say:
    """Who keeps what, what for, and everybody's rights; `asks` whether that is all that is asked for."""
    plan = current_plan(visit.connection)
    entity: Say = plan.entity if plan else _("la entidad de este plan")
    contact: Say = plan.contact if plan and plan.contact else _("los canales oficiales de la entidad")
    return paragraphs(
        _("Hola, soy Chasqui. Ayudo a que el plan se cumpla y a que todos puedan verlo. Antes de guardar algo suyo "
          "necesito su permiso (Ley 1581 de 2012)."),
        _("Responsable de sus datos: {entity}. Contacto: {contact}.", entity=entity, contact=contact),
        _("Qué se guarda: su número o cuenta de este chat y lo que envíe. Si trabaja en el plan, también su nombre."),
        _("Para qué: seguir el cumplimiento del plan, mostrarlo por dependencia y avisarle lo que le corresponde. Su "
          "número no se publica."),
        _("Sus derechos: conocer, corregir y borrar sus datos, pedir prueba de este permiso, retirarlo cuando quiera y "
          "quejarse ante la Superintendencia de Industria y Comercio. Es gratis."),
        _("Es voluntario, también si le pregunto por menores de edad o datos sensibles. Aunque no acepte, puede ver "
          "cómo va el plan. ¿Acepta?")
        if asks
        else _("Es voluntario. Aunque no acepte, puede ver cómo va el plan."),
    )  # fmt: skip


def _greeting(visit: Visit) -> Reply:
    """Hello, and what this person can do next."""
    from handlers.table import menu  # the table lists this conversation too

    who = visit.who
    hello = _("Hola, {name}.", name=who.name) if who.name else _("Hola.")
    return Reply(paragraphs(hello, WAITS if who.status == "pending" else _("¿Qué desea hacer?")), links=menu(visit))


WELCOME = Conversation(
    name="welcome",
    command="/inicio",
    run=welcome,
    commit=_agree,
    title=_("Empezar"),
    phrases=("hola", "buenos dias", "buenas tardes", "buenas noches", "buenas", "empezar", "inicio"),
    consent=False,
    hidden=True,
)
