"""Starting geometries from RDKit: distance geometry, then a force field, then one of each shape.

Reproducible: one thread, one seed, limits in iterations and never in seconds.

How far the lowest GFN2 minimum found lies above the lowest known (kcal/mol, two seeds), by number drawn with
the torsion library of ETKDG alone:

    drawn                                          5          10         20         40         80
    CC(C)(C)OC(=O)NCCCN                        2.8  1.8   1.8  0.8   0.8  0.0   0.0  0.0   0.0  0.0
    SCCCCCCC1(C(F)(F)F)N=N1                    0.5  0.5   0.5  0.5   0.5  0.4   0.4  0.0   0.0  0.0
    CCOC(=O)c1ccccc1OCCSC(C)=O                 2.6  2.6   2.6  1.0   1.0  1.0   1.0  1.0   1.0  0.0
    O=C(c1ccccc1)c1ccc(OCCCCS)cc1              0.3  0.7   0.0  0.6   0.0  0.6   0.0  0.4   0.0  0.1

With half of 12 drawn without it, against 12 drawn with it (lowest of the four as zero):

                                           half       all
    CC(C)(C)OC(=O)NCCCN                   0.1  0.0   1.0  0.0
    SCCCCCCC1(C(F)(F)F)N=N1               0.0  0.0   1.1  0.9
    OCCSCC(=O)O                           0.0  0.4   0.5  0.5
    OCC(=O)NCCO                           0.0  0.05  0.0  0.0
    OC(=O)CCS, octanoic acid, salicylic acid, methyl acetoacetate: no difference
"""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rdkit import Chem, rdBase
from rdkit.Chem import rdDistGeom, rdForceFieldHelpers

from actinic.chemistry.connectivity import change
from actinic.chemistry.geometry import Geometry
from actinic.chemistry.species import Species
from actinic.chemistry.superposition import distinct
from actinic.errors import EmbeddingError

ATTEMPTS_PER_CONFORMER = 100
"""Distance-geometry attempts before one conformer is given up; strained cages need some tens."""

FORCE_FIELD_STEPS = 1000
CONTACT_ANGSTROM = 2.6
"""Closest distance at which the parts of a salt start: beyond a bond, within reach of attraction."""


def embed(species: Species, *, n_conformers: int, seed: int, rmsd_angstrom: float) -> list[Geometry]:
    """Distinct starting geometries, in the order in which they were drawn.

    Chirality and double-bond geometry given in the SMILES are kept, those left open are drawn at random.
    Coordinates: half from ETKDGv3 (doi:10.1021/acs.jcim.0c00025), whose torsion library draws acids, esters
    and amides s-cis alone, half from distance geometry without that library; then MMFF94s, or UFF where
    MMFF94s lacks parameters, or neither where both do or where the force field breaks a bond (hypervalent
    iodine).

    Args:
        species: The molecule, ion or salt; the parts of a salt are set side by side in random orientations.
        n_conformers: Geometries to draw; fewer come back when some are equal or cannot be built.
        seed: Seed of every random draw, 0 to 2^31 - 1.
        rmsd_angstrom: Heavy-atom RMSD below which two geometries are one.

    Raises:
        EmbeddingError: Distance geometry finds no coordinates, from random ones either.
    """
    molecule = species.molecule()
    with rdBase.BlockLogs():
        _draw(molecule, n_conformers, seed)
        if molecule.GetNumConformers() == 0:
            raise EmbeddingError(
                f"{species.smiles}: no geometry could be embedded in {n_conformers} tries of "
                f"{ATTEMPTS_PER_CONFORMER} attempts, from random coordinates either; "
                "is the stereochemistry possible?"
            )
        relaxed = _relaxed(species, molecule, seed)
    return distinct(species, relaxed, rmsd_angstrom=rmsd_angstrom)


def embed_loosely(species: Species, *, n_conformers: int, seed: int, rmsd_angstrom: float) -> list[Geometry]:
    """As `embed`, for what that cannot build: distance geometry alone, from random coordinates.

    Aromatic rings need not be flat: those of [2.2]paracyclophane are boats. Where still nothing is found
    chirality is not enforced while drawing (trans-fused small rings), and what came out as another
    stereoisomer is left out.

    Raises:
        EmbeddingError: No coordinates have the bonds and the stereochemistry of the species.
    """
    molecule = species.molecule()
    bare: Any = rdDistGeom.EmbedParameters()
    bare.useRandomCoords = True
    bare.ignoreSmoothingFailures = True
    with rdBase.BlockLogs():
        _add(molecule, bare, n_conformers, seed)
        if molecule.GetNumConformers() == 0:
            bare.enforceChirality = False
            _add(molecule, bare, n_conformers, seed)
        relaxed = _relaxed(species, molecule, seed) if molecule.GetNumConformers() else []
    sound = [one for one in relaxed if change(species, one).is_kept]
    if not sound:
        raise EmbeddingError(
            f"{species.smiles}: no geometry could be embedded in {n_conformers} tries of "
            f"{ATTEMPTS_PER_CONFORMER} attempts, with few constraints either; "
            "is the stereochemistry possible?"
        )
    return distinct(species, sound, rmsd_angstrom=rmsd_angstrom)


def _relaxed(species: Species, molecule: Chem.Mol, seed: int) -> list[Geometry]:
    """The conformers of `molecule`, its parts set in contact, relaxed by a force field where that is kind."""
    _set_side_by_side(molecule, seed)
    drawn = _geometries(molecule)
    _relax(molecule)
    # UFF tears hypervalent iodine apart (bonds at half and at twice their length in PhI(OAc)2).
    return [
        new if change(species, new).is_kept else old
        for old, new in zip(drawn, _geometries(molecule), strict=True)
    ]


def _geometries(molecule: Chem.Mol) -> list[Geometry]:
    symbols = [atom.GetSymbol() for atom in molecule.GetAtoms()]
    return [
        Geometry.from_angstrom(symbols, conformer.GetPositions()) for conformer in molecule.GetConformers()
    ]


def _draw(molecule: Chem.Mol, n_conformers: int, seed: int) -> None:
    """Fill `molecule` with conformers: one half turned as in crystals, one by distance geometry alone."""
    n_free = n_conformers // 2
    crystal: Any = rdDistGeom.ETKDGv3()
    free: Any = rdDistGeom.ETKDGv3()
    free.useExpTorsionAnglePrefs = False
    free.useRandomCoords = True
    _add(molecule, crystal, n_conformers - n_free, seed)
    _add(molecule, free, n_free, seed)
    if molecule.GetNumConformers() == 0:
        crystal.useRandomCoords = True
        _add(molecule, crystal, n_conformers, seed)


def _add(molecule: Chem.Mol, parameters: Any, n_conformers: int, seed: int) -> None:
    parameters.randomSeed = seed
    parameters.numThreads = 1
    parameters.maxIterations = ATTEMPTS_PER_CONFORMER
    parameters.clearConfs = False
    with _interrupts_kept():
        rdDistGeom.EmbedMultipleConfs(molecule, n_conformers, parameters)


@contextmanager
def _interrupts_kept() -> Iterator[None]:
    """Give Ctrl-C back: RDKit 2025.3 leaves a handler of its own behind, and the next one goes nowhere."""
    handler = signal.getsignal(signal.SIGINT)
    try:
        yield
    finally:
        if handler is not None and threading.current_thread() is threading.main_thread():
            signal.signal(signal.SIGINT, handler)


def _set_side_by_side(molecule: Chem.Mol, seed: int) -> None:
    """Move the parts of a salt, which RDKit embeds on top of each other, into contact."""
    parts = Chem.GetMolFrags(molecule)
    if len(parts) == 1:
        return
    generator = np.random.default_rng(seed)
    for conformer in molecule.GetConformers():
        positions = conformer.GetPositions()
        for n_placed, part in enumerate(parts[1:], start=1):
            placed = positions[[atom for done in parts[:n_placed] for atom in done]]
            positions[list(part)] = _in_contact(positions[list(part)], placed, generator)
        conformer.SetPositions(positions)


def _in_contact(
    part: NDArray[np.float64], placed: NDArray[np.float64], generator: np.random.Generator
) -> NDArray[np.float64]:
    """Turn `part` at random and push it out along a random direction until nothing touches."""
    rotation, triangular = np.linalg.qr(generator.normal(size=(3, 3)))
    rotation = rotation * np.sign(np.diag(triangular))
    rotation[:, 0] *= np.linalg.det(rotation)
    direction = generator.normal(size=3)
    direction /= np.linalg.norm(direction)
    moved: NDArray[np.float64] = (part - part.mean(axis=0)) @ rotation + placed.mean(axis=0)
    while np.linalg.norm(moved[:, None] - placed[None], axis=2).min() < CONTACT_ANGSTROM:
        moved = moved + 0.2 * direction
    return moved


def _relax(molecule: Chem.Mol) -> None:
    """Optimise every conformer with the force field that knows all atoms, if one does."""
    if rdForceFieldHelpers.MMFFHasAllMoleculeParams(molecule):
        rdForceFieldHelpers.MMFFOptimizeMoleculeConfs(
            molecule, numThreads=1, maxIters=FORCE_FIELD_STEPS, mmffVariant="MMFF94s"
        )
    elif rdForceFieldHelpers.UFFHasAllMoleculeParams(molecule):
        rdForceFieldHelpers.UFFOptimizeMoleculeConfs(molecule, numThreads=1, maxIters=FORCE_FIELD_STEPS)
