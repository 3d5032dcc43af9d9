"""Which part of a row is the candidate: salts, solvates, ion pairs, mixtures.

The ion that carries a photo- or heat-labile group is the candidate, else the ion with the larger chromophore.
"""

from collections import Counter
from typing import NamedTuple

from rdkit import Chem

from actinic.chemistry.elements import NON_METALS
from actinic.chemistry.ionic import ALKALI_METALS, AMINE, protonated, separated
from actinic.errors import InputError

LABILE_GROUPS = {
    "azide": "[NX2]=[N+]=[N-]",
    "diazirine": "[CX4]1N=N1",
    "diazo": "[$([#6]=[N+]=[N-]),$([#6-][N+]#N)]",
    "diazonium": "[#6;!-][N+]#N",
    "sulfonium": "[#6][S+X3]([#6])[#6]",
    "iodonium": "[#6][I+][#6]",
    "oxime ester or sulfonate": "[CX3]=NO[#6,#16]=O",
    "imide sulfonate": "O=CN(C=O)OS(=O)=O",
    "o-nitrobenzyl": "[#7,#8,#16][CX4]c:c[N+](=O)[O-]",
    "tert-alkyl carbamate or carbonate": "[CX4]([CH3])([CH3])([#6])OC(=O)[#7,#8]",
    "carbamate anion": "[NX3]C(=O)[O-]",
    "thiolate": "[#6][S-]",
    "dithiocarbamate, xanthate or trithiocarbonate": "[#7,#8,#16][CX3](=S)[#16]",
    "thiatriazole": "[#6]1~[#7]~[#7]~[#7]~[#16]1",
    "tetrazole": "[#6]1~[#7]~[#7]~[#7]~[#7]1",
    "peroxide": "[OX2][OX2,OX1-]",
    "azo": "[#6]N=N[#6]",
    "trihalomethyl": "[CX4]([Cl,Br,I])([Cl,Br,I])[Cl,Br,I]",
}
"""SMARTS of groups that light or heat breaks; used for the choice between two ions and for nothing else."""

SOLVENTS = {
    "O": "water",
    "CO": "methanol",
    "CCO": "ethanol",
    "CC(C)O": "2-propanol",
    "CC(C)=O": "acetone",
    "CC#N": "acetonitrile",
    "C1CCOC1": "tetrahydrofuran",
    "C1COCCO1": "1,4-dioxane",
    "CCOCC": "diethyl ether",
    "CCOC(C)=O": "ethyl acetate",
    "CN(C)C=O": "N,N-dimethylformamide",
    "CS(C)=O": "dimethyl sulfoxide",
    "ClCCl": "dichloromethane",
    "ClC(Cl)Cl": "chloroform",
    "CCCCCC": "hexane",
    "c1ccccc1": "benzene",
    "Cc1ccccc1": "toluene",
}
"""Canonical SMILES of solvents of crystallisation; dropped when something else stands beside them."""

SALT_METALS = ALKALI_METALS | {"Mg", "Ca", "Sr", "Ba"}
"""Metals that leave a free ion behind when set aside; others bind to it."""

_LABILE = {name: Chem.MolFromSmarts(smarts) for name, smarts in LABILE_GROUPS.items()}
_CARBAMATE = Chem.MolFromSmarts("[NX3]C(=O)[OX1-,OX2H]")
_CARBANION = Chem.MolFromSmarts("[#6-;!$([#6-]#[#7]);!$([#6-]~[#7+])]")
_AMMONIUM = Chem.MolFromSmarts("[NX4+;!H0]")
_PI_BOND = Chem.MolFromSmarts("[#6,#7]=,#,:[#6,#7,#8,#16]")


class Choice(NamedTuple):
    """What is computed of a row.

    Attributes:
        smiles: The ion, molecule or ion pair.
        counter_ion: The ions set aside, joined by dots; empty when there are none.
        note: What the user should know of the choice; empty when there was none to make.
    """

    smiles: str
    counter_ion: str
    note: str


def candidate_component(molecule: Chem.Mol) -> Choice:
    """Choose the ion or molecule to compute.

    Args:
        molecule: Sanitised, all parts of the row; without isotopes and atom maps.

    Raises:
        InputError: Several molecules of which none is clearly meant, or nothing but single atoms.

    >>> candidate_component(Chem.MolFromSmiles("c1ccccc1[I+]c1ccccc1.[Cl-]"))
    Choice(smiles='c1ccc([I+]c2ccccc2)cc1', counter_ion='[Cl-]', note='counter-ion [Cl-] set aside')
    """
    drawn = Counter(Chem.MolToSmiles(part) for part in Chem.GetMolFrags(separated(molecule), asMols=True))
    parts = Counter({smiles: n for smiles, n in drawn.items() if smiles not in SOLVENTS}) or drawn
    notes = [f"{SOLVENTS[smiles]} dropped" for smiles in drawn if smiles not in parts]
    parts = protonated(parts)
    if len(parts) > 1 and _is_carbamate_pair(parts):
        pair = ".".join(sorted(parts.elements()))
        return Choice(pair, "", "; ".join([*notes, "carbamate and its amine computed together, as a pair"]))
    smiles = next(iter(parts)) if len(parts) == 1 else _candidate_ion(parts)
    _refuse_single_atom(smiles)
    aside = ".".join(sorted(part for part in parts.elements() if part != smiles))
    _refuse_metal_carbon_bond(smiles, aside)
    notes += _aside_notes(parts, smiles, aside)
    return Choice(smiles, aside, "; ".join(notes))


def labile_groups(smiles: str) -> tuple[str, ...]:
    """Names of the groups of `LABILE_GROUPS` in a molecule.

    >>> labile_groups("CCN(CC)C(=S)[S-]")
    ('thiolate', 'dithiocarbamate, xanthate or trithiocarbonate')
    """
    molecule = Chem.MolFromSmiles(smiles)
    return tuple(name for name, pattern in _LABILE.items() if molecule.HasSubstructMatch(pattern))


def chromophore_size(smiles: str) -> int:
    """Number of atoms in pi bonds of carbon or nitrogen; S=O and P=O absorb too far out to count.

    >>> chromophore_size("Cc1ccc(S(=O)(=O)[O-])cc1"), chromophore_size("C[N+](C)(C)C")
    (6, 0)
    """
    molecule = Chem.MolFromSmiles(smiles)
    return len({atom for bond in molecule.GetSubstructMatches(_PI_BOND, maxMatches=10_000) for atom in bond})


def _aside_notes(parts: Counter[str], smiles: str, aside: str) -> list[str]:
    if not aside:
        return [f"drawn {parts[smiles]} times, computed once"] if parts[smiles] > 1 else []
    notes = [f"counter-ion {aside} set aside"]
    bound = _binding_metals(aside)
    if bound:
        notes.append(f"{', '.join(bound)} may bind to the ion: draw the bonds to have the complex computed")
    balance = sum(n * _charge(part) for part, n in parts.items())
    if balance:
        notes.append(f"the ions drawn do not balance (sum of charges {balance:+d})")
    return notes


def _candidate_ion(parts: Counter[str]) -> str:
    """The ion meant, of a row with at least two different parts."""
    if any(_charge(smiles) == 0 for smiles in parts) or "[H+]" in parts:
        raise InputError(
            f"a mixture of {' and '.join(sorted(parts))}: it is not clear which is meant; "
            "expected one molecule per row, or a salt drawn as its ions"
        )
    ions = sorted(smiles for smiles in parts if not _is_single_atom(smiles))
    labile = [ion for ion in ions if labile_groups(ion)]
    if len(labile) > 1:
        raise InputError(
            f"a salt in which {' and '.join(labile)} carry a labile group; expected each in a row of its own"
        )
    size = max(map(chromophore_size, ions), default=0)
    largest = labile or [ion for ion in ions if chromophore_size(ion) == size]
    if len(largest) > 1:
        raise InputError(
            f"a salt of {' and '.join(largest)}: none carries a labile group or the larger chromophore; "
            "expected the ion meant in a row of its own"
        )
    return largest[0] if largest else min(parts)


def _is_carbamate_pair(parts: Counter[str]) -> bool:
    """Whether the parts are a carbamate (or carbamic acid) and an amine, neutral together."""
    molecules = [Chem.MolFromSmiles(smiles) for smiles in parts]
    carbamates = [molecule for molecule in molecules if molecule.HasSubstructMatch(_CARBAMATE)]
    amines = [
        molecule
        for molecule in molecules
        if molecule.HasSubstructMatch(_AMMONIUM) or molecule.HasSubstructMatch(AMINE)
    ]
    balance = sum(n * _charge(smiles) for smiles, n in parts.items())
    return balance == 0 and len(carbamates) == len(amines) == 1 and len(parts) == 2


def _binding_metals(aside: str) -> list[str]:
    return sorted(_elements(aside) - NON_METALS - SALT_METALS)


def _refuse_metal_carbon_bond(smiles: str, aside: str) -> None:
    """A carbanion beside such a metal is no salt: its ion alone would be another substance."""
    bound = _binding_metals(aside)
    if bound and Chem.MolFromSmiles(smiles).HasSubstructMatch(_CARBANION):
        raise InputError(
            f"an organometallic compound drawn as ions ({smiles} and {aside}): {', '.join(bound)} is bound "
            "to carbon, and the ion alone is another substance; expected a molecule without such a bond"
        )


def _refuse_single_atom(smiles: str) -> None:
    if _is_single_atom(smiles):
        raise InputError(
            f"{smiles} is a single atom: it has no bond that light or heat could break and no spectrum "
            "of its own; expected a molecule or a polyatomic ion"
        )


def _is_single_atom(smiles: str) -> bool:
    molecule = Chem.MolFromSmiles(smiles)
    return molecule.GetNumAtoms() == 1 and molecule.GetAtomWithIdx(0).GetTotalNumHs() == 0


def _elements(smiles: str) -> set[str]:
    return {atom.GetSymbol() for atom in Chem.MolFromSmiles(smiles).GetAtoms()}


def _charge(smiles: str) -> int:
    charge: int = Chem.GetFormalCharge(Chem.MolFromSmiles(smiles))
    return charge
