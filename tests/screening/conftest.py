"""An empty store."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from actinic.screening.store import Store


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store(tmp_path / "s.sqlite") as opened:
        yield opened
