"""Rows of a damaged SQLite file, read page by page: what its trees no longer lead to is often still there.

Layout: https://www.sqlite.org/fileformat.html, sections 1.3 (header), 1.6 (pages of b-trees: a table keeps
its rows in leaves, each with a number; one WITHOUT ROWID, as results of earlier stores, is an index, whose
inner pages hold rows, too) and 2.1 (records).
"""

import mmap
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

HEADER_BYTES = 100
_INNER, _LEAF, _TABLE_LEAF = 0x02, 0x0A, 0x0D
_INTEGER_BYTES = (0, 1, 2, 3, 4, 6, 8)
_FLOAT, _ZERO, _ONE, _BLOB = 7, 8, 9, 12

Value = str | bytes | int | None
"""Floating-point numbers are passed over: no column that is salvaged holds one."""


def full_bytes(header: bytes) -> int:
    """How long a file with this header should be, 0 where it does not say."""
    if len(header) < HEADER_BYTES or not header.startswith(b"SQLite format 3\0"):
        return 0
    changes, pages, counted_at = (_number(header, at, 4) for at in (24, 28, 92))
    return _page_bytes(header) * pages if changes == counted_at else 0


def rows(path: Path) -> Iterator[tuple[Value, ...]]:
    """Rows of all tables and of all indices, in no order; deleted ones may be among them."""
    if path.stat().st_size < HEADER_BYTES:
        return
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
        size = _page_bytes(content)
        pages = _Pages(content, size, size - content[20])
        for number in range(1, len(content) // size + 1):
            yield from pages.rows(number)


@dataclass(frozen=True, slots=True)
class _Pages:
    """A file in pages of `size` bytes, `usable` of them for content."""

    content: mmap.mmap
    size: int
    usable: int

    def rows(self, number: int) -> Iterator[tuple[Value, ...]]:
        """Of one page; none where it is of another sort, and without those that are cut off."""
        page = self._page(number)
        begin = HEADER_BYTES if number == 1 else 0
        sort = page[begin]
        if sort not in (_INNER, _LEAF, _TABLE_LEAF):
            return
        is_inner = sort == _INNER
        for index in range(_number(page, begin + 3, 2)):
            with suppress(IndexError, ValueError):
                at = _number(page, begin + (12 if is_inner else 8) + 2 * index, 2)
                yield _row(self._payload(page, at + (4 if is_inner else 0), is_table=sort == _TABLE_LEAF))

    def _page(self, number: int) -> bytes:
        page = self.content[(number - 1) * self.size : number * self.size]
        if number < 1 or len(page) < self.size:
            raise IndexError(number)
        return page

    def _payload(self, page: bytes, at: int, *, is_table: bool) -> bytes:
        """The record of a cell, with what does not fit into its page."""
        size, at = _varint(page, at)
        most = (self.usable - 12) * 64 // 255 - 23
        if is_table:
            _, at = _varint(page, at)  # the number of the row
            most = self.usable - 35
        least = (self.usable - 12) * 32 // 255 - 23
        rest = least + (size - least) % (self.usable - 4)
        here = size if size <= most else rest if rest <= most else least
        found = page[at : at + here]
        overflow = _number(page, at + here, 4) if here < size else 0
        while len(found) < size:
            page = self._page(overflow)
            overflow = _number(page, 0, 4)
            found += page[4 : self.usable]
        return found[:size]


def _row(record: bytes) -> tuple[Value, ...]:
    at_value, at = _varint(record, 0)
    types, end = [], at_value
    while at < end:
        kind, at = _varint(record, at)
        types.append(kind)
    values: list[Value] = []
    for kind in types:
        n = 8 if kind == _FLOAT else (kind - _BLOB) // 2 if kind >= _BLOB else 0
        n = _INTEGER_BYTES[kind] if kind < len(_INTEGER_BYTES) else n
        raw = record[at_value : at_value + n]
        if len(raw) < n:
            raise ValueError("cut off")
        values.append(_value(kind, raw))
        at_value += n
    return tuple(values)


def _value(kind: int, raw: bytes) -> Value:
    if kind >= _BLOB:
        return raw.decode() if kind % 2 else raw
    if kind in (_ZERO, _ONE):
        return kind - _ZERO
    return int.from_bytes(raw, "big", signed=True) if 0 < kind < _FLOAT else None


def _page_bytes(header: bytes | mmap.mmap) -> int:
    size = _number(header, 16, 2)
    return 65536 if size == 1 else size


def _number(content: bytes | mmap.mmap, at: int, n: int) -> int:
    return int.from_bytes(content[at : at + n], "big")


def _varint(content: bytes, at: int) -> tuple[int, int]:
    """A number of one to nine bytes, and where it ends."""
    value = 0
    for n in range(9):
        byte = content[at + n]
        if n == 8:
            return value << 8 | byte, at + 9
        value = value << 7 | byte & 0x7F
        if byte < 0x80:
            return value, at + n + 1
    raise ValueError("no number")
