"""/idioma: the language a person is answered in."""

from __future__ import annotations

from conversation.messages import Reply
from conversation.questions import Option, Pick
from conversation.talk import Talk
from conversation.texts import _
from conversation.understanding import fold
from handlers.base import Conversation, Outcome
from models import people
from models.visit import Visit

# Each in its own words, which are therefore not translated: its name, what it is called, and the answer.
LANGUAGES = {
    "es": ("Español", ("es", "espanol", "spanish", "castellano"), "Listo. Desde ahora le escribo en español."),
    "en": ("English", ("en", "english", "ingles"), "Done. From now on I write to you in English."),
}


async def language(talk: Talk, visit: Visit) -> str:
    """The code of the language chosen."""
    options = [Option(code, name, code, words) for code, (name, words, _done) in LANGUAGES.items()]
    return await talk.ask("language", Pick(_("¿En qué idioma le escribo?"), options))


def _speak(visit: Visit, code: str) -> Outcome:
    people.speak(visit.connection, visit.who.id, code)
    return Outcome(Reply(LANGUAGES[code][2]))


def _understands(text: str) -> str | None:
    """ "english" → "en"."""
    return next((code for code, (_name, words, _done) in LANGUAGES.items() if fold(text) in words[1:]), None)


LANGUAGE = Conversation(
    name="language",
    command="/idioma",
    run=language,
    commit=_speak,
    title=_("Cambiar de idioma"),
    phrases=("idioma", "cambiar idioma", "cambiar de idioma", "otro idioma", "language"),
    understands=_understands,
    consent=False,
)
