"""Copies of a photo look alike to the hash, and every photo is looked at once."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from PIL import Image
from sqlalchemy import event, select

from conversation.messages import Attachment
from models import evidence, people
from models.database import Database
from models.evidence import Evidence, Unseen
from models.inspection import looks
from models.inspection.looks import dhash
from models.schema import metadata
from tests.models.inspection_samples import camera, encoded, picture, samples
from tests.support.reported import a_report

NOW = datetime(2022, 5, 31, 21, 20, tzinfo=UTC)


def seen(tmp_path: Path, data: bytes) -> str | None:
    path = tmp_path / "photo"
    path.write_bytes(data)
    return dhash(path)


def bits(tmp_path: Path, data: bytes) -> int:
    found = seen(tmp_path, data)
    assert found is not None
    assert len(found) == 16
    return int(found, 16)


@pytest.mark.parametrize("extension", ["jpg", "png", "webp", "gif", "heic", "tif"])
def test_the_same_picture_looks_the_same_in_every_format(tmp_path: Path, extension: str) -> None:
    assert (bits(tmp_path, samples()[extension]) ^ bits(tmp_path, samples()["png"])).bit_count() <= 4


def test_a_photo_that_a_platform_recompressed(tmp_path: Path) -> None:
    original = bits(tmp_path, encoded("JPEG", picture(1280, 960), exif=camera()))
    sent = bits(tmp_path, encoded("JPEG", picture(1280, 960).resize((800, 600)), quality=60))
    assert (original ^ sent).bit_count() <= 4


def test_the_hash_is_of_the_upright_picture(tmp_path: Path) -> None:
    upright = bits(tmp_path, encoded("PNG", picture(640, 480)))
    for orientation, turn in ((3, 180), (6, 90), (8, 270)):
        turned = encoded("JPEG", picture(640, 480).rotate(turn, expand=True), exif=camera(orientation))
        assert (upright ^ bits(tmp_path, turned)).bit_count() <= 4
    assert (upright ^ bits(tmp_path, encoded("PNG", picture(640, 480).rotate(180)))).bit_count() > 16


def test_a_palette_with_transparent_colours(tmp_path: Path) -> None:
    assert seen(tmp_path, encoded("PNG", picture().quantize(8), transparency=bytes([0, 90, 255])))


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "I;16", "CMYK"])
def test_photos_in_every_way_of_keeping_colours(tmp_path: Path, mode: str) -> None:
    assert seen(tmp_path, encoded("TIFF" if mode == "CMYK" else "PNG", picture().convert("L").convert(mode)))


def test_large_jpegs_are_never_unfolded_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    unfolded: list[tuple[int, int]] = []
    monkeypatch.setattr(looks, "_hash", lambda image: unfolded.append(image.size))
    seen(tmp_path, encoded("JPEG", Image.new("L", (8000, 7000), 128)))
    assert unfolded == [(1000, 875)]


def test_what_cannot_be_decoded_has_no_hash(tmp_path: Path) -> None:
    for data in (b"", b"\xff\xd8\xff\xd9", samples()["jpg"][:-30], samples()["png"][:-30], samples()["pdf"]):
        assert seen(tmp_path, data) is None
    with pytest.raises(FileNotFoundError):
        dhash(tmp_path / "missing")


def test_each_photo_is_handed_out_until_it_was_seen(database: Database) -> None:
    with database.begin() as connection:
        report_id = a_report(connection, people.who(connection, "web", "a", NOW, "es").id, NOW)
        items = [Attachment("photo", ref, size=9) for ref in "aba"] + [Attachment("document", "d", size=9)]
        evidence.add(connection, report_id, items, False, "web", NOW, NOW)
        first, *others = evidence.unseen(connection, 0, 9)
        assert [(photo.ref, photo.known) for photo in (first, *others)] == [("a", None), ("b", None), ("a", None)]
        assert evidence.unseen(connection, 0, 1) == [first]
        assert evidence.unseen(connection, first.id, 9) == others
        evidence.saw(connection, {"a": "00000000000000ff"})
        assert [photo.ref for photo in evidence.unseen(connection, 0, 9)] == ["b"]
        evidence.add(connection, report_id, items[:1], False, "web", NOW, NOW)
        again = evidence.unseen(connection, others[-1].id, 9)
        assert again == [Unseen(again[0].id, "a", "00000000000000ff")]


def test_a_correction_carries_the_hash_along(database: Database) -> None:
    with database.begin() as connection:
        report_id = a_report(connection, people.who(connection, "web", "a", NOW, "es").id, NOW)
        evidence.add(connection, report_id, [Attachment("photo", "a", size=9)], False, "web", NOW, NOW)
        evidence.saw(connection, {"a": "00000000000000ff"})
        evidence.carry_over(connection, report_id, report_id, [], False, "web", NOW, NOW)
        assert list(connection.scalars(select(Evidence.dhash))) == ["00000000000000ff"] * 2


def test_what_nobody_has_looked_at_is_found_by_its_index(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'a.db'}")
    metadata.create_all(database.engine)
    asked: list[str] = []
    event.listen(database.engine, "before_cursor_execute", lambda *said: asked.append(said[2]))
    with database.begin() as connection:
        evidence.unseen(connection, 0, 9)
        plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {asked[0]}", (0, 9, 0)).all()
    database.close()
    told = " ".join(row[3] for row in plan)
    assert "ix_evidence_unseen" in told
    assert "ix_evidence_ref" in told
    assert "TEMP B-TREE" not in told
