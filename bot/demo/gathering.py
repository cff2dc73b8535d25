"""A dialogue event of the demonstration, from its call to what was kept: a talk with potato growers in Cumbal."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from sqlalchemy import select

from bot.demo import pictures
from bot.demo.people import FIRST
from bot.demo.stage import Stage
from conversation.messages import Attachment
from models import attending, commitments, event_calls, planning
from models.events import Event

OFFICE, KEY, KEPT = "agricultura", "E0002", "C-2022-001"
TITLE = "Mesa de diálogo con productores de papa"
# How those who came found it: how it was explained, how they were listened to, what should change.
OPINIONS = (
    ("muy bien", "bien", "Que haya más sillas."),
    ("bien", "muy bien", "nada"),
    ("bien", "bien", "Avisar con más días."),
    ("muy bien", "bien", "nada"),
    ("más o menos", "bien", "Que hablen más despacio."),
    ("bien", "más o menos", "nada"),
)
CALL = {
    "kind": "mesa temática", "title": TITLE, "groups": "campesinado", "municipality": "Cumbal",
    "place": "Casa de la cultura", "day": "8 de abril", "hours": "de 9 a 12", "capacity": "60",
    "transport": "Bus desde Ipiales a las 7 de la mañana", "report": "https://www.narino.example/papa/informe",
    "sure": "sí",
}  # fmt: skip
QUESTION = "¿Cuándo arreglan el puente de la vereda Cuaical? Con las lluvias no sale la cosecha."
ANSWER = "El estudio del puente está listo. La obra empieza en junio y debe terminar en julio de 2022."
CONCLUDED = {
    "conclusions": "Los productores piden semilla certificada y mejores vías. Se acordó revisar los precios cada mes.",
    "promise1": "Publicar en la alcaldía la lista de quienes venden semilla certificada de papa",
    "office1": "Secretaría de Agricultura", "due1": "6 de mayo",
    "promise2": "Arreglar el puente de la vereda Cuaical",
    "office2": "Secretaría de Infraestructura", "due2": "29 de julio",
    "promise3": "nada más", "sure": "sí",
}  # fmt: skip
DONE = "La lista está en la cartelera de la alcaldía y en la página web, con catorce viveros."

Step = tuple[datetime, Callable[[], None]]


def steps(
    stage: Stage, plan: str, addresses: Mapping[str, str], moment: Callable[[str], datetime]
) -> list[Step]:  # fmt: skip
    """What happened, with when; `plan`: its slug, `addresses`: of the people who work on it, by key."""
    office, coordinator = addresses[OFFICE], addresses[FIRST.key]

    def talk(who: str, opening: str, answers: Mapping[str, str]) -> None:
        stage.talk(who, opening, {name: (said,) for name, said in answers.items()})

    def follows() -> None:
        """What the clock did of it; what was to be told then has been."""
        local = stage.now
        event_calls.follow(stage.connection, local, local.date())
        planning.resync(stage.connection, plan, stage.now)
        commitments.follow(stage.connection, stage.now, tell=False)

    def called() -> None:
        talk(office, "/evento", CALL)
        talk(coordinator, f"/aprobar_evento {KEY}", {"sure": "sí"})
        follows()

    def arrived() -> None:
        event = stage.connection.execute(select(Event.id).where(Event.key == KEY)).scalar_one()
        code = attending.code_of(stage.connection, event)
        for n in range(len(OPINIONS)):
            talk(_citizen(n), f"/llegue {code}", {"permission": "acepto"})

    def told() -> None:
        for n, (clear, heard, comment) in enumerate(OPINIONS):
            talk(_citizen(n), "/encuesta", {"clear": clear, "heard": heard, "comment": comment})

    def concluded() -> None:
        talk(office, f"/conclusiones {KEY}", CONCLUDED)
        talk(coordinator, f"/aprobar_conclusiones {KEY}", {"sure": "sí"})
        follows()

    def kept() -> None:
        picture = stage.keep(pictures.photo("wall", f"{KEPT} 1"), "cartelera.jpg")
        link = Attachment("link", "https://www.narino.example/papa/semilla")
        stage.talk(office, f"/reportar {KEPT}", {"account": (DONE,), "review": ("no",)}, [picture, link])

    def verified() -> None:
        for words in (f"/revisar {KEPT}-0001", "verificar", "sí"):
            stage.say(coordinator, words)
        follows()

    answered = {"answer": ANSWER, "sure": "publicar"}
    asked = {"event": KEY, "permission": "acepto", "text": QUESTION, "public": "todos"}
    return [
        (moment("2022-03-22 10:00"), called),
        (moment("2022-03-29 19:10"), lambda: talk(_citizen(0), "/preguntar", asked)),
        (
            moment("2022-04-05 11:00"),
            lambda: talk(office, "/responder P-2022-0001", answered),
        ),
        (moment("2022-04-08 09:05"), arrived),
        (moment("2022-04-09 18:00"), told),
        (moment("2022-04-27 15:00"), concluded),
        (moment("2022-05-05 09:20"), kept),
        (moment("2022-05-05 16:40"), verified),
    ]


def _citizen(number: int) -> str:
    return f"demo-cumbal-{number + 1}"
