"""A store on a full disk: said with what to do, and nothing acknowledged is lost."""

import subprocess
from pathlib import Path

import pytest

from actinic.screening import store_upkeep
from actinic.screening.store import Store
from actinic.screening.store_health import StoreUnavailableError
from support.stored import found, request


def test_a_full_disk_is_said_and_nothing_acknowledged_is_lost(small_disk: Path) -> None:
    path = small_disk / "s.sqlite"
    said: list[int] = []

    def fill(store: Store) -> None:
        for n in range(1, 1000):
            store.add(request(n), found(n))
            said.append(n)

    with Store(path) as store:
        with pytest.raises(StoreUnavailableError, match=r"is the disk full\? .* run the same command again"):
            fill(store)
        acknowledged = len(said)
        assert 20 < acknowledged < 300
        assert store.lookup(request(acknowledged)) == found(acknowledged)
    subprocess.run(["mount", "-o", "remount,size=8m", str(small_disk)], check=True)
    with Store(path) as store:
        assert all(store.lookup(request(n)) == found(n) for n in range(1, acknowledged + 1))
        store.add(request(acknowledged + 1), found(acknowledged + 1))
    assert store_upkeep.verify(path) == store_upkeep.Verdict(acknowledged + 1, [])


def test_no_room_even_to_open_is_said(small_disk: Path) -> None:
    (small_disk / "filler").write_bytes(b"x" * (1024 * 1024 - 4096))
    with pytest.raises(StoreUnavailableError, match=r"is the disk full\?"):
        Store(small_disk / "s.sqlite")
