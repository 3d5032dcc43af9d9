"""One thread per calculation, as in a run; property tests without a clock, the same every day."""

import os

from hypothesis import settings

collect_ignore_glob = ["*conftest.py", "*/deadly_worker.py", "*/unruly_child.py", "*/misbehaving_child.py"]
"""By the doctests, which would import several modules of one name, and programs that tests start."""

for name in ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ.setdefault(name, "1")

settings.register_profile("steady", deadline=None, derandomize=True)
settings.load_profile("steady")
