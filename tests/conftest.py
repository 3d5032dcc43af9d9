"""One thread per calculation, as in a run; property tests without a clock, the same every day."""

import os

from hypothesis import settings

for name in ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ.setdefault(name, "1")

settings.register_profile("steady", deadline=None, derandomize=True)
settings.load_profile("steady")
