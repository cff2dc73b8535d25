"""/llegue: I am here. The code, or its QR, is shown at the place and is good on the day only."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from conversation.messages import Heard, Reply
from conversation.questions import Answer, Misread, Reading
from conversation.questions.base import Shown
from conversation.talk import Talk
from conversation.texts import _, paragraphs
from handlers.base import Conversation, Outcome, said_like
from handlers.citizen.permission import Given, keep, permitted, refused
from models import attending, linking
from models.attending import Here
from models.linking import MISSES
from models.visit import Visit

PAYLOAD = re.compile(r"c_(e\d{4,6})_(\d{6})", re.IGNORECASE)
# "ya llegué 123456" → "123456".
SAID = re.compile(r"(?:ya )?(?:llegue|estoy aqui|estoy en el evento|i am here) (\d{6})")


@dataclass(frozen=True, slots=True)
class Code:
    """The six digits, or the link that has them. Its value is the event, None where it is not one of today."""

    visit: Visit

    def show(self, draft: Any) -> Shown:
        return Shown(_("Escriba el número de seis cifras que ve en el lugar."), (), "number")

    def read(self, heard: Heard, draft: Any) -> Reading:
        link = PAYLOAD.fullmatch(heard.text.strip())
        digits = link[2] if link else re.sub(r"\W", "", heard.text)
        if not re.fullmatch(r"\d{6}", digits):
            return Misread(_("Son seis cifras. Por ejemplo: 123456."))
        return Answer(digits)

    def load(self, stored: Any) -> Here | None:
        return attending.here(self.visit.connection, str(stored), self.visit.today)


@dataclass(frozen=True, slots=True)
class Arrived:
    """Somebody is at an event; none where the code is not good."""

    event: Here | None
    given: Given = ()


async def attend(talk: Talk, visit: Visit) -> Arrived | Reply:
    """The code; nobody may guess for long."""
    if talk.stored("code") is None and linking.misses(visit.connection, visit.who.id, visit.now) >= MISSES:
        return Reply(_("Van muchos números que no sirven. Espere una hora, o pida ayuda en el lugar."))
    event = await talk.ask("code", Code(visit))
    if event is None:
        return Arrived(None)
    given = await permitted(talk, visit)
    return refused(visit) if given is None else Arrived(event, given)


def _arrive(visit: Visit, arrived: Arrived) -> Outcome:
    if arrived.event is None:
        linking.missed(visit.connection, visit.who.id, visit.now)
        return Outcome(Reply(_("Ese número no es de un evento de hoy. Mírelo bien.")), again={})
    keep(visit, arrived.given)
    attending.check_in(visit.connection, arrived.event.id, visit.who.id, visit.now)
    text = paragraphs(
        _("Gracias por venir a {title}.", title=arrived.event.title), _("Mañana le pregunto cómo le pareció.")
    )
    return Outcome(Reply(text))


ATTEND = Conversation(
    name="attend", command="/llegue", run=attend, commit=_arrive, title=_("Decir que ya llegué a un evento"),
    phrases=("llegue", "ya llegue", "estoy aqui", "estoy en el evento", "registrar mi asistencia"),
    understands=said_like(SAID), consent=False,
)  # fmt: skip
