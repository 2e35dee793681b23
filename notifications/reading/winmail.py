"""winmail.dat (TNEF, MS-OXTNEF): the text and the files that Outlook packs where nobody else looks."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

SIGNATURE: Final = 0x223E9F78
BODY, PROPERTIES = 0x0002800C, 0x00069003
FILE_BEGINS, FILE_NAME, FILE_DATA, FILE_PROPERTIES = 0x00069002, 0x00018010, 0x0006800F, 0x00069005
PLAIN, HTML, LONG_NAME = 0x1000, 0x1013, 0x3707
FIXED: Final = {2: 4, 3: 4, 4: 4, 5: 8, 6: 8, 7: 8, 10: 4, 11: 4, 20: 8, 64: 8, 72: 16}
STRING, UNICODE, BINARY, OBJECT = 0x1E, 0x1F, 0x102, 0x0D
MOST: Final = 10_000


@dataclass(slots=True)
class Packed:
    text: str = ""
    html: str = ""
    files: list[tuple[str, bytes]] = field(default_factory=list)


class _File:
    def __init__(self) -> None:
        self.name, self.content = "", b""


def unpack(data: bytes) -> Packed | None:
    """What is in it; None when it is no such file. A file that breaks off is read as far as it goes."""
    if len(data) < 6 or struct.unpack_from("<I", data)[0] != SIGNATURE:
        return None
    packed = Packed()
    inside: list[_File] = []
    for key, value in _attributes(data):
        if key == FILE_BEGINS:
            inside.append(_File())
        elif key == BODY:
            packed.text = packed.text or _eight_bit(value)
        elif key == PROPERTIES:
            _body(value, packed)
        elif inside:
            _file(key, value, inside[-1])
    packed.files = [(each.name, each.content) for each in inside if each.content]
    return packed


def _attributes(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Level, key, length, value, checksum; one after the other."""
    at = 6
    while at + 9 <= len(data):
        key, length = struct.unpack_from("<II", data, at + 1)
        yield key, data[at + 9 : at + 9 + length]
        at += 9 + length + 2


def _body(value: bytes, packed: Packed) -> None:
    for number, kind, content in _properties(value):
        if number == PLAIN:
            packed.text = _text(kind, content) or packed.text
        elif number == HTML:
            packed.html = _text(kind, content)


def _file(key: int, value: bytes, file: _File) -> None:
    if key == FILE_NAME:
        file.name = file.name or _eight_bit(value)
    elif key == FILE_DATA:
        file.content = value
    elif key == FILE_PROPERTIES:
        names = [_text(kind, content) for number, kind, content in _properties(value) if number == LONG_NAME]
        file.name = names[0] if names else file.name


def _properties(data: bytes) -> Iterator[tuple[int, int, bytes]]:
    """(number, kind, value) of every MAPI property that holds one value."""
    try:
        yield from _each_property(data)
    except struct.error:  # it breaks off here
        return


def _each_property(data: bytes) -> Iterator[tuple[int, int, bytes]]:
    (count,), at = struct.unpack_from("<I", data), 4
    for _ in range(min(count, MOST)):
        kind, number = struct.unpack_from("<HH", data, at)
        at += 4
        if number >= 0x8000:
            at = _after_name(data, at)
        several, kind = bool(kind & 0x1000), kind & 0x0FFF
        times = 1
        if several or kind in (STRING, UNICODE, BINARY, OBJECT):
            (times,), at = struct.unpack_from("<I", data, at), at + 4
        for _ in range(min(times, MOST)):
            value, at = _value(data, at, kind)
            if not several:
                yield number, kind, value


def _value(data: bytes, at: int, kind: int) -> tuple[bytes, int]:
    if kind in FIXED:
        return data[at : at + FIXED[kind]], at + FIXED[kind]
    (length,) = struct.unpack_from("<I", data, at)
    return data[at + 4 : at + 4 + length], at + 4 + length + -length % 4


def _after_name(data: bytes, at: int) -> int:
    """Past the set a named property belongs to, and its number or name."""
    (kind,) = struct.unpack_from("<I", data, at + 16)
    if kind == 0:
        return at + 24
    (length,) = struct.unpack_from("<I", data, at + 20)
    return at + 24 + int(length) + -int(length) % 4


def _text(kind: int, content: bytes) -> str:
    if kind == UNICODE:
        return content.decode("utf-16-le", "replace").rstrip("\x00")
    return _eight_bit(content)


def _eight_bit(content: bytes) -> str:
    content = content.rstrip(b"\x00")
    try:
        return content.decode("utf-8")
    except UnicodeError:
        return content.decode("cp1252", "replace")
