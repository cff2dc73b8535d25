"""What this chat must not swallow: it is handed over at once to who can help, and not kept.

Whoever accuses somebody of corruption is told so in any state, with any message: a command, a caption, an edit. What
has to do with another office than this is told where no question is open: an account may well speak of these things.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from conversation.messages import Inbound, Reply
from conversation.texts import Say, _
from conversation.understanding import fold
from models.figures import current_plan
from models.visit import Visit

CORRUPTION: Say = _(
    "Aquí no se reciben denuncias y lo que escribió no se guarda. En este chat se ve su número o su cuenta. "
    "Denuncie ante la Fiscalía (línea 122), la Procuraduría o la Secretaría de Transparencia. Puede hacerlo sin dar su "
    "nombre. Si hablaba de otra cosa, dígala con otras palabras."
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


def _some(most: int) -> str:
    """Up to so many words between two others."""
    return rf"(?: \w+){{0,{most}}}? "


MONEY = r"(?:plata|platica|dinero|billetes?|millones|coimas?|sobornos?|mordidas?|tajadas?|cvy|money|cash|bribes?)"
PUBLIC = (r"(?:plata|platica|dinero|recursos|fondos|presupuesto|regalias|anticipos?|mercados|ayudas|subsidios|money|"
          r"funds)")  # fmt: skip
BRIBE = (r"(?:soborn\w+|coimas?|cvy|cohecho|peculado|concusion|prevaricato|desfalc\w+|malvers\w+|testaferros?|"
         r"enriquecimiento ilicito|trafico de influencias|corrup[csz]?i?on|corruption|brib\w+|kickbacks?|"
         r"embezzl\w+)")  # fmt: skip
OFFICIAL = (r"(?:alcalde\w*|alcaldesa|gobernador\w*|secretari[oa]s?|funcionari[oa]s?|concejal\w*|diputad[oa]s?|"
            r"contratistas?|interventor\w*|supervisor\w*|director\w*|jef[ea]s?|doctor\w*|polic\w+|inspector\w*|"
            r"personero|gerentes?|lider\w*|president[ea]s?|tesorer[oa]s?|mayor|governor|official)")  # fmt: skip
KIN = r"(?:prim[oa]s?|herman[oa]s?|cunad[oa]s?|espos[oa]s?|amig[oa]s?|familiar\w*|sobrin[oa]s?|compadres?|hij[oa]s?)"
ASKED = (r"(?:pidi\w*|piden?|pedian?|pidan|exig\w+|cobro|cobra|cobran|cobraron|cobrando|pidiendo|ofrec\w+|quitan|"
         r"quitaron|asked|demanded)")  # fmt: skip
# Who may ask for money without doing wrong.
PEOPLE = r"(?<!comunidad )(?<!comunidades )(?<!gente )(?<!asistentes )(?<!vecinos )(?<!ciudadanos )"

# Said by somebody who accuses: never stored, not even inside a report.
ACCUSED: Sequence[str] = (
    # that they want to
    (r"\b(?:quiero|quisiera|deseo|necesito|voy a|vamos a|vengo a|venimos a|queremos|me gustaria|want to|i will)"
    r"(?: (?:poner|hacer|presentar|interponer|formular|dejar|radicar|enviar|mandar))?(?: (?:una|la|mi|otra))? "
    r"(?:denun[cs]i\w*|report corruption|report a bribe)\b"),
    r"\b(?:yo |les? |aqui )?denun[cs]i(?:o|amos)(?: que| a| al| ante| el| la| los| las| un| una) (?!ciudadana)",
    r"\b(?:tengo|esta es|es) (?:una|mi) denun[cs]ia\b|\bmi denun[cs]ia es\b",
    # a bribe
    rf"\b(?:me|nos) {ASKED}{_some(4)}(?:{MONEY}|comision|porcentaje)\b",
    rf"{PEOPLE}\b(?<!si )(?<!si les )(?<!si le ){ASKED}{_some(2)}{MONEY}\b",
    (rf"\b{OFFICIAL}{_some(5)}(?:pid\w+|recib\w+|exig\w+|cobr\w+|acept\w+)(?: una?| su| la)? "
    rf"(?:{MONEY}|comision por|porcentaje por)\b"),
    (rf"\b(?:estan|andan|esta|anda) (?:cobrando|pidiendo|vendiendo){_some(3)}"
    r"(?:cupos?|subsidios?|puestos?|contratos?|tramites?|firmas?|ayudas|mercados|votos)\b"),
    (rf"\b(?:cobr|vend)(?:o|a|an|aron|ieron|io|e|en){_some(2)}(?:cupos|subsidios|por (?:el|los|un) (?:cupo|subsidio|"
    r"contrato|puesto)s?)\b"),
    rf"\b(?:pag\w+|dar|dio|dieron|di|entreg\w+){_some(2)}(?:coimas?|sobornos?|mordidas?|plata por debajo|cvy)\b",
    r"\bcompr\w+(?: de)? votos\b|\bpor debajo de (?:la )?(?:mesa|cuerda)\b",
    # public money taken
    (rf"(?<!el )(?<!del )(?<!un )\b(?:rr?ob(?:o|an|aron|ando|andose|a)|embolsill\w+|desvi(?:o|an|aron|ando)|apropi\w+|"
    rf"saque\w+|tumb(?:o|aron|ando)|esfum\w+|desaparec\w+|stole|stolen){_some(4)}{PUBLIC}\b"),
    (rf"\bse (?:la )?(?:comi\w+|clav\w+|qued\w+ con|llev\w+|perd\w+|ech\w+ al bolsillo){_some(2)}"
    r"(?:plata|platica|dinero|recursos|fondos|presupuesto|regalias|anticipo)\b"),
    (rf"\b(?:plata|dinero|recursos|presupuesto|anticipo|regalias){_some(3)}se (?:l[oa]s? )?"
    r"(?:rr?ob\w+|comi\w+|embolsill\w+|clav\w+|llev\w+|repart\w+ entre)\b"),
    (r"\brr?ob(?:ando|o|aron|an|a)(?:le)?(?: \w+)? (?:al|a la|a los|a todo el) "
    r"(?:pueblo|municipio|departamento|comunidad|gente|estado|gobernacion|alcaldia|campesinos)\b"),
    (rf"\b{OFFICIAL}{_some(4)}(?:rr?ob(?:o|a|an|aron|ando)|es (?:un |una |muy )?(?:corrupt[oa]|rater[oa]|ladron\w*)|"
    r"son (?:unos |unas |todos )?(?:corrupt[oa]s|rater[oa]s|ratas|ladron\w*))\b"),
    # a contract that is no contract
    (rf"\b(?:contrat\w+|licitacion\w*|convocatoria|concurso|obra)s?{_some(4)}(?:amanad\w+|a dedo|torcid[oa]s?|"
    r"fantasmas?|ficticio|inflad[oa]s?|direccionad[oa]s?)\b"),
    rf"\b(?:amanar\w*|amano|amanaron|amanando){_some(3)}(?:contrat\w+|licitacion\w*|convocatoria|concurso)",
    rf"\b(?:contrat\w+|licitacion|puesto|obra)s?{_some(4)}(?:a|al|para|con|de)(?: su| sus| el| la| un| una)? {KIN}\b",
    rf"\bhay{_some(2)}(?:sobrecostos?|serrucho|mermelada|gato encerrado|torcidos?)\b",
)  # fmt: skip
# A word for it: an accusation, unless it is what something is about.
NAMED = rf"\b{BRIBE}\b|\bmordida\b(?! de)|\bactos? corruptos?\b"
ABOUT = (
    r"\b(?:anti ?corrup\w+|taller\w*|foros?|charlas?|capacit\w+|formacion|cursos?|tema\w*|socializ\w+|campanas?|"
    r"jornadas?|rutas?|politicas?|estrategias?|prevencion|prevenir|lucha|combatir|contra|ferias?|mesas?|planes|plan|"
    r"cartillas?|codigo|riesgos?|mapa|indice|transparencia|pedagogi\w+|avisos?|noticias|video|boletin\w*|informe\w*|"
    r"publica\w+|observatorio|workshop|forum|training|news|about|ley|leyes|estatuto)\b"
)
# Asked where nothing is being told, a word is enough.
HOW = (
    r"(?:(?:hacer|poner|presentar|una|la|linea|canal\w*|de|para|for) )*denun[cs]i(?:a|as|ar|o)(?: (?:anonim\w+|de "
    r"corrupcion|corrupcion|por favor|penal|disciplinaria))*"
)
WHERE = r"\b(?:donde|como|ante quien|a quien|con quien|where|how)(?: \w+){0,3} (?:denun[cs]i\w+|report corruption)"

COMPLAINT = (r"(?:quejas?|reclamos?|reclamacion|peticion\w*|derecho de peticion|pqrs?d?f?|pqrs|tutela|felicitacion|"
             r"complaint|petition)")  # fmt: skip
ALWAYS: Sequence[tuple[str, Say | None]] = (
    ((r"\b(?:quiero|quisiera|deseo|necesito|voy a|vengo a|me gustaria|puedo|want to)(?: (?:poner|presentar|radicar|"
      r"hacer|interponer|dejar|formular|enviar|file|make))(?: (?:un|una|mi|otra|otro|a))? " + COMPLAINT + r"\b"), None),
    ((r"\bnecesit\w+ (?:una )?(?:ambulancia|un rescate|los bomberos)|\bllam\w+ (?:a )?(?:los bomberos|la ambulancia)|"
      r"\bse (?:me |nos )?esta (?:quemando|inundando|incendiando|ahogando|muriendo)|"
      r"\bhay (?:un |una )?(?:incendio|avalancha|inundacion|derrumbe|herid\w+|creciente) (?:ahora|ya|aqui|en este)|"
      r"^(?:auxilio|socorro|ayuda urgente|emergencia|sos|help me)\b"), EMERGENCY),
    (r"\b(?:voten|vote|votemos) por (?!el |la |los |las |una? |su |cada )", ELECTORAL),
    ((r"^(?:por favor )?(?:deme|dame|denme|digame|dime|paseme|pasame|muestreme|mandeme|enviame|envieme|regaleme|"
      r"give me|tell me)(?: \w+){0,3} (?:celular|telefono|cedula|direccion|correo|datos|lista|listado|nombres?|whatsapp"
      r"|phone|address|numero)s?(?: \w+){0,3} (?:de|del|of) (?!contacto|la entidad|la gobernacion)(?!.*\bmi\b)"),
     OTHERS),
)  # fmt: skip
# Only where no conversation is open.
ELSEWHERE: Sequence[tuple[str, Say | None]] = (
    (rf"^{HOW}$|{WHERE}", CORRUPTION),
    ((r"\b(?:poner|presentar|radicar|hacer|interponer|dejar|formular|tengo|radico|presento|pongo|como va|en que va|"
      r"respuesta a|file)(?: (?:un|una|mi|a))? " + COMPLAINT + r"\b|^(?:una? )?" + COMPLAINT + r"$|"
      r"\bme quejo\b|\bnumero de radicado\b|\bderecho de peticion\b"), None),
    ((r"\balerta\b.*\b(?:volcan|galeras|rio)|\b(?:volcan|galeras)\b.*\b(?:alerta|erupcion|explot\w+)|\bauxilio\b|"
      r"\bsocorro\b|\bemergencias?\b|\b(?:temblo|terremoto|tsunami|ambulancia)\b|"
      r"\b(?:hay|hubo|viene)(?: \w+){0,2} (?:temblor|avalancha|incendio|inundacion|derrumbe|creciente|deslizamiento)|"
      r"\bme (?:estan? )?amenaz\w+|\bme quieren matar\b|\bme voy a (?:matar|suicidar)\b|\bemergency\b"),
     EMERGENCY),
    ((r"\b(?:por quien|a quien|por cual)(?: \w+)? vot\w+|\bvot(?:en|ar|o|emos|e|a) por\b|\bcandidat[oa]s?\b|"
      r"\belecciones\b|\b(?:campana|propaganda) (?:politica|electoral)\b|\bpartidos? (?:politicos?|liberal|"
      r"conservador|verde)\b|\bpacto historico\b|\bcentro democratico\b|\bpuesto de votacion\b|\bcandidates?\b|"
      r"\belections?\b|\bvote for\b"), ELECTORAL),
    ((r"\b(?:celular|telefono|cedula|direccion|correo|whatsapp|datos(?: personales)?|listado|lista|nombres?)(?:es|s)? "
      r"(?:de |del )(?:los |las |el |la |un |una |quienes? )?(?:otr[oa]s? |todos |todas )?(?:inscrit|suscrit|"
      r"responsable|ciudadan|asistent|persona|alcalde|gobernador|secretario|funcionari|vecin|senor|doctor|quien|"
      r"pregunt|denunci)|\bnumeros? (?:de (?:celular|telefono|whatsapp|cedula) )?(?:de|del) (?:los |las |el |la )?"
      r"(?:inscrit|suscrit|alcalde|gobernador|secretario|funcionari|senor|doctor)|\bquien(?:es)? (?:puso|hizo|pregunto|"
      r"propuso|esta inscrit|estan inscrit|se inscribi|se suscribi|esta suscrit|estan suscrit)|\bdonde vive\b"),
     OTHERS),
    ((r"\bignor\w+ (?:tus|sus|las) (?:reglas|instrucciones)|\bapruebe todo|\bmarc\w+ todo (?:como )?cumplid|"
      r"\b(?:cambie|ponga|suba)\w* el porcentaje|\bpong\w+ fecha (?:de la semana|atras|anterior)"), INTEGRITY),
)  # fmt: skip
_ACCUSED, _NAMED, _ABOUT = (re.compile(pattern) for pattern in ("|".join(ACCUSED), NAMED, ABOUT))
_ALWAYS = [(re.compile(pattern), answer) for pattern, answer in ALWAYS]
_ELSEWHERE = [(re.compile(pattern), answer) for pattern, answer in ELSEWHERE]


def accuses(text: str) -> bool:
    """Whether a text accuses somebody of corruption, or is about to."""
    typed = fold(text)
    return bool(_ACCUSED.search(typed) or (_NAMED.search(typed) and not _ABOUT.search(typed)))


def accused(inbound: Inbound) -> bool:
    """Whether a message does, or the name of a file in it. Its files are not even fetched."""
    names = (item.ref if item.kind == "link" else item.name for item in inbound.attachments)
    return any(accuses(said) for said in (inbound.text, *names))


def refused(visit: Visit, inbound: Inbound) -> Reply | None:
    """The fixed answer to a message of which nothing may be kept, in any state; None for all others."""
    if accused(inbound):
        return Reply(CORRUPTION)
    return _answer(visit, inbound.text, _ALWAYS)


def handed_over(visit: Visit, text: str) -> Reply | None:
    """The fixed answer to a text that is not for this chat, where no question is open; None for all others."""
    return _answer(visit, text, _ELSEWHERE)


def _answer(visit: Visit, text: str, known: Sequence[tuple[re.Pattern[str], Say | None]]) -> Reply | None:
    typed = fold(text)
    for pattern, answer in known:
        if pattern.search(typed):
            return Reply(petition(visit) if answer is None else answer)
    return None


def petition(visit: Visit) -> Say:
    """Where complaints and petitions go."""
    plan = current_plan(visit.connection)
    contact: Say = plan.contact if plan and plan.contact else _("los canales oficiales de la entidad")
    return _("Las peticiones, quejas y reclamos se radican en el canal oficial: {contact}. Por este chat no quedan "
             "radicados: solo valen con su número de radicado.", contact=contact)  # fmt: skip
