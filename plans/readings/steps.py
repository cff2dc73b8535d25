"""The parts of a unit and the proofs of a report, as the target names them."""

from __future__ import annotations

import re

from plans.readings.words import listed
from plans.terms import Step

_DONE = (
    "elabora|prepara|presenta|publica|diseña|implementa|socializa|aproba|adopta|divulga|actualiza|revisa|consolida|"
    "ejecuta|formula|realiza|envia|radica|capacita|valida|difundi|construi|evalua|documenta|desarrolla|entrega|firma"
)
_STEPS = listed([rf"(?:{_DONE})d[oa]s?"])
_CHANNELS = listed(
    [
        "p[áa]ginas? web",
        "sitio web",
        "redes sociales",
        "radio",
        "televisi[óo]n",
        "prensa",
        "carteleras?",
        "correo electr[óo]nico",
    ]
)


def read_steps(target: str) -> tuple[Step, ...]:
    """ "(1) Informe presentado y publicado" → presentado, publicado; nothing for fewer than two."""
    return tuple(Step(part) for part in _parts(_STEPS.search(target)))


def read_proofs(target: str) -> tuple[str, ...]:
    """ "en página web y redes sociales" → each channel must be shown; a choice ("y/o") asks for neither."""
    return _parts(_CHANNELS.search(target))


def _parts(match: re.Match[str] | None) -> tuple[str, ...]:
    if not match:
        return ()
    parts = re.split(r",\s*|\s[ye]\s", match[0].lower())
    return tuple(re.sub(r"^(?:en )?(?:las? |el )?", "", part).strip() for part in parts)
