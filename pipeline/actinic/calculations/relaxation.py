"""The stored calculation `relaxation`: a geometry followed downhill with DFT gradients.

For species whose shape tight binding gets wrong (`chemistry.misshapen`); all others stay at GFN minima.
"""

import msgspec

from actinic.chemistry.geometry import Geometry
from actinic.engines.calculator import force_ev_angstrom
from actinic.engines.dft_gradient import DftEngine, DftTheory
from actinic.engines.dft_settings import ScfSettings
from actinic.engines.optimisation import Algorithm, Stop, follow
from actinic.errors import ConvergenceError, InputError
from actinic.level import Level

VERSION = 1


class RelaxationRequest(msgspec.Struct, frozen=True, tag="relaxation", omit_defaults=True):
    """Everything the result depends on.

    Attributes:
        geometry: Where to start.
        charge: Total charge in e.
        multiplicity: 2S + 1.
        level: As in `wb97x-d3/def2-svp`, dispersion included; gas phase.
        scf: Numerical settings.
        fmax_ev_angstrom: Largest force on an atom at which a geometry counts as optimised.
        max_steps: Steps after which an optimisation is given up.
        program: The program that computes, `pyscf`.
        algorithm: How the geometry is optimised; None, no part of the key, unless that did not settle.
    """

    geometry: Geometry
    charge: int
    multiplicity: int
    level: Level
    scf: ScfSettings
    fmax_ev_angstrom: float
    max_steps: int
    program: str
    algorithm: Algorithm | None = None


class RelaxationResult(msgspec.Struct, frozen=True, tag="relaxation"):
    """Where the forces vanish; that it is a minimum is not proved.

    Attributes:
        geometry: Where the optimisation ended.
        energy_hartree: Total energy at the level of the request.
        force_ev_angstrom: Largest force left on an atom.
        spin_square: <S^2>.
        n_gradients: Gradients computed on the way.
    """

    geometry: Geometry
    energy_hartree: float
    force_ev_angstrom: float
    spin_square: float
    n_gradients: int


def compute(request: RelaxationRequest, seed: int) -> RelaxationResult:
    """Follow the gradient.

    Args:
        request: What to compute.
        seed: Unused: nothing here is drawn at random.

    Raises:
        InputError: A number of the request makes no sense, or the level does not exist, has a solvent or does
            not cover an element.
        ConvergenceError: A self-consistent field or the geometry did not converge.
        ResourceError: The molecule does not fit the memory budget of the settings.
        EngineError: A result lies outside what is physical.
    """
    del seed
    if request.fmax_ev_angstrom <= 0 or request.max_steps <= 0:
        raise InputError(
            f"fmax_ev_angstrom {request.fmax_ev_angstrom}, max_steps {request.max_steps}: "
            "expected more than 0"
        )
    theory = DftTheory(
        request.charge, request.multiplicity, request.level, broken_symmetry=False, settings=request.scf
    )
    engine = DftEngine(request.geometry.symbols, theory)
    stop = Stop(request.fmax_ev_angstrom, request.max_steps, request.algorithm)
    end = follow(request.geometry, engine, stop)
    point = engine.last
    if not end.is_converged or point is None:
        raise ConvergenceError(
            f"geometry not optimised to {request.fmax_ev_angstrom} eV/angstrom "
            f"within {request.max_steps} steps at {request.level}"
        )
    return RelaxationResult(
        geometry=end.geometry,
        energy_hartree=point.energy_hartree,
        force_ev_angstrom=round(force_ev_angstrom(point), 6),
        spin_square=round(point.spin_square, 6),
        n_gradients=end.n_gradients,
    )
