"""The stored calculation `energy`: one DFT single point, good enough for reaction energies."""

import msgspec

from actinic.chemistry.geometry import Geometry
from actinic.engines.composite import composite, corrections_hartree
from actinic.engines.dft import ScfSettings, ground_state
from actinic.errors import EngineError
from actinic.level import Level

VERSION = 2

CONTAMINATION = 0.5
"""<S^2> may lie this far above S(S + 1); beyond, the state is not the one asked for."""


class EnergyRequest(msgspec.Struct, frozen=True, tag="energy"):
    """Everything the result depends on.

    Attributes:
        geometry: Where the species stands; computed from these rounded coordinates.
        charge: Total charge in e.
        multiplicity: 2S + 1.
        broken_symmetry: Look for an open-shell singlet; only for multiplicity 1.
        level: As in `wb97x-d3/def2-svp` or `r2scan-3c`, dispersion included.
        scf: Numerical settings.
        program: The program that computes, `pyscf`.
    """

    geometry: Geometry
    charge: int
    multiplicity: int
    broken_symmetry: bool
    level: Level
    scf: ScfSettings
    program: str


class EnergyResult(msgspec.Struct, frozen=True, tag="energy"):
    """A converged single point.

    Attributes:
        energy_hartree: Electronic energy with the solvent's free energy and the corrections below.
        correction_hartree: Dispersion and counterpoise corrections in it.
        spin_square: <S^2>; of a broken-symmetry singlet between 0 (closed shell) and about 1.
        homo_ev: Highest occupied Kohn-Sham level, of either spin.
        lumo_ev: Lowest unoccupied one.
        scf_rung: The setting that converged the SCF, `diis` when nothing special was needed.
    """

    energy_hartree: float
    correction_hartree: float
    spin_square: float
    homo_ev: float
    lumo_ev: float
    scf_rung: str


def compute(request: EnergyRequest, seed: int) -> EnergyResult:
    """Converge the ground state and add the corrections its level is named for.

    Args:
        request: What to compute.
        seed: Unused: nothing here is drawn at random.

    Raises:
        InputError: The level does not exist or does not cover an element.
        ConvergenceError: The SCF did not converge.
        ResourceError: The molecule does not fit the memory budget of the settings.
        EngineError: A result lies outside what is physical, or the spin is not the one asked for.
    """
    del seed
    parts = composite(request.level)
    ground = ground_state(
        request.geometry,
        charge=request.charge,
        multiplicity=request.multiplicity,
        level=parts.electronic,
        settings=request.scf,
        broken_symmetry=request.broken_symmetry,
    )
    _check_spin(request, ground.spin_square)
    correction = corrections_hartree(request.level, request.geometry, charge=request.charge)
    return EnergyResult(
        energy_hartree=ground.energy_hartree + correction,
        correction_hartree=correction,
        spin_square=round(ground.spin_square, 6),
        homo_ev=ground.homo_ev,
        lumo_ev=ground.lumo_ev,
        scf_rung=ground.rung,
    )


def _check_spin(request: EnergyRequest, spin_square: float) -> None:
    """A broken-symmetry singlet is a mixture by design; anything else has to have the spin asked for."""
    spin = (request.multiplicity - 1) / 2
    excess = spin_square - spin * (spin + 1)
    if excess > CONTAMINATION and not request.broken_symmetry:
        raise EngineError(
            f"{request.level}: <S^2> = {spin_square:.2f}, expected {spin * (spin + 1):.2f} for multiplicity "
            f"{request.multiplicity}: the state is not the one asked for"
        )
