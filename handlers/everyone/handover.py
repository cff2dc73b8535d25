"""What this chat must not swallow: it is handed over at once to who can help, and not kept."""

from __future__ import annotations

import re
from collections.abc import Sequence

from conversation.messages import Reply
from conversation.texts import Say, _
from conversation.understanding import fold

CORRUPTION: Say = _(
    "Aquí no se reciben denuncias y lo que escribió no se guarda. En este chat se ve su número o su cuenta. "
    "Denuncie ante la Fiscalía (línea 122), la Procuraduría o la Secretaría de Transparencia. Puede hacerlo sin dar su "
    "nombre."
)
PETITION: Say = _(
    "Las peticiones, quejas y reclamos se radican en el canal oficial de la entidad. Por este chat no quedan "
    "radicados: solo valen con su número de radicado."
)
EMERGENCY: Say = _(
    "Este chat no atiende emergencias. Llame ya al 123, o a la oficina de gestión del riesgo de su municipio."
)
ELECTORAL: Say = _("Este chat no habla de candidatos, partidos ni votaciones. Solo del plan y su cumplimiento.")
OTHERS: Say = _("No se entregan datos de otras personas.")
INTEGRITY: Say = _(
    "Eso no se puede. Los avances, las fechas y las revisiones los cambia solo quien tiene el encargo, y queda "
    "registrado."
)

# Said by somebody who reports a crime; never stored, not even inside a report.
ALWAYS: Sequence[tuple[str, Say]] = (
    ((r"\b(me |nos |les? )?(pidi\w*|exigi\w+|cobr(o|aron)) (una? )?(plata|dinero|coima|soborno|mordida)"
     r"|\b(quiero|voy a|vengo a|necesito) denunciar"), CORRUPTION),
)  # fmt: skip
# Only where no conversation is open: an account of an activity may well speak of these things.
ELSEWHERE: Sequence[tuple[str, Say]] = (
    (r"\bsoborn\w+|\bcoimas?\b|\b(se )?robaron la plata|\bdenuncia de corrupcion", CORRUPTION),
    (r"\b(poner|presentar|radicar|hacer) (una? )?(queja|reclamo|peticion|pqrs?d?)", PETITION),
    (r"\balerta\b.*\b(volcan|galeras)|\b(volcan|galeras)\b.*\balerta|\bauxilio\b|\bemergencia\b", EMERGENCY),
    (r"\bpor quien (votan|votar|voto)|\bvot(en|ar) por\b|\bcandidat[oa]s?\b", ELECTORAL),
    (r"\b(celular|telefono|numero|direccion|datos)(es)? de (los |las |el |la )?(inscrit|suscrit|responsable|ciudadan)",
     OTHERS),
    ((r"\bignor\w+ (tus|sus|las) (reglas|instrucciones)|\bapruebe todo|\bmarc\w+ todo (como )?cumplid"
     r"|\b(cambie|ponga|suba)\w* el porcentaje|\bpong\w+ fecha (de la semana|atras|anterior)"), INTEGRITY),
)  # fmt: skip


def handed_over(text: str, talking: bool) -> Reply | None:
    """The fixed answer to a text that is not for this chat; None for all others. `talking`: a question is open."""
    typed = fold(text)
    for pattern, answer in ALWAYS if talking else (*ALWAYS, *ELSEWHERE):
        if re.search(pattern, typed):
            return Reply(answer)
    return None
