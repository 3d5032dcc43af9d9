"""The store's file: damaged, cut off, of another version, pruned; each is said with what to do."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from actinic.calculations import ensemble, kinds
from actinic.errors import InputError
from actinic.screening import store as store_module
from actinic.screening import store_upkeep
from actinic.screening.store import Arrived, Store
from actinic.screening.store_export import ExportedResults, Imported, import_results
from support.stored import FAILED, filled, found, request

PAGE_BYTES = 4096
TABLE_LEAF, INDEX_LEAF, OVERFLOW = 0x0D, 0x0A, 0x00


def overwrite(path: Path, page: int, text: bytes) -> None:
    with path.open("r+b") as file:
        file.seek(page * PAGE_BYTES)
        file.write(text)


def middle_page(path: Path, sort: int) -> int:
    """The middle one of those with this first byte: a leaf with rows, or what spilled over from one."""
    content = path.read_bytes()
    pages = [n for n in range(1, len(content) // PAGE_BYTES) if content[n * PAGE_BYTES] == sort]
    return pages[len(pages) // 2]


def damage_of(store: Store, n: int) -> InputError | None:
    """What reading a record says of it."""
    try:
        assert store.lookup(request(n)) == found(n)
    except InputError as error:
        return error
    return None


def test_a_file_that_was_cut_off_is_said_at_opening(tmp_path: Path) -> None:
    path = filled(tmp_path / "s.sqlite")
    os.truncate(path, path.stat().st_size // 2)
    with pytest.raises(InputError, match=r"s\.sqlite: damaged store .*`actinic store verify --rescue FILE`"):
        Store(path)
    with pytest.raises(InputError, match=r"s\.sqlite: damaged store"):
        Store(path, read_only=True)


@pytest.mark.parametrize("kept", [0.02, 0.1, 0.5, 0.9, 0.999])
def test_what_is_whole_in_a_file_that_was_cut_off_is_rescued(tmp_path: Path, kept: float) -> None:
    path = filled(tmp_path / "s.sqlite")
    whole = path.stat().st_size
    os.truncate(path, int(kept * whole))
    cut_off = path.read_bytes()
    verdict = store_upkeep.verify(path, tmp_path / "saved.jsonl.gz")
    assert verdict.problems[0] == f"cut off: the last {whole - len(cut_off)} bytes are missing"
    assert (kept - 0.35) * 200 < verdict.readable <= 200 * (kept + 0.01)
    saved = ExportedResults(tmp_path / "saved.jsonl.gz")
    assert sum(saved.lookup(request(n)) == found(n) for n in range(1, 201)) == verdict.readable == len(saved)
    assert path.read_bytes() == cut_off
    with Store(tmp_path / "anew.sqlite") as anew:
        assert import_results(anew, tmp_path / "saved.jsonl.gz") == Imported(verdict.readable, 0, 0)


@pytest.mark.parametrize("damage", [b"\0" * PAGE_BYTES, b"\xff" * PAGE_BYTES])
def test_a_damaged_page_is_said_at_opening_and_what_is_whole_is_rescued(
    tmp_path: Path, damage: bytes
) -> None:
    path = filled(tmp_path / "s.sqlite")
    assert store_upkeep.verify(path) == store_upkeep.Verdict(200, [])
    overwrite(path, middle_page(path, TABLE_LEAF), damage)
    for read_only in (False, True):
        with pytest.raises(InputError, match=r"damaged store"):
            Store(path, read_only=read_only)
    Store(path, read_only=True, check=False).close()
    verdict = store_upkeep.verify(path, tmp_path / "saved.jsonl.gz")
    assert 150 < verdict.readable < 200
    assert verdict.problems
    saved = ExportedResults(tmp_path / "saved.jsonl.gz")
    assert len(saved) == verdict.readable
    assert sum(saved.lookup(request(n)) == found(n) for n in range(1, 201)) == verdict.readable


def test_a_store_in_the_order_of_its_keys_is_read_written_and_rescued_as_before(tmp_path: Path) -> None:
    """Results of earlier stores of this schema lie in a table WITHOUT ROWID."""
    path = filled(tmp_path / "s.sqlite")
    with closing(sqlite3.connect(path)) as connection:
        (made,) = connection.execute("SELECT sql FROM sqlite_master WHERE name = 'result'").fetchone()
        connection.execute("ALTER TABLE result RENAME TO now")
        connection.execute(f"{made} WITHOUT ROWID")
        connection.execute("INSERT INTO result SELECT * FROM now")
        connection.execute("DROP TABLE now")
        connection.execute("CREATE INDEX result_lineage ON result (lineage, reach)")
        connection.commit()
        connection.execute("VACUUM")
    with Store(path) as store:
        store.add(request(201), found(201))
        assert all(store.lookup(request(n)) == found(n) for n in range(1, 202))
    overwrite(path, middle_page(path, INDEX_LEAF), b"\xff" * PAGE_BYTES)
    verdict = store_upkeep.verify(path, tmp_path / "saved.jsonl.gz")
    assert verdict.problems
    assert 150 < verdict.readable == len(ExportedResults(tmp_path / "saved.jsonl.gz")) < 201


def test_zeros_inside_a_record_are_found_by_verify_and_by_who_reads_it(tmp_path: Path) -> None:
    """No tree is damaged by them, so that SQLite has nothing to say at opening."""
    path = filled(tmp_path / "s.sqlite")
    overwrite(path, middle_page(path, OVERFLOW), b"\0" * PAGE_BYTES)
    verdict = store_upkeep.verify(path, tmp_path / "saved.jsonl.gz")
    assert verdict.readable == len(ExportedResults(tmp_path / "saved.jsonl.gz")) == 199
    assert len(verdict.problems) >= 1
    with Store(path, read_only=True, check=False) as opened:
        told = [str(error) for n in range(1, 201) if (error := damage_of(opened, n))]
    assert len(told) == 1
    assert "damaged store" in told[0]


def test_a_large_store_is_not_read_through_to_look_something_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = filled(tmp_path / "s.sqlite")
    overwrite(path, middle_page(path, TABLE_LEAF), b"\xff" * PAGE_BYTES)
    monkeypatch.setattr(store_module, "READ_THROUGH_BYTES", path.stat().st_size - 1)
    with (
        Store(path, read_only=True) as opened,
        pytest.raises(InputError, match=r"damaged store"),
    ):
        list(opened.records())


def test_a_record_that_does_not_belong_to_its_key_is_found_by_verify(tmp_path: Path) -> None:
    path = filled(tmp_path / "s.sqlite", 3)
    with closing(sqlite3.connect(path)) as connection, connection:
        text = kinds.encode(request(99))
        connection.execute("UPDATE result SET request = ? WHERE key = ?", (text, kinds.key(request(2))))
    verdict = store_upkeep.verify(path)
    assert verdict.readable == 2
    (problem,) = verdict.problems
    assert f"result {kinds.key(request(2))}" in problem


def test_a_record_that_cannot_be_read_is_damage_not_a_crash(tmp_path: Path) -> None:
    path = filled(tmp_path / "s.sqlite", 1)
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE result SET result = '{'")
    with (
        Store(path, read_only=True) as store,
        pytest.raises(InputError, match="damaged store, a record cannot be read"),
    ):
        store.lookup(request(1))


def test_a_database_of_something_else_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "other.sqlite"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE mine (a)")
    with pytest.raises(InputError, match="an SQLite file of something else"):
        Store(path)


SCHEMA_1 = """
CREATE TABLE result (
    key TEXT PRIMARY KEY, kind TEXT NOT NULL, version INTEGER NOT NULL,
    lineage TEXT NOT NULL, reach REAL NOT NULL,
    request BLOB NOT NULL, result BLOB NOT NULL, provenance BLOB NOT NULL
) WITHOUT ROWID;
CREATE INDEX result_lineage ON result (lineage, reach);
CREATE TABLE failure (
    key TEXT PRIMARY KEY, kind TEXT NOT NULL, version INTEGER NOT NULL, attempts INTEGER NOT NULL,
    request BLOB NOT NULL, failure BLOB NOT NULL, provenance BLOB NOT NULL
) WITHOUT ROWID;
PRAGMA user_version = 1;
"""


@pytest.fixture
def schema_1(tmp_path: Path) -> Path:
    """A store as version 0.1 of the package wrote it, with one result and one failure of two attempts."""
    path = tmp_path / "old.sqlite"
    with Store(tmp_path / "new.sqlite") as new:
        new.add(request(1), found(1))
        new.add(request(2), FAILED)
    with closing(sqlite3.connect(path)) as old:
        old.executescript(SCHEMA_1)
        old.execute("ATTACH ? AS new", (str(tmp_path / "new.sqlite"),))
        columns = "key, kind, version, lineage, reach, request, result, provenance"
        old.execute(f"INSERT INTO result SELECT {columns} FROM new.result")
        columns = "key, kind, version, 2, request, failure, provenance"
        old.execute(f"INSERT INTO failure SELECT {columns} FROM new.failure")
        old.commit()
    return path


def test_an_older_store_is_brought_up_to_date_with_all_that_is_in_it(schema_1: Path) -> None:
    with Store(schema_1) as store:
        assert store.lookup(request(1)) == found(1)
        failed = store.failed(request(2))
        assert failed is not None
        assert failed.attempts == {"EngineError": 2}
        store.add(request(2), found(2))
    assert store_upkeep.verify(schema_1) == store_upkeep.Verdict(2, [])


def test_an_older_store_that_is_only_read_stays_as_it_is(schema_1: Path) -> None:
    before = schema_1.read_bytes()
    with Store(schema_1, read_only=True) as store:
        assert store.lookup(request(1)) == found(1)
        assert store.lookup(request(2)) == FAILED
        assert [record.rung for record in store.records()] == [""]
    assert store_upkeep.contents(schema_1).failures == {"EngineError": 1}
    assert schema_1.read_bytes() == before


def test_outcomes_that_arrive_together_are_all_there_or_none(tmp_path: Path) -> None:
    def arriving() -> Iterator[Arrived]:
        yield Arrived(request(1), found(1))
        raise RuntimeError("the driver stops here")

    with Store(tmp_path / "s.sqlite") as store:
        with pytest.raises(RuntimeError):
            store.add_all(arriving())
        assert store.lookup(request(1)) is None
        store.add_all([Arrived(request(1), found(1)), Arrived(request(2), FAILED)])
        assert store.lookup(request(1)) == found(1)
        assert store.lookup(request(2)) == FAILED


def test_pruning_removes_what_is_never_asked_for_again_and_shrinks_the_file(tmp_path: Path) -> None:
    path = filled(tmp_path / "s.sqlite")
    with Store(path) as store:
        store.add(request(300), FAILED)
        store.add(request(301), FAILED)
    with closing(sqlite3.connect(path)) as connection, connection:
        old = "UPDATE {} SET version = 0 WHERE key NOT IN (?, ?)"
        connection.execute(old.format("result"), (kinds.key(request(1)), kinds.key(request(2))))
        connection.execute(old.format("failure"), (kinds.key(request(300)), ""))
    before = path.stat().st_size
    with Store(path) as store:
        assert store_upkeep.prune(store, failures=False) == (198, 1)
        assert store.lookup(request(1)) == found(1)
        assert store.lookup(request(300)) == FAILED
        assert store_upkeep.prune(store, failures=True) == (0, 1)
    assert path.stat().st_size < before / 10
    assert store_upkeep.contents(path).results == {f"ensemble {ensemble.VERSION}": 2}
