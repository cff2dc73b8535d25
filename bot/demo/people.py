"""The people of the demonstration, all invented, and how they come in: invited, consenting, let in."""

from __future__ import annotations

from dataclasses import dataclass

from bot.demo.stage import Stage
from models import invitations
from models.people import Role


@dataclass(frozen=True, slots=True)
class Part:
    """Somebody in the demonstration. `key` names them here; `phone` is their place on the page, "" for none."""

    key: str
    name: str
    role: Role
    office: str = ""
    phone: str = ""


FIRST = Part("coordinador", "Bernardo Guerrero", Role.COORDINATOR)
CARLOS = Part("prensa", "Carlos Delgado", Role.OFFICER, "prensa")
SINCE_FEBRUARY = (
    CARLOS,
    Part("interno", "Luis Erazo", Role.AUDITOR),
    Part("tic", "Jairo Benavides", Role.OFFICER, "tic"),
    Part("comunitario", "Rosa Elena Pantoja", Role.OFFICER, "comunitario"),
    Part("gobierno", "Álvaro Insuasty", Role.OFFICER, "gobierno"),
    Part("planeacion", "Gloria Mercedes Chaves", Role.OFFICER, "planeacion"),
    Part("agricultura", "Segundo Tupaz", Role.OFFICER, "agricultura"),
    Part("educacion", "Nancy Bastidas", Role.OFFICER, "educacion"),
    Part("genero", "Yaneth Quiñones", Role.OFFICER, "genero"),
)
# They take over from Bernardo and Carlos in May, so that their phones open with a short history.
MARTA = Part("marta", "Marta Rosero", Role.COORDINATOR, phone="coordinator")
ANA = Part("ana", "Ana Lucía Ortega", Role.OFFICER, "prensa", phone="officer")


def enrol(stage: Stage, part: Part, address: str, office_id: int | None, coordinator: str) -> None:
    """Invite somebody, who uses the invitation; the coordinator at that address lets them in.

    The first coordinator is let in as from the command line: nobody else could.
    """
    token = invitations.create(stage.connection, part.name, part.role, office_id, stage.now)
    stage.talk(address, f"/start {token}", {"consent": ("acepto",), "identity": ("sí",)})
    invited = next(one for one in invitations.waiting(stage.connection) if one.name == part.name)
    if part is FIRST:
        invitations.decide(stage.connection, invited, accept=True, by=None, now=stage.now)
    else:
        stage.say(coordinator, f"/admitir {invited.id}")
