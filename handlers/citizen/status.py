"""/estado: how far the plan is, whole or by subcomponent, activity, office and time. Everyone may ask."""

from __future__ import annotations

import re

from conversation.messages import Reply
from conversation.texts import _
from handlers.asking import asking, remember
from handlers.base import Conversation, said_like
from handlers.scopes import Asked
from handlers.standing import standing
from models.directory import Directory
from models.figures import figures
from models.visit import Visit

# "cómo va prensa", "cuánto llevamos en la 6", "estado de la actividad 6", "muéstreme la 6 por dependencia"
ASKED = re.compile(
    r"(?:y )?(?:como (?:va|van|vamos|anda|andan)|cuanto (?:va|van|vamos|lleva|llevan|llevamos)|estado) "
    r"(?:(?:en|con|de|del|lo|la|el|las|los) )*(.+)"
    r"|how (?:is|are) (.+?)(?: doing| going)?"
    r"|(?:muestre(?:me)?|deme|ver|quiero ver) (?:la |el )*((?:actividad |sub(?:componente)? ?)?\d+(?: por \w+)?)"
)


def status_of(asked: Asked, names: Directory, visit: Visit) -> Reply:
    """The figures of what is asked, at office level."""
    return standing("/estado", asked, names, figures(visit.connection, asked.scope, visit.today), visit)


STATUS = Conversation(
    name="status",
    command="/estado",
    run=asking("/estado", status_of),
    commit=remember,
    title=_("Ver cómo va el plan"),
    phrases=("estado", "estado del plan", "como vamos", "cuanto vamos", "cuanto llevamos", "como va la cosa",
             "como va todo", "como va el plan", "cumplimiento", "cumplimiento del plan", "semaforo",
             "how are we doing", "how is the plan doing"),
    understands=said_like(ASKED),
    consent=False,
)  # fmt: skip
