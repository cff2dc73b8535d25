"""Sound and video: enough of each container's structure to know which one it is and that its end is there.

Only headers are read, so a long video costs no memory. Each function takes the mapped bytes and returns an
extension of the allow-list; an IndexError or struct.error means that the bytes ended too soon.
"""

from __future__ import annotations

import re
import struct
from mmap import mmap

from models.inspection.findings import Refused

_MOST_PARTS = 500_000  # hours of sound in pages of 20 ms, or of video in fragments

_HEVC = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs"}
_STILL = _HEVC | {b"mif1", b"msf1"}
_MP4 = {b"mp41", b"mp42", b"isom", b"avc1", b"M4V ", b"M4A ", b"M4B ", b"MSNV", b"mmp4", b"dash", b"qt  "}
_TRACK = re.compile(rb"hdlr.{8}(vide|soun)", re.DOTALL)

_MP3_KBITS = (
    (8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),  # MPEG 2 and 2.5
    (32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),  # MPEG 1
)
_MP3_RATES = (44100, 48000, 32000)


def bmff(data: mmap) -> str:
    """ISO base media: HEIC, MP4, M4A, MOV and 3GP differ by the brands in their first box."""
    boxes = _boxes(data)
    start, end = boxes[b"ftyp"]
    major = data[start : start + 4]
    brands = {major, *(data[at : at + 4] for at in range(start + 8, min(end, start + 256), 4))}
    if major in _STILL:
        if b"avif" in brands or b"avis" in brands:
            raise Refused("not_allowed", "AVIF")
        return "heic" if brands & _HEVC else "heif"
    mobile = any(brand.startswith((b"3gp", b"3g2")) for brand in brands)
    if not (mobile or any(brand in _MP4 or brand.startswith(b"iso") for brand in brands)):
        raise Refused("not_allowed", f"brand {major!r}")
    if b"moov" not in boxes or not boxes.keys() & {b"mdat", b"moof"}:
        raise Refused("cut_off", "no index or no content")
    tracks = {match[1] for match in _TRACK.finditer(data, *boxes[b"moov"])}
    if not tracks:
        raise Refused("not_allowed", "neither picture nor sound")
    if b"vide" not in tracks or major in {b"M4A ", b"M4B "}:
        return "3ga" if major.startswith(b"3g") else "m4a"
    return "mov" if major == b"qt  " else "3gp" if major.startswith(b"3g") else "mp4"


def _boxes(data: mmap) -> dict[bytes, tuple[int, int]]:
    """Content (start, end) of the first top-level box of each type; every box must lie within the file."""
    found: dict[bytes, tuple[int, int]] = {}
    at = 0
    for _ in range(_MOST_PARTS):
        if at == len(data):
            return found
        size, kind = struct.unpack_from(">I4s", data, at)
        start = at + 8
        if size == 1:
            size, start = struct.unpack_from(">Q", data, start)[0], at + 16
        end = at + size if size else len(data)
        if not start <= end <= len(data):
            raise Refused("cut_off", f"box {kind!r} ends at {end} of {len(data)}")
        found.setdefault(kind, (start, end))
        at = end
    raise Refused("hostile", "too many boxes")


def ogg(data: mmap) -> str:
    """Opus in OGG, as voice notes are (RFC 7845): whole pages, at least head, tags and one of sound."""
    first = 27 + data[26]
    if data[first : first + 8] != b"OpusHead":
        raise Refused("not_allowed", "OGG without Opus")
    at = 0
    for page in range(_MOST_PARTS):
        if at == len(data) and page >= 3:
            return "ogg"
        if data[at : at + 4] != b"OggS":
            raise Refused("cut_off", f"page {page} is missing")
        segments = data[at + 26]
        at += 27 + segments + sum(data[at + 27 : at + 27 + segments])
    raise Refused("hostile", "too many pages")


def ebml(data: mmap) -> str:
    """WebM (RFC 8794): a header, then one segment whose length a live recorder may have left open."""
    head = data[: 1 << 16]
    if b"\x42\x82\x84webm" not in head[:64]:
        raise Refused("not_allowed", "EBML that is not WebM")
    length, start = _vint(data, 4)
    at = start + length
    if data[at : at + 4] != b"\x18\x53\x80\x67":
        raise Refused("cut_off", "no segment")
    length, start = _vint(data, at + 4)
    if length >= 0 and start + length > len(data):
        raise Refused("cut_off", f"segment ends at {start + length} of {len(data)}")
    if re.search(rb"V_(VP8|VP9|AV1)", head):
        return "webm"
    if b"A_OPUS" in head or b"A_VORBIS" in head:
        return "weba"
    raise Refused("not_allowed", "neither picture nor sound")


def _vint(data: mmap, at: int) -> tuple[int, int]:
    """EBML length at `at` and where its content starts; the length is -1 if left open."""
    width = 9 - data[at].bit_length()
    bits = 7 * width
    value = int.from_bytes(data[at : at + width]) & ((1 << bits) - 1)
    return (-1 if value == (1 << bits) - 1 else value), at + width


def mp3(data: mmap) -> str:
    at = 0
    if data[:3] == b"ID3":
        at = 10 + sum((data[6 + place] & 0x7F) << (21 - 7 * place) for place in range(4))
        if at >= len(data):
            raise Refused("cut_off", "nothing after the tags")
    following = at + _mp3_frame(data, at)
    if following < len(data):
        _mp3_frame(data, following)
    return "mp3"


def _mp3_frame(data: mmap, at: int) -> int:
    """Length of the MPEG layer III frame at `at`, in bytes."""
    header = int.from_bytes(data[at : at + 4])
    version, bitrate, rate = header >> 19 & 3, header >> 12 & 15, header >> 10 & 3
    if header >> 21 != 0x7FF or header >> 17 & 3 != 1 or version == 1 or bitrate in {0, 15} or rate == 3:
        raise Refused("not_allowed", "not MP3 frames")
    hertz = _MP3_RATES[rate] >> {3: 0, 2: 1, 0: 2}[version]
    kbits = _MP3_KBITS[version == 3][bitrate - 1]
    return (144 if version == 3 else 72) * kbits * 1000 // hertz + (header >> 9 & 1)


def aac(data: mmap) -> str:
    """ADTS: a frame says how long it is, and another one follows."""
    following = (data[3] & 3) << 11 | data[4] << 3 | data[5] >> 5
    if following < 7 or (following < len(data) and data[following : following + 2] != data[:2]):
        raise Refused("not_allowed", "not AAC frames")
    if following > len(data):
        raise Refused("cut_off", "half a frame")
    return "aac"


def amr(data: mmap) -> str:
    if len(data) < 32:
        raise Refused("cut_off", "no sound after the header")
    return "amr"


def wav(data: mmap) -> str:
    size = int.from_bytes(data[4:8], "little")
    if b"fmt " not in data[12:256]:
        raise Refused("cut_off", "no format")
    if size != 0xFFFFFFFF and size + 8 > len(data):  # all ones: a recorder that did not know yet
        raise Refused("cut_off", f"sound ends at {size + 8} of {len(data)}")
    return "wav"
