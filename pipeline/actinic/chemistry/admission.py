"""What a SMILES must be to be computed, and the reason when it is not."""

import re
from dataclasses import dataclass

from rdkit import Chem, rdBase

from actinic.chemistry.elements import NON_METALS, SUPPORTED_ELEMENTS
from actinic.chemistry.salts import candidate_component
from actinic.chemistry.smiles_syntax import syntax_problem
from actinic.chemistry.species import Species
from actinic.chemistry.stereo import stereo_notes
from actinic.errors import InputError

MAX_SMILES_CHARACTERS = 2000
MAX_HEAVY_ATOMS = 300
QUOTED_CHARACTERS = 200
"""A message quotes so much of a SMILES."""

TRIPLET_GROUND_STATES = frozenset({"O=O", "O=S", "S=S"})
"""Molecules with an even number of electrons whose ground state is no singlet though the SMILES looks it."""

_BONDS = frozenset({"SINGLE", "DOUBLE", "TRIPLE", "AROMATIC", "DATIVE"})


@dataclass(frozen=True, slots=True)
class Admitted:
    """What is computed for a SMILES.

    Attributes:
        species: The ion, molecule or ion pair; always a closed-shell singlet.
        counter_ion: SMILES of what was set aside; empty when nothing was.
        drawn_charge: Charge of the whole SMILES in e.
        notes: What the user should know.
    """

    species: Species
    counter_ion: str
    drawn_charge: int
    notes: tuple[str, ...]


def admitted(smiles: str) -> Admitted:
    """Read a SMILES, choose the candidate in it and check that it can be computed.

    Raises:
        InputError: It cannot; the message says why and what was expected.

    >>> admitted("C[NH3+].[Cl-]").species.smiles
    'C[NH3+]'
    """
    with rdBase.BlockLogs():
        try:
            return _admitted(smiles)
        except RuntimeError as error:  # a broken precondition inside RDKit
            said = " ".join(str(error).split())[:QUOTED_CHARACTERS]
            raise InputError(
                f"{_quoted(smiles)} is too much for RDKit ({said}); expected a molecule"
            ) from error


def _admitted(smiles: str) -> Admitted:
    drawn = _parsed(smiles)
    molecule, isotope_notes = _without_labels(drawn)
    choice = candidate_component(molecule)
    candidate = _reread(choice.smiles)
    _check(candidate)
    species = Species.from_smiles(choice.smiles, multiplicity=1)
    notes = (*isotope_notes, *filter(None, [choice.note]), *_notes(species))
    return Admitted(species, choice.counter_ion, Chem.GetFormalCharge(drawn), notes)


def problem(molecule: Chem.Mol) -> str:
    """RDKit's words for why an unsanitised molecule cannot be; empty when it can."""
    with rdBase.BlockLogs():
        found = Chem.DetectChemistryProblems(molecule)
    return f"{' '.join(found[0].Message().split())} (atoms counted from 0)" if found else ""


def _quoted(smiles: str) -> str:
    shown = smiles if len(smiles) <= QUOTED_CHARACTERS else f"{smiles[:QUOTED_CHARACTERS]}..."
    return f"'{shown}'"


def _parsed(smiles: str) -> Chem.Mol:
    if not smiles:
        raise InputError("no SMILES; expected one in column 'smiles'")
    if len(smiles) > MAX_SMILES_CHARACTERS:
        raise InputError(f"a SMILES of {len(smiles)} characters; expected at most {MAX_SMILES_CHARACTERS}")
    if re.search(r"(?<!-)>", smiles):
        raise InputError(f"{_quoted(smiles)} is a reaction; expected the SMILES of one molecule or salt")
    spelling = syntax_problem(smiles)
    raw = None if spelling else Chem.MolFromSmiles(smiles, sanitize=False)
    if raw is None or raw.GetNumAtoms() == 0:
        reason = spelling or "it cannot be parsed"
        raise InputError(f"{_quoted(smiles)} is no SMILES: {reason}; expected one molecule or salt")
    molecule = Chem.MolFromSmiles(smiles)
    if molecule is None:
        raise InputError(
            f"{_quoted(smiles)} is no molecule: {problem(raw) or 'it cannot be sanitised'}; "
            "expected usual valences"
        )
    _check_drawing(molecule, smiles)
    return molecule


def _check_drawing(molecule: Chem.Mol, smiles: str) -> None:
    if any(atom.GetAtomicNum() == 0 for atom in molecule.GetAtoms()):
        raise InputError(
            f"{_quoted(smiles)} has an open end '*'; expected a whole molecule, capped by H or CH3"
        )
    for bond in molecule.GetBonds():
        if str(bond.GetBondType()) not in _BONDS:
            raise InputError(
                f"{_quoted(smiles)} has a bond of kind {str(bond.GetBondType()).lower()}; "
                "expected single, double, triple, aromatic or dative"
            )
        if str(bond.GetBondType()) == "AROMATIC" and not bond.IsInRing():
            raise InputError(
                f"{_quoted(smiles)} has an aromatic bond outside a ring; expected one or two bonds"
            )


def _without_labels(drawn: Chem.Mol) -> tuple[Chem.Mol, list[str]]:
    """The molecule without atom maps and isotopes: neither moves an electron."""
    molecule = Chem.Mol(drawn)
    labels = sorted({f"{a.GetIsotope()}{a.GetSymbol()}" for a in molecule.GetAtoms() if a.GetIsotope()})
    for atom in molecule.GetAtoms():
        atom.SetIsotope(0)
        atom.SetAtomMapNum(0)
    notes = [f"isotopes {', '.join(labels)} computed as the common ones"] if labels else []
    return _reread(Chem.MolToSmiles(molecule)), notes


def _reread(smiles: str) -> Chem.Mol:
    molecule = Chem.MolFromSmiles(smiles)
    if molecule is None:
        raise InputError(
            f"{_quoted(smiles)}, RDKit's canonical form, cannot be read back; expected a simpler drawing"
        )
    return molecule


def _check(candidate: Chem.Mol) -> None:
    smiles = Chem.MolToSmiles(candidate)
    foreign = sorted({atom.GetSymbol() for atom in candidate.GetAtoms()} - SUPPORTED_ELEMENTS)
    if foreign:
        raise InputError(
            f"{_quoted(smiles)} has {', '.join(foreign)}; expected elements with GFN2 and def2 parameters "
            "and one obvious spin state: H to Bi without noble gases, lanthanides and groups 5 to 10"
        )
    if candidate.GetNumHeavyAtoms() > MAX_HEAVY_ATOMS:
        raise InputError(f"{candidate.GetNumHeavyAtoms()} heavy atoms; expected at most {MAX_HEAVY_ATOMS}")
    unpaired = sum(atom.GetNumRadicalElectrons() for atom in candidate.GetAtoms())
    protons = sum(atom.GetAtomicNum() + atom.GetTotalNumHs() for atom in candidate.GetAtoms())
    odd = (protons - Chem.GetFormalCharge(candidate)) % 2
    if unpaired or odd or smiles in TRIPLET_GROUND_STATES:
        many = (
            f"{unpaired} unpaired electron{'s' * (unpaired > 1)}"
            if unpaired
            else "an odd number of electrons"
        )
        what = "a triplet ground state" if smiles in TRIPLET_GROUND_STATES else many
        raise InputError(f"{_quoted(smiles)} has {what}; expected a closed-shell molecule or ion")


def _notes(species: Species) -> list[str]:
    molecule = Chem.MolFromSmiles(species.smiles)
    metals = sorted({atom.GetSymbol() for atom in molecule.GetAtoms()} - NON_METALS)
    notes = stereo_notes(molecule)
    if metals:
        notes.append(f"contains {', '.join(metals)}: outside the domain of the level calibration (no metals)")
    if species.charge <= -2:
        notes.append(
            f"free ion of charge {species.charge}: unbound in the gas phase, to be computed in the solvent "
            "model; its levels are not reported"
        )
    return notes
