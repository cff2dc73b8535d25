"""/informe and /descargar: what is wanted in a word or a sentence, who may have it, and the file once it is there."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from models.hand_outs import HandOut
from tests.support.world import World, open_world


@pytest.fixture(params=["sqlite", "postgres"])
def world(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[World]:
    one = open_world(request.param, tmp_path)
    yield one
    one.close()


def asked(world: World) -> list[tuple[str, str, str, int, str]]:
    rows = world.rows(select(HandOut).order_by(HandOut.id))
    return [
        (row.kind, row.params["form"], row.params["period"], row.params["activity"], row.params["office"])
        for row in rows
    ]


@pytest.mark.parametrize(
    ("says", "wants"),
    [
        ("informe trimestral 1 en pdf", []),
        ("informe trimestral primer trimestre en pdf", [("quarterly", "pdf", "2022-T1", 0, "")]),
        ("/informe seguimiento de abril excel y pdf",
         [("follow-up", "xlsx", "2022-04-30", 0, ""), ("follow-up", "pdf", "2022-04-30", 0, "")]),
        ("expediente de abril", [("dossier", "zip", "2022-04", 0, "")]),
        ("quiero el dossier de la actividad 6", [("dossier", "zip", "2022", 6, "")]),
        ("expediente de prensa de mayo", [("dossier", "zip", "2022-05", 0, "prensa")]),
        ("estadísticas de interacciones del semestre 1 en excel", [("interactions", "xlsx", "2022-S1", 0, "")]),
        ("/informe evaluación en pdf", [("evaluation", "pdf", "2022", 0, "")]),
        ("/informe grupos de valor trimestre 1 en pdf", [("coverage", "pdf", "2022-T1", 0, "")]),
    ],
)  # fmt: skip
def test_a_sentence_says_it_all(world: World, says: str, wants: list[tuple[str, ...]]) -> None:
    world.say("coordinator", says)
    assert asked(world) == wants
    if wants:
        assert world.last("coordinator").text.startswith("Lo estoy preparando:")
