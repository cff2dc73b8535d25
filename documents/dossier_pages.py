"""The pages of a dossier: opened from a folder, without a network and without a script. What people wrote is text."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from html import escape

from documents.paper import at, on, said
from models.dossiers import Filed, Piece
from models.evidence import KINDS

STATES = {
    "reported": "por verificar", "verified": "verificado", "returned": "devuelto", "withdrawn": "retirado por su autor"
}  # fmt: skip
STYLE = """
body{font:16px/1.5 Georgia,serif;max-width:62rem;margin:1.5rem auto;padding:0 1rem;color:#1b2922;background:#fffdf8}
h1,h2,h3{color:#0f4634;line-height:1.25}h3{margin:1.6rem 0 .3rem}a{color:#0f4634}
table{border-collapse:collapse;width:100%;margin:.6rem 0 1.4rem}th,td{border:1px solid #b9c2bc;padding:.35rem .5rem;
text-align:left;vertical-align:top}th{background:#0f4634;color:#fff}td.n{text-align:right}
article{border-top:1px solid #b9c2bc;padding:.4rem 0}p{margin:.3rem 0;overflow-wrap:anywhere}
article p{white-space:pre-wrap}
code{font-size:.8rem;overflow-wrap:anywhere;color:#56635b}.out{color:#9c2f22}dl{display:grid;grid-template-columns:
max-content 1fr;gap:.1rem .8rem;margin:.4rem 0}dt{font-weight:bold}dd{margin:0}
"""


@dataclass(frozen=True, slots=True)
class Item:
    """A piece of evidence in a dossier: where its file lies from the activity's page, or why it does not."""

    piece: Piece
    path: str
    out: str


def head(title: str, back: str = "") -> str:
    """The beginning of a page; `back` is the way to the first one."""
    way = f'<p><a href="{escape(back)}">Volver al índice</a></p>' if back else ""
    return (
        '<!doctype html>\n<html lang="es">\n<head>\n<meta charset="utf-8">\n'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
        '<meta name="viewport" content="width=device-width,initial-scale=1">\n'
        f"<title>{escape(title)}</title>\n<style>{STYLE}</style>\n</head>\n"
        f"<body>\n{way}<main>\n<h1>{escape(title)}</h1>\n"
    )


FOOT = "</main>\n</body>\n</html>\n"


def facts(pairs: Iterable[tuple[str, str]]) -> str:
    """Label and value."""
    return "<dl>" + "".join(f"<dt>{escape(name)}</dt><dd>{escape(value)}</dd>" for name, value in pairs) + "</dl>\n"


def table(title: str, columns: Sequence[str], rows: Iterable[Sequence[str | int]], links: Sequence[str] = ()) -> str:
    """A table; `links` is where the first cell of each row leads."""
    body = []
    for place, row in enumerate(rows):
        cells = [f'<td class="n">{cell}</td>' if isinstance(cell, int) else f"<td>{escape(cell)}</td>" for cell in row]
        if links:
            cells[0] = f'<td><a href="{escape(links[place])}">{escape(str(row[0]))}</a></td>'
        body.append(f"<tr>{''.join(cells)}</tr>\n")
    if not body:
        return f"<h2>{escape(title)}</h2>\n<p>No hay.</p>\n"
    names = "".join(f'<th scope="col">{escape(name)}</th>' for name in columns)
    whole = f"<thead><tr>{names}</tr></thead>\n<tbody>\n{''.join(body)}</tbody>"
    return f"<h2>{escape(title)}</h2>\n<table>\n{whole}\n</table>\n"


def report(filed: Filed, code: str, office: str, items: Sequence[Item], names: bool, zone: datetime) -> str:
    """One report with what proves it. `names`: whether people are named; `zone`: a moment in the entity's zone."""

    def moment(one: datetime) -> str:
        return at(one.astimezone(zone.tzinfo))

    decided = f", el {moment(filed.decided_at)}" if filed.decided_at else ""
    by = f" por {filed.by}" if names and filed.by else ""
    reason = f". {filed.reason}" if filed.reason else ""
    pairs = [
        ("Dependencia", office), ("Entregable", f"{code}{f' · {filed.item}' if filed.item else ''}"),
        ("Cuenta", str(filed.quantity)), ("Hecho el", on(filed.done_on)),
        ("Enviado", f"{moment(filed.sent_at)}, por {filed.channel}"), ("Recibido", moment(filed.received_at)),
        *([("Reportó", filed.author)] if names else []),
        ("Estado", f"{STATES[filed.outcome]}{by}{decided}{reason}"),
    ]  # fmt: skip
    if filed.place:
        pairs.append(("Lugar", str(filed.place["name"] or filed.place["position"])))
    proofs = "".join(_item(one) for one in items)
    return (
        f'<article id="{escape(filed.folio)}">\n<h3>{escape(filed.folio)} · versión {filed.version}</h3>\n'
        f"{facts(pairs)}<p>{escape(filed.account)}</p>\n<ul>{proofs}</ul>\n</article>\n"
    )


def _item(item: Item) -> str:
    piece, kind = item.piece, escape(said(KINDS[item.piece.kind]))
    if piece.kind == "link":
        shown = escape(piece.ref)
        if piece.ref.startswith(("https://", "http://")):
            shown = f'<a href="{shown}" rel="noreferrer noopener">{shown}</a>'
        return f"<li>{kind}: {shown}</li>\n"
    if piece.kind == "place":
        return f"<li>{kind}: {escape(piece.ref)}</li>\n"
    named = f" ({escape(piece.name)})" if piece.name else ""
    if item.out:
        shown = f'{kind}{named}: <span class="out">{escape(item.out)}</span>'
    else:
        shown = f'<a href="{escape(item.path)}">{kind}{named}</a>, {piece.size} bytes'
    return f"<li>{shown} <code>SHA-256 {escape(piece.ref)}</code></li>\n"
