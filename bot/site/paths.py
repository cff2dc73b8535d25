"""Where each page and file of the public space is."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from xml.sax.saxutils import escape

from bot.site.asked import Asked, View
from bot.site.views import dialogue, notes, plan
from bot.site.words import LANGUAGES
from models import public
from plans.places import municipalities

# The same in English below /en.
PAGES: Mapping[str, View] = {
    "/": plan.home,
    "/subcomponente/{number:int}": plan.subcomponent,
    "/actividad/{number:int}": plan.activity,
    "/dependencias": plan.offices,
    "/dependencia/{code}": plan.office,
    "/municipios": dialogue.places,
    "/municipio/{code}": dialogue.place,
    "/eventos": dialogue.calendar,
    "/evento/{key}": dialogue.event,
    "/compromisos": dialogue.commitments,
    "/avances": notes.reports,
    "/avances/{page:int}": notes.reports,
    "/avance/{folio}": notes.report,
    "/suscribirse": dialogue.subscribe,
    "/suscribirse/{kind}/{value}": dialogue.subscribe,
    "/datos": notes.data,
    "/verificar": partial(notes.note, "verify"),
    "/accesibilidad": partial(notes.note, "accessibility"),
    "/datos-personales": partial(notes.note, "privacy"),
    "/canales": partial(notes.note, "channels"),
}


@dataclass(frozen=True, slots=True)
class File:
    """What makes a file, its media type, and whether it is saved rather than shown."""

    make: Callable[[Asked], bytes | None]
    kind: str
    saved: bool = False


def _places(asked: Asked) -> Iterator[str]:
    """Every page worth finding, in one language."""
    yield from (path for path in PAGES if "{" not in path)
    outline = asked.outline
    yield from (f"/subcomponente/{number}" for number in outline.subcomponents)
    yield from (f"/actividad/{number}" for number in outline.activities)
    yield from (f"/dependencia/{code}" for code in outline.offices)
    yield from (f"/municipio/{place.code}" for place in municipalities())
    yield from (f"/evento/{event.key}" for event in public.happenings(asked.connection))


def sitemap(asked: Asked) -> bytes:
    """All of that in every language."""
    links = []
    for path in _places(asked):
        whole = [asked.base + (path if code == "es" else f"/{code}{path.rstrip('/')}") for code in LANGUAGES]
        links += [f"<url><loc>{escape(link)}</loc></url>" for link in whole]
    head = '<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n'
    return (head + "\n".join(links) + "\n</urlset>\n").encode()


def robots(asked: Asked) -> bytes:
    """What search engines may read: everything but the chat."""
    return f"User-agent: *\nDisallow: /chat\nDisallow: /demo\nSitemap: {asked.base}/sitemap.xml\n".encode()


FILES: Mapping[str, File] = {
    "/calendario.ics": File(dialogue.feed, "text/calendar"),
    "/evento/{key}.ics": File(dialogue.event_file, "text/calendar", saved=True),
    "/datos/{table}.csv": File(notes.csv, "text/csv", saved=True),
    "/datos/{table}.json": File(notes.json, "application/json"),
    "/datapackage.json": File(notes.package, "application/json"),
    "/sitemap.xml": File(sitemap, "application/xml"),
    "/robots.txt": File(robots, "text/plain"),
}
