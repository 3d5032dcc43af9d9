"""What the excited states of a molecule will take of the memory, known before it is taken."""

from dataclasses import dataclass

from actinic.engines.dft import GroundState
from actinic.engines.response_settings import ResponseSettings

SLICE_MB = 500
"""Half-transformed integrals of one slice."""
MINIMAL_FUNCTIONS = 5
"""Of the tier `ris` on one atom at most, both fits together."""
VECTORS_PER_ROOT = 6
"""Trial vectors that a search keeps by root asked for; a fuller space is drawn together."""
LEAST_VECTORS = 120
"""As many are kept however few roots are asked for."""

_BLOCK_MB, _PATCHES_MB = 16.0, 6.0
"""Of one step of the exchange contraction, and of what the kernel has in hand at a time."""
_DENSITY_ROWS = {"LDA": 1, "GGA": 4, "MGGA": 5}


def largest_space(settings: ResponseSettings) -> int:
    """How many trial vectors a search may keep."""
    return max(VECTORS_PER_ROOT * settings.max_roots, LEAST_VECTORS)


@dataclass(frozen=True, slots=True)
class MemoryPlan:
    """Megabytes by what takes them.

    Attributes:
        integrals: Transformed fits, and of the tier `ris` the fits themselves; held to the end.
        slices: What making them takes beside them.
        kernel: Orbital values and second derivatives on the kernel's grid; held to the end.
        kernel_making: Densities and derivatives in double precision while it is made.
        vectors: Trial vectors with their products, one of these arrays twice while it grows.
        products: Intermediates of one round of products and corrections.
        start: The small problem that the start vectors solve.
    """

    integrals: float
    slices: float
    kernel: float
    kernel_making: float
    vectors: float
    products: float
    start: float

    @property
    def peak(self) -> float:
        """The most that is held at a time, without an exchange matrix written out."""
        later = self.kernel + max(self.kernel_making, self.start, self.vectors + self.products)
        return self.integrals + max(self.slices, later)

    @classmethod
    def of(
        cls, ground: GroundState, settings: ResponseSettings, o: int, v: int, n_points: int
    ) -> "MemoryPlan":
        """For `o` occupied and `v` virtual orbitals.

        Args:
            ground: The ground state; what it holds is not counted.
            settings: Numerics, method and tier.
            o: Active occupied orbitals.
            v: Virtual orbitals.
            n_points: Of the kernel's grid; 0 without a kernel.
        """
        nao, full, is_tddft = ground.mol.nao, settings.tier == "full", settings.method == "tddft"
        naux = ground.coulomb.aux.nao if full else MINIMAL_FUNCTIONS * ground.mol.natm
        has_exchange = ground.exchange is not None
        pairs, slices = o * v, 4e-6 * naux * nao * o
        if has_exchange:
            pairs += o * o + v * v + (o * v if is_tddft and ground.exchange is not ground.coulomb else 0)
            slices = max(slices, 2 * min(SLICE_MB, 1e-6 * naux * nao * v), 2e-6 * naux * o * o)
        fits = 0.0 if full else 4e-6 * naux * nao**2
        rows = _DENSITY_ROWS.get(ground.functional.kind, 0)
        components = 1 if rows == 1 else 4
        # Triplets need the derivatives by spin: four times as many as those of the whole density.
        making = 8e-6 * n_points * (2 * rows + 6 * rows**2)
        kept = min(largest_space(settings), o * v)
        asked = min(settings.max_roots + 8, o * v) * (2 if is_tddft else 1)
        blocks = _PATCHES_MB if n_points else 0.0
        if has_exchange:  # with a single trial vector the steps are longest, and copy most of the fit
            blocks += min(_BLOCK_MB, 4e-6 * asked * o * v * naux) + min(
                _BLOCK_MB * v / o, 4e-6 * naux * v * v
            )
        chosen = min(settings.start_transitions, o * v)
        crossed = 4e-6 * naux * o * (v + o) if has_exchange and is_tddft else 0.0
        return cls(
            integrals=4e-6 * naux * pairs + fits,
            slices=slices,
            kernel=4e-6 * n_points * (components * (o + v) + rows**2) if full else 0.0,
            kernel_making=making if full else 0.0,
            vectors=8e-6 * o * v * kept * (4 if is_tddft else 3),
            products=8e-6 * o * v * asked * 6 + 4e-6 * naux * o * asked + crossed + blocks,
            start=32e-6 * chosen**2 + 12e-6 * chosen * naux + 8e-6 * o * v * asked,
        )
