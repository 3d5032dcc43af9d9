"""A batch system of one machine that runs each job at once: `sbatch` and `scancel` as two lines of shell."""

from pathlib import Path

import pytest

SBATCH = """#!/bin/sh
cat "$@" > "$FAKE_SLURM/job.$$"
setsid bash "$FAKE_SLURM/job.$$" > "$FAKE_SLURM/said.$$" 2>&1 < /dev/null &
echo "Submitted batch job $!"
echo $! >> "$FAKE_SLURM/jobs"
"""
SCANCEL = """#!/bin/sh
kill -9 -- "-$1"
"""


@pytest.fixture
def fake_slurm(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Puts it in front of the path; returns the folder where `jobs` names what was started."""
    folder = tmp_path / "slurm"
    folder.mkdir()
    (folder / "jobs").touch()
    for name, text in (("sbatch", SBATCH), ("scancel", SCANCEL)):
        (folder / name).write_text(text)
        (folder / name).chmod(0o755)
    monkeypatch.setenv("FAKE_SLURM", str(folder))
    monkeypatch.setenv("PATH", str(folder), prepend=":")
    return folder
