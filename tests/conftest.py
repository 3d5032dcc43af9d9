"""One thread per calculation, as in a run; property tests, the same every day; a disk that is soon full."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

pytest.register_assert_rewrite("support")

collect_ignore_glob = ["*conftest.py", "*/deadly_worker.py", "*/watched_driver.py", "*/*_child.py"]
"""By the doctests, which would import several modules of one name, and programs that tests start."""

for name in ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ.setdefault(name, "1")

settings.register_profile("steady", deadline=None, derandomize=True)
settings.load_profile("steady")


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of one megabyte."""
    folder = tmp_path / "small"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(folder)]
    if shutil.which("mount") is None or subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("a size-limited file system needs the right to mount")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)
