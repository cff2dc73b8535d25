"""What may not be opened gets one sentence that says why and what to do."""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest

from plans.documents import apart, read_document
from plans.documents.guard import MAX_BYTES, OLE
from plans.terms import PlanError
from tests.plans.documents.writing import real_pages, whole_rows, write_docx, write_pdf, write_text, write_xlsx

ROW = ["A", "Publicar", "1", "x", "TIC", "Mayo"]


def refusal(path: Path) -> str:
    """The sentence; one, ended, without the words of a programmer."""
    with pytest.raises(PlanError) as raised:
        read_document(path)
    said = str(raised.value)
    assert said.endswith(".")
    assert "\n" not in said
    assert ". " not in said.replace(".docx, .", "").replace("«", "")
    assert not re.search("error|exception|none|traceback", said, re.IGNORECASE)
    return said


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("vacio.csv", b"", "vacío"),
        ("vacio.txt", b"\xef\xbb\xbf \r\n", "vacío"),
        ("foto.jpg", b"\xff\xd8\xff", "No se sabe leer"),
        ("plan", b"Actividades", "No se sabe leer"),
        ("carta.txt", "Señor alcalde: ¿cómo está?".encode(), "No se encontró un plan"),
        ("nulos.txt", b"Activi\0dades\tMeta", "no es de texto"),
        ("mac.txt", "Gobernación de Nariño".encode("mac_roman"), "UTF-8"),
        ("dos.csv", "Gobernación de Nariño".encode("cp850"), "UTF-8"),
        ("doble.txt", "Gobernación".encode().decode("latin-1").encode(), "UTF-8"),
        ("perdidas.txt", "Gobernaci\ufffdn".encode(), "UTF-8"),
        ("cortado.txt", "Gobernación".encode("utf-16")[:-1], "UTF-8"),
        ("viejo.docx", OLE + bytes(600), "formato antiguo"),
        ("clave.xlsx", OLE + bytes(600) + "EncryptedPackage".encode("utf-16-le"), "contraseña"),
        ("texto.docx", b"Subcomponente\tActividades", "es en realidad un archivo de texto"),
        ("cortado.docx", b"PK\x03\x04" + bytes(500), "dañado"),
        ("cortado.pdf", b"%PDF-1.7\n1 0 obj", "dañado"),
        ("celda.csv", b"a;" + b"b" * 200_000, "celda"),
        ("largo.csv", b"a;b;c\n" * 30_000, "filas"),
    ],
)
def test_bytes_refused(name: str, content: bytes, said: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    assert said in refusal(path)


def test_no_file_and_a_folder(tmp_path: Path) -> None:
    assert "No existe" in refusal(tmp_path / "no_está.txt")
    assert "carpeta" in refusal(tmp_path)
    assert "carpeta" in refusal(Path())


def test_200_megabytes_are_refused_with_the_limit(tmp_path: Path) -> None:
    path = tmp_path / "grande.txt"
    with path.open("wb") as file:
        file.truncate(200 * 1024 * 1024)
    assert f"{MAX_BYTES // 1024**2} MB" in refusal(path)


@pytest.mark.parametrize(
    ("written", "named", "said"),
    [("plan.docx", "plan.pdf", "un archivo de Word"), ("plan.xlsx", "plan.docx", "uno de Excel")],
)
def test_a_file_with_the_wrong_ending(written: str, named: str, said: str, tmp_path: Path) -> None:
    write = write_docx if written.endswith("docx") else write_xlsx
    write(tmp_path / written, whole_rows([ROW])).rename(tmp_path / named)
    assert said in refusal(tmp_path / named)


def test_a_pdf_named_docx(tmp_path: Path) -> None:
    write_pdf(tmp_path / "plan.docx", whole_rows([ROW]))
    assert "es en realidad un PDF" in refusal(tmp_path / "plan.docx")


def repack(path: Path, change: Callable[[str, bytes], bytes]) -> Path:
    """The same package with some of its parts changed."""
    with zipfile.ZipFile(path) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(name, change(name, content))
    return path


@pytest.mark.parametrize(
    ("suffix", "part"), [("docx", "word/document.xml"), ("xlsx", "xl/worksheets/sheet1.xml"), ("xlsx", "_rels/.rels")]
)
def test_xml_that_declares_entities(suffix: str, part: str, tmp_path: Path) -> None:
    doctype = b'<!DOCTYPE x [<!ENTITY a "ja"><!ENTITY b "&a;&a;">]>'

    def declare(name: str, content: bytes) -> bytes:
        return doctype + re.sub(rb"^<\?xml.*?\?>", b"", content) if name == part else content

    write = write_docx if suffix == "docx" else write_xlsx
    assert "XML" in refusal(repack(write(tmp_path / f"plan.{suffix}", whole_rows([ROW])), declare))


def test_xml_in_an_encoding_that_could_hide_them(tmp_path: Path) -> None:
    def hide(name: str, content: bytes) -> bytes:
        return content.replace(b"UTF-8", b"UTF-7", 1) if name == "word/document.xml" else content

    assert "XML" in refusal(repack(write_docx(tmp_path / "plan.docx", whole_rows([ROW])), hide))


@pytest.mark.parametrize("part", ["xl/worksheets/sheet1.xml", "xl/media/image1.png"])
def test_zip_bomb(part: str, tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "bomba.xlsx", whole_rows([ROW]))
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as package, package.open(f"{part}.copy", "w") as file:
        for _ in range(30):
            file.write(bytes(1024 * 1024))
    assert path.stat().st_size < 100_000
    assert "demasiado grande al abrirlo" in refusal(path)


def test_a_package_with_too_many_parts(tmp_path: Path) -> None:
    path = write_docx(tmp_path / "partes.docx", whole_rows([ROW]))
    with zipfile.ZipFile(path, "a") as package:
        for number in range(5_001):
            package.writestr(f"word/{number}", "")
    assert "demasiado grande al abrirlo" in refusal(path)


def test_encrypted_parts(tmp_path: Path) -> None:
    path = write_docx(tmp_path / "clave.docx", whole_rows([ROW]))
    data = bytearray(path.read_bytes())
    for found in re.finditer(b"PK\x01\x02", bytes(data)):
        data[found.start() + 8] |= 1
    path.write_bytes(data)
    assert "contraseña" in refusal(path)


def test_a_pdf_that_unpacks_to_gigabytes(tmp_path: Path) -> None:
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    megabyte = packer.compress(bytes(1 << 20)) + packer.flush(zlib.Z_FULL_FLUSH)
    length = 3_000 << 20
    stream = b"\x78\x01" + megabyte * 3_000 + b"\x03\x00" + ((length % 65521) << 16 | 1).to_bytes(4, "big")
    path = tmp_path / "bomba.pdf"
    path.write_bytes(pdf(stream))
    assert path.stat().st_size < 5_000_000
    assert "demasiado complicado" in refusal(path)


def test_a_scanned_pdf(tmp_path: Path) -> None:
    path = tmp_path / "foto.pdf"
    path.write_bytes(pdf(zlib.compress(b"0 0 10 10 re f")))
    assert "no tiene texto" in refusal(path)


def test_a_pdf_cut_in_the_middle(tmp_path: Path) -> None:
    path = write_pdf(tmp_path / "plan.pdf", real_pages())
    path.write_bytes(path.read_bytes()[:9_000])
    assert "dañado" in refusal(path)


def test_a_reader_that_takes_too_long(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(apart, "MAX_SECONDS", 0.001)
    assert "demasiado complicado" in refusal(write_docx(tmp_path / "plan.docx", whole_rows([ROW])))


def test_a_name_cannot_break_the_sentence(tmp_path: Path) -> None:
    path = write_text(tmp_path / "plan\n\x1b[31m.yaml", whole_rows([ROW]))
    assert "«plan [31m.yaml»" in refusal(path)


def pdf(stream: bytes) -> bytes:
    """One page whose content is this deflated stream."""
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 600]/Contents 4 0 R>>",
        b"<</Length %d/Filter/FlateDecode>>\nstream\n%b\nendstream" % (len(stream), stream),
    ]
    written, places = b"%PDF-1.4\n", b"0000000000 65535 f \n"
    for number, content in enumerate(objects, start=1):
        places += b"%010d 00000 n \n" % len(written)
        written += b"%d 0 obj\n%b\nendobj\n" % (number, content)
    end = b"xref\n0 5\n%btrailer<</Size 5/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF"
    return written + end % (places, len(written))
