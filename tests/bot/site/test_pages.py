"""Every page of the public space, in both languages: what it is made of, how it is sent, and where it leads."""

from __future__ import annotations

import gzip
import re
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from bot.site.paths import FILES, PAGES
from tests.bot.site.conftest import Site
from tests.bot.web import Phone, serving, settings_in
from tests.support.published import MARK
from tests.support.world import open_world

BASE = "https://cuentas.example.org"
LARGEST = 60_000
VALUES = {
    "number:int": "4", "code": "prensa", "key": "E0002", "page:int": "1", "kind": "topic", "value": "salud",
    "table": "eventos",
}  # fmt: skip


def example(path: str, site: Site) -> str:
    if path == "/municipio/{code}":
        return "/municipio/52835"
    values = {**VALUES, "folio": site.published.folio, "number:int": "3" if "sub" in path else "4"}
    return re.sub(r"\{([^}]+)\}", lambda gap: values[gap[1]], path)


@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_whole(site: Site, path: str) -> None:
    path = example(path, site)
    for code, address in (("es", path), ("en", f"/en{path}" if path != "/" else "/en")):
        status, headers, body = site.get(address)
        page = body.decode()
        assert status == 200, address
        assert headers["content-type"] == "text/html; charset=utf-8"
        assert f'<html lang="{code}">' in page
        assert len(re.findall("<h1", page)) == 1
        assert f'<link rel="canonical" href="{BASE}{address}">' in page
        for other in ("es", "en"):
            linked = path if other == "es" else f"/en{path}" if path != "/" else "/en"
            assert f'<link rel="alternate" hreflang="{other}" href="{BASE}{linked}">' in page
        description = re.search(r'<meta name="description" content="([^"]+)">', page)
        assert description
        assert len(description[1]) > 20
        assert "<script" not in page
        assert " style=" not in page
        assert len(re.findall(r"<caption>", page)) == len(re.findall("<table", page))
        assert not re.findall(r"<th(?! scope)[ >]", page)
        assert "{" not in re.sub(r"<[^>]+>", "", page)


def test_every_link_of_every_page_leads_somewhere(site: Site) -> None:
    waiting, seen = ["/", "/en"], set()
    while waiting:
        path = waiting.pop()
        if path in seen:
            continue
        seen.add(path)
        status, headers, body = site.get(path)
        assert status == 200, path
        if headers["content-type"].startswith("text/html") and not path.startswith(("/chat", "/demo")):
            links = re.findall(r'(?:href|src)="([^"#]+)', body.decode())
            waiting += [link.replace("&amp;", "&") for link in links if link.startswith("/")]
    assert {"/avances/2", "/calendario.ics", "/en/municipio/52835", "/foto/1.jpg"} <= seen


@pytest.mark.parametrize("path", ["/", "/en/eventos", "/calendario.ics", "/datos/eventos.csv", "/robots.txt"])
def test_it_is_sent_for_the_cheapest_phone(site: Site, path: str) -> None:
    status, headers, body = site.get(path)
    assert status == 200
    assert "set-cookie" not in headers
    assert headers["cache-control"] == "public, max-age=15"
    policy = headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; style-src 'self'; img-src 'self'")
    assert "unsafe" not in policy
    assert site.get(path, If_None_Match=headers["etag"])[::2] == (304, b"")
    squeezed, other, small = site.get(path, Accept_Encoding="gzip, br")
    if other.get("content-encoding") == "gzip":
        assert (squeezed, gzip.decompress(small)) == (200, body)
        assert len(small) < len(body) / 2
    assert headers["vary"] == "Accept-Encoding"


def test_the_first_page_is_small(site: Site) -> None:
    page = site.get("/")[2]
    needed = set(re.findall(r'(?:src|<link rel="(?:icon|stylesheet)"[^>]*href)="(/[^"]+)"', page.decode()))
    assert len(needed) == 2  # a drawing and the styles
    assert len(page) + sum(len(site.get(path)[2]) for path in needed) < LARGEST


@pytest.mark.parametrize(
    "path", ["/actividad/99", "/en/municipio/00000", "/evento/E0004", "/avance/x", "/avances/99", "/avances/0",
             "/suscribirse/office/nobody", "/dependencia/%3Cscript%3E", "/nada"],
)  # fmt: skip
def test_what_is_not_there_is_a_page_too(site: Site, path: str) -> None:
    status, headers, body = site.get(path, Accept="text/html")
    assert (status, headers["content-type"]) == (404, "text/html; charset=utf-8")
    assert ("no such page" if path.startswith("/en") else "no existe") in body.decode()
    assert "<script" not in body.decode()


@pytest.mark.parametrize(
    "path", ["/datos/people.csv", "/evento/E0004.ics", "/foto/999999.jpg", "/foto/99999999999999999999.jpg"]
)
def test_a_file_that_is_not_there_is_said(site: Site, path: str) -> None:
    assert site.get(path)[0] == 404


@pytest.mark.parametrize(
    ("typed", "page"),
    [("Tumaco", "/municipio/52835"), ("satinga", "/municipio/52490"), ("pasto", "/municipio/52001"),
     ("barbacuas", "/municipio/52079"), ("Bogot%C3%A1", "/municipios#ninguno"), ("", "/municipios#ninguno"),
     ("San", "/municipios#varios")],
)  # fmt: skip
def test_a_municipality_is_found_by_what_people_call_it(site: Site, typed: str, page: str) -> None:
    assert site.get(f"/en/municipio?nombre={typed}")[:2][1]["location"] == f"/en{page}"


def test_search_engines_find_every_page(site: Site) -> None:
    assert f"Sitemap: {BASE}/sitemap.xml" in site.get("/robots.txt")[2].decode()
    links = [node.text or "" for node in ET.fromstring(site.get("/sitemap.xml")[2]).iter() if node.text]
    pages = [link.removeprefix(BASE) or "/" for link in links if link.startswith(BASE)]
    assert {"/", "/en", "/evento/E0002", "/en/municipio/52835", "/actividad/24"} <= set(pages)
    assert "/evento/E0004" not in pages  # proposed
    assert [path for path in pages[::17] if site.get(path)[0] != 200] == []


def test_every_file_is_sent(site: Site) -> None:
    for path in FILES:
        status, headers, body = site.get(example(path, site))
        assert (status, bool(body)) == (200, True), path
        assert headers["access-control-allow-origin"] == "*"


def test_figures_say_how_final_they_are(site: Site) -> None:
    page = site.get("/")[2].decode()
    assert "Cifras provisionales al 20 de diciembre de 2022" in page
    assert "Verificado (oficial)" in page
    assert "Último dato recibido: 20 de diciembre de 2022, 10:00" in page


def test_an_event_tells_what_people_thought_where_enough_said_it(site: Site) -> None:
    assert "Qué opinó la gente" not in site.get("/evento/E0006")[2].decode()  # one answer
    page = site.get("/evento/E0002")[2].decode()
    assert "5 personas respondieron" in page
    assert re.search(r"<dd>5,0 de 5</dd>.*<dd>4,0 de 5</dd>.*<dd>5 de 5</dd>.*<dd>5</dd>", page, re.DOTALL)
    assert "<dd>4.0 of 5</dd>" in site.get("/en/evento/E0002")[2].decode()
    assert MARK not in page


def test_without_a_plan_the_chat_is_all_there_is(tmp_path: Path) -> None:
    with serving(settings_in(tmp_path)) as port:
        status, headers, _ = Phone(port).fetch("GET", "/")
        assert (status, headers["location"]) == (307, "/chat")
        assert Phone(port).fetch("GET", "/eventos")[0] == 404


def test_in_the_demonstration_the_home_leads_to_it(tmp_path: Path) -> None:
    open_world("sqlite", tmp_path).close()
    with serving(settings_in(tmp_path), demo=True) as port:
        assert 'href="/demo"' in Phone(port).fetch("GET", "/")[2].decode()
