"""/vincular and /desvincular: two chats of one person become one, and a chat goes its own way again."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from conversation.messages import Choice, Heard, Reply
from conversation.questions import Answer, Reading, YesNo
from conversation.questions.base import Shown
from conversation.talk import Talk
from conversation.texts import Say, _, paragraphs
from conversation.understanding import fold
from handlers.base import Conversation, Notice, Outcome
from models import linking
from models.linking import MISSES, Other
from models.visit import Visit

# The same for a wrong, a used and an old one: it tells nobody who guesses anything.
NO_GOOD: Say = _(
    "Ese código no sirve: está mal escrito, ya se usó o se venció. Pida otro en su otro chat con /vincular."
)


@dataclass(frozen=True, slots=True)
class Code:
    """A code made on another chat. What is kept is its hash; its value is whose it is, None where it is not good."""

    visit: Visit

    def show(self, draft: Any) -> Shown:
        return Shown(_("Escriba el código que le di en su otro chat."), (), "text")

    def read(self, heard: Heard, draft: Any) -> Reading:
        return Answer(linking.hashed(heard.text))

    def load(self, stored: Any) -> Other | None:
        return linking.of(self.visit.connection, str(stored), self.visit.who, self.visit.now)


@dataclass(frozen=True, slots=True)
class Joining:
    """Whose chats become this person's, or the other way round, and the hash of the code that says so."""

    other: Other
    code: str


@dataclass(frozen=True, slots=True)
class Asked:
    """A code is wanted."""


@dataclass(frozen=True, slots=True)
class Missed:
    """A code was typed that is not good."""


async def link(talk: Talk, visit: Visit) -> Joining | Asked | Missed | Reply | None:
    """With a code whether to join, without one a code for the other chat."""
    if not talk.argument and talk.stored("code") is None:
        return Asked() if visit.who.consented else _not_yet()
    if talk.stored("code") is None and linking.misses(visit.connection, visit.who.id, visit.now) >= MISSES:
        return Reply(_("Van muchos códigos que no sirven. Espere una hora y pida otro en su otro chat."))
    other = await talk.ask("code", Code(visit))
    if other is None:
        return Missed()
    if other.person_id == visit.who.id:
        return Reply(_("Ese código es de aquí. Escríbalo en su otro chat."))
    if other.rooted and other.me_rooted:
        return Reply(_("Los dos chats ya trabajan en el plan y no se pueden unir así. Hable con la coordinación: puede "
                       "dejarle uno solo."))  # fmt: skip
    whose = (
        _("¿Unir este chat con el de {name}?", name=other.name.split()[0])
        if other.name
        else _("¿Unir este chat con aquel donde pidió el código?")
    )
    careful = _("Tendrán lo mismo: quien use uno verá y hará lo del otro. Acepte solo si los dos son suyos.")
    sure = YesNo(paragraphs(whose, careful), yes=_("Sí, unir"), no=_("No unir"))
    return Joining(other, talk.stored("code")) if await talk.ask("sure", sure) else None


def _link(visit: Visit, decided: Joining | Asked | Missed) -> Outcome:
    """Make the code, or join, or count a wrong one."""
    connection, who, now = visit.connection, visit.who, visit.now
    if isinstance(decided, Missed):
        linking.missed(connection, who.id, now)
        return Outcome(Reply(NO_GOOD))
    if isinstance(decided, Asked):
        code = linking.new_code(connection, who.id, now)
        return Outcome(Reply(paragraphs(
            _("En el otro chat escriba: /vincular {code}", code=code),
            _("Sirve una sola vez, durante 15 minutos. No lo comparta: quien lo escriba podrá hacer aquí lo que usted "
              "hace."),
        )))  # fmt: skip
    kept = linking.join(connection, who, decided.other, decided.code, now)
    done = paragraphs(
        _("Listo. Desde ahora este chat y el otro son uno: lo que empiece en uno lo sigue en el otro."),
        _("Los avisos llegan una sola vez, al chat que usó de último. Para separarlos escriba /desvincular."),
    )
    told = paragraphs(
        _("Desde ahora este chat y otro son uno: lo que empiece en uno lo sigue en el otro, y los avisos llegan al que "
          "usó de último."),
        _("Si no fue usted, avise ya a la coordinación del plan."),
    )  # fmt: skip
    there = (replace(decided.other.chat, person_id=kept),) if decided.other.chat else ()
    return Outcome(Reply(done), (Notice(f"linked:{kept}:{now.isoformat()}", Reply(told), chats=there),))


def _not_yet() -> Reply:
    """Of who agreed to nothing there is nothing to share."""
    text = _("Para unir sus chats primero hace falta su permiso. Si ya lo dio en otro, pida allá un código con "
             "/vincular y escríbalo aquí.")  # fmt: skip
    return Reply(text, links=(Choice("/inicio", _("Empezar")),))


def _typed(text: str) -> str | None:
    """The code of "vincular K7QM-4XRT", or a text that looks like nothing else."""
    word, _sep, rest = fold(text).partition(" ")
    if word in ("vincular", "link") and linking.hashed(rest):
        return rest
    return text if linking.alone(text) else None


async def unlink(talk: Talk, visit: Visit) -> bool | Reply | None:
    """Asks before it takes a chat out."""
    if linking.chats(visit.connection, visit.who.id) < 2:
        return Reply(_("Este chat no está unido a otro."))
    prompt = _("¿Separar este chat? Aquí empezará de nuevo, sin nada de lo suyo. Todo sigue igual en su otro chat.")
    return await talk.ask("sure", YesNo(prompt, yes=_("Sí, separar"), no=_("No, dejarlo"))) or None


def _unlink(visit: Visit, _sure: bool) -> Outcome:
    linking.part(visit.connection, visit.who, visit.now)
    return Outcome(Reply(_("Listo, este chat quedó separado. Si vuelve a escribir aquí, empezamos de nuevo.")))


LINK: Conversation = Conversation(
    name=linking.LINK,
    command="/vincular",
    run=link,
    commit=_link,
    title=_("Usar también otro chat"),
    phrases=("vincular", "conectar mi whatsapp", "conectar mi telegram", "tengo otro telefono", "tengo otro celular",
             "unir mis chats", "usar otro chat"),
    understands=_typed,
    consent=False,
)  # fmt: skip
UNLINK = Conversation(
    name="unlink",
    command="/desvincular",
    run=unlink,
    commit=_unlink,
    title=_("Separar este chat"),
    phrases=("desvincular", "separar este chat", "separar mis chats"),
    hidden=True,
)
