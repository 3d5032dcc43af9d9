"""Charge transfer of stored excitations: between which pieces, how much, and readable without it."""

from functools import cache

import msgspec
import numpy as np
import pytest
from rdkit import Chem
from rdkit.Chem import rdDistGeom, rdForceFieldHelpers

from actinic.analysis.assessment import quantity_names
from actinic.calculations import spectrum
from actinic.calculations.spectrum import SpectrumRequest, SpectrumResult, Transition
from actinic.chemistry.geometry import Geometry
from actinic.chemistry.pieces import pieces
from actinic.engines.dft import GroundState, ScfSettings, ground_state
from actinic.engines.response import ResponseSettings, singlet_roots
from actinic.engines.response_character import charge_transfers, participation
from actinic.level import Level

LEVEL = Level.parse("b3lyp/sto-3g")


def built(smiles: str) -> Geometry:
    molecule = Chem.AddHs(Chem.MolFromSmiles(smiles))
    rdDistGeom.EmbedMolecule(molecule, randomSeed=3)
    rdForceFieldHelpers.MMFFOptimizeMolecule(molecule)
    symbols = [atom.GetSymbol() for atom in molecule.GetAtoms()]
    return Geometry.from_angstrom(symbols, np.array(molecule.GetConformer().GetPositions()))


@pytest.mark.parametrize(
    ("smiles", "heavy"),
    [
        ("c1ccccc1-c1ccccc1", [6, 6]),
        ("O=C(c1ccccc1)c1ccccc1", [6, 6, 2]),
        ("C=C", [2]),
        ("CC(=O)C", [4]),
        ("O=[N+]([O-])c1ccccc1", [6, 3]),
        ("[H][H]", [2]),
        ("C=CCCC=C", [1, 1, 2, 2]),
    ],
)
def test_pieces_are_rings_multiple_bonds_and_saturated_atoms(smiles: str, heavy: list[int]) -> None:
    geometry = built(smiles)
    found = pieces(geometry)
    assert sorted(index for piece in found for index in piece) == list(range(len(geometry.symbols)))
    counted = [
        sum(geometry.symbols[index] != "H" or smiles == "[H][H]" for index in piece) for piece in found
    ]
    assert sorted(counted) == sorted(heavy)


def donor_acceptor() -> Geometry:
    """Ammonia 3.5 angstrom from F2: the lowest excitation moves an electron, as far as B3LYP is concerned."""
    ammonia = [[0, 0, 0.0], [0.94, 0, -0.38], [-0.47, 0.814, -0.38], [-0.47, -0.814, -0.38]]
    return Geometry.from_angstrom(
        ["N", "H", "H", "H", "F", "F"], np.array([*ammonia, [0, 0, 3.5], [0, 0, 4.91]])
    )


@cache
def ground(geometry: Geometry) -> GroundState:
    return ground_state(geometry, charge=0, multiplicity=1, level=LEVEL, settings=ScfSettings())


def test_two_molecules_are_two_pieces_and_a_shift_between_them_is_charge_transfer() -> None:
    geometry, settings = donor_acceptor(), ResponseSettings(cover_ev=8.0)
    assert pieces(geometry) == ((0, 1, 2, 3), (4, 5))
    request = SpectrumRequest(geometry, 0, 1, LEVEL, ScfSettings(), settings, "pyscf")
    shares = [t.charge_transfer_permille for t in spectrum.compute(request, 0).transitions]
    assert all(share is not None and 0 <= share <= 1000 for share in shares)
    assert max(share or 0 for share in shares) > 900
    vectors = singlet_roots(ground(geometry), settings).vectors
    one_by_one = [participation(ground(geometry), v, pieces(geometry)).charge_transfer for v in vectors]
    np.testing.assert_allclose(
        charge_transfers(ground(geometry), vectors, pieces(geometry)), one_by_one, atol=1e-9
    )


def test_results_without_it_are_read_and_written_as_they_were() -> None:
    old = b'{"energy_ev":4.0,"oscillator_strength":0.1}'
    found = msgspec.json.decode(old, type=Transition)
    assert found.charge_transfer_permille is None
    assert msgspec.json.encode(found) == old
    assert spectrum.VERSION == 1
    whole = SpectrumResult(-1.0, -6.0, -1.0, 2.0, (found,), 5.0, False, "diis")
    assert msgspec.json.decode(msgspec.json.encode(whole), type=SpectrumResult) == whole


def test_it_can_be_asked_for_where_there_is_a_spectrum() -> None:
    assert "s1_charge_transfer" in quantity_names([365.0], with_spectrum=True, with_reactions=False)
    assert "s1_charge_transfer" not in quantity_names([365.0], with_spectrum=False, with_reactions=False)
