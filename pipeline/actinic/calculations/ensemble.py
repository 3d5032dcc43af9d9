"""The stored calculation `ensemble`: a species -> its conformers at a GFN level, and their weights."""

import math
from collections.abc import Sequence

import msgspec

from actinic.calculations.minima import Settled, different, downhill, energy_order, settle
from actinic.chemistry.connectivity import bonds_text
from actinic.chemistry.geometry import Geometry
from actinic.chemistry.species import Species
from actinic.chemistry.superposition import Superposition
from actinic.engines.embedding import embed, embed_loosely
from actinic.engines.optimisation import Algorithm, Stop
from actinic.engines.tight_binding import Theory, centred_dipole_debye
from actinic.errors import ConvergenceError, EmbeddingError, InputError
from actinic.level import Level
from actinic.units import BOLTZMANN_KCAL_MOL_K

VERSION = 2
"""Version of the kind; raised whenever equal requests give other results."""

FEWER_CONSTRAINTS = "fewer constraints"
"""Starting geometries by distance geometry alone, `embed_loosely`."""


class EnsembleRequest(msgspec.Struct, frozen=True, tag="ensemble", omit_defaults=True):
    """What decides an ensemble, next to the seed.

    Attributes:
        species: The molecule or ion.
        level: A tight-binding level, as in `gfn2-xtb` or `gfn2-xtb@gbsa(water)`.
        program: `tblite` or `xtb-python`.
        n_embedded: Starting geometries to draw.
        energy_window_kcal_mol: Conformers higher above the lowest one than this are dropped.
        rmsd_angstrom: Conformers of equal energy and an RMSD below this are one; C-H hydrogens do not count.
        max_conformers: The lowest so many are kept.
        fmax_ev_angstrom: Largest force on an atom at which a geometry counts as optimised.
        max_steps: Steps after which an optimisation is given up.
        temperature_k: Temperature of the Boltzmann weights.
        algorithm: How geometries are optimised; None, no part of the key, unless that did not settle.
    """

    species: Species
    level: Level
    program: str
    n_embedded: int
    energy_window_kcal_mol: float
    rmsd_angstrom: float
    max_conformers: int
    fmax_ev_angstrom: float
    max_steps: int
    temperature_k: float
    algorithm: Algorithm | None = None


class Conformer(msgspec.Struct, frozen=True):
    """One minimum; every number belongs to the rounded `geometry`.

    Attributes:
        geometry: Atoms in the order of the species.
        energy_hartree: Total energy at the level of the request.
        degeneracy: 2 for a conformer that stands for itself and its mirror image, else 1.
        weight: Boltzmann weight among the kept conformers; they sum to 1.
        homo_ev: Highest occupied orbital; None for a species without valence electrons (H+, Na+).
        lumo_ev: Lowest empty orbital; None where the minimal basis has no empty one (H-, He).
        dipole_debye: Length of the dipole moment, of ions about the centre of mass.
    """

    geometry: Geometry
    energy_hartree: float
    degeneracy: int
    weight: float
    homo_ev: float | None
    lumo_ev: float | None
    dipole_debye: float


class EnsembleResult(msgspec.Struct, frozen=True, tag="ensemble", omit_defaults=True):
    """Conformers of a species, or the finding that it has none.

    Attributes:
        conformers: Sorted by energy; empty when every geometry turned into another molecule.
        n_embedded: Starting geometries that were optimised.
        n_unconverged: Of these, the ones that did not settle.
        n_changed: Of these, the ones that turned into another connectivity or stereoisomer.
        fell_apart_into: Formulas of what the lowest changed one became, as in `C4H9 + N2`; None when none
            changed.
        changed_bonds: Bonds broken and formed in that one, as in `broken C1-N4`; None when none changed.
        embedding: What it took to build starting geometries; empty when nothing special was needed.
    """

    conformers: tuple[Conformer, ...]
    n_embedded: int
    n_unconverged: int
    n_changed: int
    fell_apart_into: str | None
    changed_bonds: str | None
    embedding: str = ""


def compute(request: EnsembleRequest, seed: int) -> EnsembleResult:
    """Embed, optimise, check that the bonds are still those of the SMILES, leave saddle points, weigh.

    A species that has no minimum with its own bonds is a finding, not an error: `conformers` is empty then.

    Args:
        request: What to compute.
        seed: Seed of every random draw, 0 to 2^31 - 1.

    Raises:
        InputError: A number of the request is not positive, or a name, an element or the spin is unknown to
            the program.
        EmbeddingError: Nothing could be embedded.
        ConvergenceError: No geometry settled.
        EngineError: The program fails otherwise.
    """
    _check(request)
    species = request.species
    starts, embedding = _starts(request, seed)
    theory = Theory(species.charge, species.multiplicity, request.level, request.program)
    stop = Stop(request.fmax_ev_angstrom, request.max_steps, request.algorithm)
    ends = [settle(species, start, theory, stop) for start in starts]
    found = sorted((end for end in ends if isinstance(end, Settled)), key=energy_order)
    # What flies apart may never settle (a dication that splits), hence bonds before convergence.
    changed = [end for end in found if not end.change.is_kept]
    minima = [end for end in found if end.change.is_kept and end.is_converged]
    if not minima and not changed:
        reasons = sorted({end for end in ends if isinstance(end, str)})
        raise ConvergenceError(
            f"{species.smiles}: none of {len(starts)} starting geometries settled at {request.level} "
            f"to {request.fmax_ev_angstrom} eV/angstrom within {request.max_steps} steps "
            f"({'; '.join(reasons) or 'forces remain'})"
        )
    n_unconverged = len(starts) - len(minima) - len(changed)
    kept, lost = _proved(request, minima, theory, stop)
    changed = sorted([*changed, *lost], key=energy_order)
    return EnsembleResult(
        conformers=_weighed(request, kept),
        n_embedded=len(starts),
        n_unconverged=n_unconverged,
        n_changed=len(changed),
        fell_apart_into=changed[0].change.fragments if changed else None,
        changed_bonds=bonds_text(changed[0].geometry, changed[0].change) if changed else None,
        embedding=embedding,
    )


def _starts(request: EnsembleRequest, seed: int) -> tuple[list[Geometry], str]:
    """Starting geometries, and what they took: what cannot be built with all constraints may be without."""
    species, n, rmsd_angstrom = request.species, request.n_embedded, request.rmsd_angstrom
    try:
        return embed(species, n_conformers=n, seed=seed, rmsd_angstrom=rmsd_angstrom), ""
    except EmbeddingError:
        found = embed_loosely(species, n_conformers=n, seed=seed, rmsd_angstrom=rmsd_angstrom)
        return found, FEWER_CONSTRAINTS


def _check(request: EnsembleRequest) -> None:
    """Raise InputError for a number that makes no sense."""
    for name in (
        "n_embedded", "energy_window_kcal_mol", "rmsd_angstrom", "max_conformers", "fmax_ev_angstrom",
        "max_steps", "temperature_k",
    ):  # fmt: skip
        value = getattr(request, name)
        if not value > 0:
            raise InputError(f"{request.species.smiles}: {name} = {value}, expected more than 0")


def _proved(
    request: EnsembleRequest, found: Sequence[Settled], theory: Theory, stop: Stop
) -> tuple[list[Settled], list[Settled]]:
    """What is kept, once none of it is a saddle point, and what turned out to lead to another molecule."""
    doubtful, proved, lost = list(found), list[Settled](), list[Settled]()
    while True:
        kept = _kept(request, sorted([*doubtful, *proved], key=energy_order))
        start = next((one for one in kept if any(one is other for other in doubtful)), None)
        if start is None:
            return kept, lost
        doubtful = [one for one in doubtful if one is not start]
        end = downhill(request.species, start, theory, stop)
        (proved if end.change.is_kept else lost).append(end)


def _kept(request: EnsembleRequest, minima: Sequence[Settled]) -> list[Settled]:
    """The lowest different minima within the energy window, at most `max_conformers`."""
    if not minima:
        return []
    within = [one for one in minima if one.above_kcal_mol(minima[0]) <= request.energy_window_kcal_mol]
    return different(request.species, within, rmsd_angstrom=request.rmsd_angstrom)[: request.max_conformers]


def _weighed(request: EnsembleRequest, kept: Sequence[Settled]) -> tuple[Conformer, ...]:
    """Conformers with Boltzmann weights; a handed one counts for its mirror image, too."""
    superposition = Superposition(request.species)
    degeneracies = [
        2 if superposition.is_handed(one.geometry, rmsd_angstrom=request.rmsd_angstrom) else 1 for one in kept
    ]
    thermal_kcal_mol = BOLTZMANN_KCAL_MOL_K * request.temperature_k
    factors = [
        degeneracy * math.exp(-one.above_kcal_mol(kept[0]) / thermal_kcal_mol)
        for one, degeneracy in zip(kept, degeneracies, strict=True)
    ]
    return tuple(
        Conformer(
            geometry=one.geometry,
            energy_hartree=one.point.energy_hartree,
            degeneracy=degeneracy,
            weight=factor / sum(factors),
            homo_ev=one.point.homo_ev,
            lumo_ev=one.point.lumo_ev,
            dipole_debye=centred_dipole_debye(one.geometry, one.point, charge=request.species.charge),
        )
        for one, degeneracy, factor in zip(kept, degeneracies, factors, strict=True)
    )
