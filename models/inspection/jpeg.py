"""JPEG from outside (ITU-T T.81, annex B): is it all there? Its markers tell; no pixel is decoded."""

from __future__ import annotations

import re
from mmap import mmap

MOST_SEGMENTS = 10_000  # a photo has some dozens, with a large appendix a thousand; more only keep us busy

# What begins a segment, and both ends of the image. FF 00 is a byte of data, FF FF filling, FF D0–D7 restarts the
# decoder amid the data; what else is below FF C0 has no use in a photo, and decoders pass over it.
_MARKER = re.compile(rb"\xff[\xc0-\xcf\xd8-\xfe]")
_IMAGE_STARTS, _IMAGE_ENDS, _SCAN = 0xD8, 0xD9, 0xDA


def whole(data: bytes | mmap) -> bool:
    """Whether the image goes on to its own end; what follows that is no matter (a second picture, a film, padding).

    An end inside a segment is a thumbnail's. Between segments everything up to the next marker is passed over, as
    decoders do: the coded data of a scan too.
    """
    if data[:2] != b"\xff\xd8":
        return False
    at, scanned = 2, False
    for _segment in range(MOST_SEGMENTS):
        found = _MARKER.search(data, at)
        if found is None:
            return False
        at = found.end()
        marker = data[at - 1]
        if marker == _IMAGE_ENDS:
            return scanned
        if marker != _IMAGE_STARTS:
            at += int.from_bytes(data[at : at + 2], "big")
        scanned |= marker == _SCAN
    return False
