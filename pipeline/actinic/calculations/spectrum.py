"""The stored calculation `spectrum`: DFT ground state and excited singlets of one geometry."""

import msgspec
import numpy as np
from numpy.typing import NDArray

from actinic.chemistry.geometry import Geometry
from actinic.chemistry.pieces import pieces
from actinic.engines.dft import ScfSettings, ground_state
from actinic.engines.response import ResponseSettings, singlet_roots
from actinic.engines.response_character import atomic_shares, charge_transfers
from actinic.level import Level

VERSION = 1


class SpectrumRequest(msgspec.Struct, frozen=True, tag="spectrum"):
    """Everything the result depends on.

    Attributes:
        geometry: Where the molecule stands; computed from these rounded coordinates.
        charge: Total charge in e.
        multiplicity: 2S + 1; only 1 is supported.
        level: Functional, basis, solvent.
        scf: Numerical settings of the ground state.
        response: Numerical settings of the roots, among them `cover_ev`, how far they reach.
        program: The program that computes, `pyscf`.
    """

    geometry: Geometry
    charge: int
    multiplicity: int
    level: Level
    scf: ScfSettings
    response: ResponseSettings
    program: str


class Transition(msgspec.Struct, frozen=True, omit_defaults=True):
    """One vertical excitation from the ground state.

    Attributes:
        energy_ev: Raw, uncalibrated excitation energy.
        oscillator_strength: Length gauge, dimensionless.
        hole_permille: Share of the hole on each heavy atom in thousandths, in the order of the geometry;
            what is missing to 1000 is on hydrogens. None in results that were made without it.
        electron_permille: The same of the electron.
        charge_transfer_permille: omega_CT in thousandths, the share in which hole and electron sit on
            different `pieces`. None in results that were made without it.
    """

    energy_ev: float
    oscillator_strength: float
    hole_permille: tuple[int, ...] | None = None
    electron_permille: tuple[int, ...] | None = None
    charge_transfer_permille: int | None = None


class SpectrumResult(msgspec.Struct, frozen=True, tag="spectrum"):
    """Ground state and every singlet below `covered_ev`.

    Attributes:
        energy_hartree: Total electronic energy; not good enough for reaction energies.
        homo_ev: Highest occupied Kohn-Sham level; at or above 0 the electron is not bound.
        lumo_ev: Lowest unoccupied Kohn-Sham level.
        dipole_debye: Length of the dipole moment (about the centre of charge for ions).
        transitions: Ascending in energy.
        covered_ev: All singlets below this raw energy are in `transitions`; less than asked for when
            the cap on the number of roots was reached.
        capped: Whether that cap was reached.
        scf_rung: The setting that converged the SCF, `diis` when nothing special was needed.
    """

    energy_hartree: float
    homo_ev: float
    lumo_ev: float
    dipole_debye: float
    transitions: tuple[Transition, ...]
    covered_ev: float
    capped: bool
    scf_rung: str


def compute(request: SpectrumRequest, seed: int) -> SpectrumResult:
    """Run the ground state, then the roots on the same integrals.

    Args:
        request: What to compute.
        seed: Unused: nothing here is drawn at random.

    Raises:
        InputError: The level does not exist or does not cover an element.
        ConvergenceError: The SCF or a root did not converge.
        ResourceError: The molecule does not fit the memory budget of the settings.
        EngineError: A result lies outside what is physical.
    """
    del seed
    ground = ground_state(
        request.geometry,
        charge=request.charge,
        multiplicity=request.multiplicity,
        level=request.level,
        settings=request.scf,
    )
    found = singlet_roots(ground, request.response)
    covered_ev = min(found.covered_ev, request.response.cover_ev)
    heavy = [index for index, symbol in enumerate(request.geometry.symbols) if symbol != "H"]
    holes, electrons = atomic_shares(ground, found.vectors)
    moved = charge_transfers(ground, found.vectors, pieces(request.geometry))
    transitions = tuple(
        Transition(
            round(root.energy_ev, 6),
            round(root.oscillator_strength, 7),
            permille(hole[heavy]),
            permille(electron[heavy]),
            round(1000 * float(share)),
        )
        for root, hole, electron, share in zip(found.roots, holes, electrons, moved, strict=True)
        if root.energy_ev <= covered_ev
    )
    return SpectrumResult(
        energy_hartree=ground.energy_hartree,
        homo_ev=ground.homo_ev,
        lumo_ev=ground.lumo_ev,
        dipole_debye=ground.dipole_debye,
        transitions=transitions,
        covered_ev=covered_ev,
        capped=found.capped,
        scf_rung=ground.rung,
    )


def permille(shares: NDArray[np.float64]) -> tuple[int, ...]:
    """In thousandths; shares of shape (n,)."""
    return tuple(np.rint(1000 * shares).astype(int).tolist())


def narrowed(result: SpectrumResult, cover_ev: float) -> SpectrumResult:
    """The same spectrum as if only `cover_ev` had been asked for."""
    if result.covered_ev <= cover_ev:
        return result
    kept = tuple(t for t in result.transitions if t.energy_ev <= cover_ev)
    return msgspec.structs.replace(result, transitions=kept, covered_ev=cover_ev, capped=False)
