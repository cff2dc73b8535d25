"""Which conversation a message belongs to, and what comes of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from bot.driving import COMING, Said, drive, end
from bot.edits import reread
from bot.resending import quoted, resent
from conversation.messages import Choice, Heard, Inbound, Reply
from conversation.questions.files import links, refusal
from conversation.questions.values import clean
from conversation.talk import State, back, keep
from conversation.texts import Language, Say, _
from conversation.understanding import fold
from handlers.base import Conversation
from handlers.everyone.handover import handed_over, refused
from handlers.everyone.opting import STOP, opted
from handlers.table import BY_NAME, PUBLIC, REPORT, WELCOME, command, exactly, meant, menu
from models.conversations import Kept
from models.visit import Visit

CANCEL = ("/cancelar", "cancelar", "cancela", "cancelelo", "dejelo asi", "dejalo asi", "olvidelo", "salir")
BACK = ("/atras", "atras", "volver", "regresar", "devolverse", "me devuelvo")
RESUME = ("/seguir", "seguir", "continuar", "sigamos", "retomar")
RESUME_REPORT = ("/seguir avance", "seguir con mi avance")
ANEW = ("/otro", "empezar otro", "otro avance", "uno nuevo")
REPEAT = ("otra vez", "repita", "repetir", "repitame")


@dataclass(frozen=True, slots=True)
class Desk:
    """One message on the table, and the conversations it could belong to, as they were when it came.

    current  the conversation that waits for an answer; parked: the one put aside most recently
    private  whether nobody else reads the answer
    reply_to  the number of the message it replies to, "" for none
    """

    visit: Visit
    kept: Mapping[str, Kept]
    heard: Heard
    current: Kept | None
    parked: Kept | None
    private: bool
    reply_to: str = ""


def converse(visit: Visit, kept: Mapping[str, Kept], inbound: Inbound, language: Language) -> Said:
    """Answer one message of one person, who reads and types labels in `language`."""
    tapped = bool(inbound.tap) and not inbound.tap.startswith("/")
    text = inbound.tap or inbound.text.strip()
    known = [item for item in kept.values() if item.name in BY_NAME]
    desk = Desk(
        visit, kept, Heard("" if tapped else text, "", inbound.attachments, visit.today, language, inbound.number),
        next((item for item in known if item.status == "open"), None),
        max((item for item in known if item.status == "parked"), key=lambda item: item.revision, default=None),
        inbound.private, inbound.reply_to,
    )  # fmt: skip
    if not tapped and (fixed := refused(visit, inbound)):
        return _refused(desk, fixed)
    if inbound.edited:
        return _edited(desk)
    if tapped:
        return _tapped(desk, inbound.tap)
    if again := resent(visit, kept, desk.current, inbound, desk.heard):
        item, heard, note = again
        return _go_on(desk, item, heard, note)
    return _everywhere(desk) or _commanded(desk) or _handed_over(desk) or _spoken(desk)


def _tapped(desk: Desk, tap: str) -> Said:
    """A button: it answers the very question it was shown with, or says that it is an old one."""
    name, _sep, rest = tap.partition("|")
    question, _sep, rest = rest.partition("|")
    asked, _sep, key = rest.partition("|")
    item = desk.kept.get(name)
    if item and name in BY_NAME and item.status != "ended" and _shown(item) == (question, asked):
        return _go_on(desk, item, replace(desk.heard, choice=key))
    old = _("Ese botón es de una pregunta anterior.")
    return _go_on(desk, desk.current, note=old) if desk.current else Said(_menu(desk, old))


def _edited(desk: Desk) -> Said:
    """A message that says something else now: so does the answer it was, or else how to change that is told.

    Whatever it was, and however old it is: who turns it into a word that stops wants no more messages.
    """
    if opted(desk.heard.text) is STOP:
        return _start(desk, STOP)
    said = reread(desk.visit, desk.current, desk.heard) if desk.current else None
    if said:
        return _settled(desk, said)
    late = _("Vi que cambió un mensaje que ya había leído. Para cambiar una respuesta escriba /atras; si ya la envió, "
             "/corregir.")  # fmt: skip
    return _go_on(desk, desk.current, note=late) if desk.current else Said(_menu(desk, late))


def _shown(item: Kept) -> tuple[str, str]:
    """The open question and the revision its buttons carry."""
    return item.state.waiting_for, str(item.state.asked)


def _everywhere(desk: Desk) -> Said | None:
    """The words that work in any state."""
    said = "/" + fold(desk.heard.text) if desk.heard.text.startswith("/") else fold(desk.heard.text)
    current, parked = desk.current, desk.parked
    if not desk.heard.attachments and (wish := opted(desk.heard.text)):
        return _start(desk, wish)
    if said in CANCEL:
        return _cancel(desk)
    if said in BACK and current:
        first = not back(current.state)
        current.state.waiting_for = ""
        return _go_on(desk, current, note=_("Esta es la primera pregunta.") if first else "")
    report = desk.kept.get(REPORT.name)
    if said in RESUME_REPORT and report and report.status != "ended":
        return _go_on(desk, report)
    if said in (*RESUME, *RESUME_REPORT) and (waiting := current or parked):
        return _go_on(desk, waiting)
    if said in ANEW and REPORT.open_to(desk.visit):
        return _start(desk, REPORT, anew=True)
    if said in REPEAT and current:
        return _go_on(desk, current)
    return None


def _commanded(desk: Desk) -> Said | None:
    if not desk.heard.text.startswith("/"):
        return None
    entry, argument = command(desk.heard.text)
    if entry:
        return _start(desk, entry, argument)
    unknown = _("No conozco esa orden.")
    return _go_on(desk, desk.current, note=unknown) if desk.current else Said(_menu(desk, unknown))


def _handed_over(desk: Desk) -> Said | None:
    # A file with some words opens a report, where such things may well be told.
    if desk.current or (desk.heard.attachments and REPORT.open_to(desk.visit)):
        return None
    reply = handed_over(desk.visit, desk.heard.text)
    return Said(reply) if reply else None


def _refused(desk: Desk, fixed: Reply) -> Said:
    """Nothing of it is kept. What follows may belong to it, so it must not answer the open question either."""
    said = Said(fixed)
    if desk.current:
        desk.current.status = "parked"
        said.changed.append(desk.current)
    return _settled(desk, said)


def _spoken(desk: Desk) -> Said:
    """Plain words and files: an answer to the open question, or the start of something."""
    current, files = desk.current, desk.heard.attachments
    if any(file.problem == "no_file" for file in files):
        say = refusal(files[0])
        return _go_on(desk, current, note=say) if current else Said(_menu(desk, say))
    if current and files and not BY_NAME[current.name].files:
        # This one could not hold them; a report can, and the other waits meanwhile.
        current = None if REPORT.open_to(desk.visit) else current
    if current:
        said = _go_on(desk, current, desk.heard)
        wish, argument = exactly(desk.heard.text, desk.visit) if said.misread and not files else (None, "")
        return _start(desk, wish, argument) if wish else said
    found = links(desk.heard.text)
    if (files or found) and REPORT.open_to(desk.visit):
        return _out_of_the_blue(desk)
    if files:
        return Said(_menu(desk, _("Por ahora no recibo archivos suyos aquí.")))
    wish, argument = meant(desk.heard.text, desk.visit)
    if wish:
        return _start(desk, wish, argument)
    if not desk.visit.who.consented:
        return _start(desk, WELCOME)
    return Said(_menu(desk, _("No le entendí. ¿Qué desea hacer?")))


def _out_of_the_blue(desk: Desk) -> Said:
    """Evidence nobody asked for opens the report with it already in, or joins the one that waits."""
    waiting = desk.kept.get(REPORT.name)
    if waiting and waiting.status == "parked":
        return _go_on(desk, waiting, desk.heard)
    caption = clean(desk.heard.text)
    item = _fresh(desk, REPORT)
    keep(item.state, (*desk.heard.attachments, *links(caption)))
    refused = [file for file in desk.heard.attachments if file.refused]
    if refused and not item.state.stash:
        said = drive(desk.visit, item, replace(desk.heard, text="", attachments=tuple(refused)))
        return _settled(desk, said)
    if any(c.isalpha() for c in caption):
        item.state.answers["account"] = caption[:2000]
        item.state.said["account"] = desk.heard.number
        caption = ""
    here = all(not file.problem for file in desk.heard.attachments)
    note = _("Recibí su soporte.") if here else COMING
    return _settled(desk, drive(desk.visit, item, argument=caption, note=note))


def _start(desk: Desk, entry: Conversation, argument: str = "", anew: bool = False) -> Said:
    if not desk.private and entry not in PUBLIC:
        return Said(Reply(_("Eso es personal. Escríbame en un chat privado.")))
    if not entry.open_to(desk.visit):
        return Said(_menu(desk, _("Esa opción no está disponible para usted.")))
    if entry.consent and not desk.visit.who.consented:
        entry, argument = WELCOME, ""
    if entry.quotes and not argument:
        argument = quoted(desk.visit, desk.reply_to)
    item = desk.kept.get(entry.name)
    if entry is REPORT and not anew and item and item.status in ("open", "parked") and _has_something(item.state):
        return Said(_half_done(desk))
    said = drive(desk.visit, _fresh(desk, entry), argument=argument)
    return _settled(desk, said)


def _go_on(desk: Desk, item: Kept, heard: Heard | None = None, note: Say = "") -> Said:
    return _settled(desk, drive(desk.visit, item, heard, note=note))


def _settled(desk: Desk, said: Said) -> Said:
    """At most one conversation is open: one that asks parks the other, one that ends reminds of the other."""
    if said.token:
        if desk.current and desk.current not in said.changed:
            desk.current.status = "parked"
            said.changed.append(desk.current)
        return said
    waiting = [item for item in (desk.current, desk.parked) if item and item.status != "ended"]
    if any(_has_something(item.state) for item in waiting):
        resume = Choice("/seguir", _("Seguir con lo que dejé a medias"))
        said.reply = replace(said.reply, links=(*said.reply.links, resume))
    return said


def _cancel(desk: Desk) -> Said:
    if not desk.current:
        return Said(_menu(desk, _("No hay nada que cancelar.")))
    end(desk.current)
    said = Said(_menu(desk, _("Listo, cancelado. No guardé nada.")), changed=[desk.current])
    return _settled(desk, said)


def _half_done(desk: Desk) -> Reply:
    choices = (Choice("/seguir avance", _("Seguir con ese")), Choice("/otro", _("Empezar otro")))
    return Reply(_("Tiene un avance a medias. ¿Sigue con ese o empieza otro?"), links=choices)


def _fresh(desk: Desk, entry: Conversation) -> Kept:
    """The conversation from its beginning; the row is used again, so that its revision only grows."""
    item = desk.kept.get(entry.name)
    if item is None:
        return Kept(0, entry.name, "ended", 0, State())
    item.state = State()
    return item


def _menu(desk: Desk, text: Say) -> Reply:
    return Reply(text, links=menu(desk.visit))


def _has_something(state: State) -> bool:
    return bool(state.answers or state.stash or state.draft)
