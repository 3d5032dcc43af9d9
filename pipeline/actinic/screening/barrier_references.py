"""The measured barriers shipped with the package, as reactions whose energies are computed like any other."""

from collections.abc import Iterator
from dataclasses import dataclass

from rdkit import Chem, rdBase

from actinic.analysis.heat_classes import class_of, left_out
from actinic.analysis.measured_barriers import MeasuredBarrier, measured_barriers
from actinic.chemistry.homolysis import homolysis
from actinic.chemistry.motifs import match
from actinic.chemistry.reactions import Reaction, reactions
from actinic.chemistry.species import Species

DISSOCIATIONS = "R_Recombination"
"""Family of the gas-phase table whose products are two radicals."""


@dataclass(frozen=True, slots=True)
class BarrierReference:
    """A measured barrier with its reaction.

    Attributes:
        measured: Its rate.
        reaction: What is computed.
    """

    measured: MeasuredBarrier
    reaction: Reaction

    @property
    def id(self) -> str:
        """Unique."""
        return self.measured.id


def barrier_references() -> tuple[BarrierReference, ...]:
    """Measured barriers whose reaction has an energy to compare with: homolyses, and members of a class.

    A homolysis of the gas-phase table is found by the radicals it is listed with; the rest by their motif, as
    in a candidate. What `left_out` names stays out.
    """
    found = []
    for measured in measured_barriers():
        reaction = _dissociation(measured) if measured.family == DISSOCIATIONS else _of_motif(measured)
        if reaction is not None and measured.id not in left_out():
            found.append(BarrierReference(measured, reaction))
    return tuple(found)


def _dissociation(measured: MeasuredBarrier) -> Reaction | None:
    """The single bond whose halves are the products of the list."""
    parent = Species.from_smiles(measured.reactant_smiles, multiplicity=1)
    wanted = sorted(_canonical(part) for part in measured.product_smiles.split("."))
    for pair in _single_bonds(parent):
        reaction = homolysis(parent, pair)
        if sorted(product.species.smiles for product in reaction.products) == wanted:
            return reaction
    return None


def _of_motif(measured: MeasuredBarrier) -> Reaction | None:
    """The first step by heat alone of a motif that has a class of this family, or breaks a bond."""
    species = Species.from_smiles(measured.reactant_smiles, multiplicity=1)
    for site in match(species):
        one = class_of(site.motif.name)
        for reaction in reactions(species, site):
            by_heat = "heat" in reaction.activation and reaction.multiplicity == 1 and reaction.elementary
            if not by_heat or len(reaction.reactants) > 1:
                continue
            if reaction.step == "homolysis" or (one is not None and measured.family in one.families):
                return reaction
    return None


def _single_bonds(species: Species) -> Iterator[tuple[int, int]]:
    for bond in species.molecule().GetBonds():
        if bond.GetBondType() == Chem.BondType.SINGLE and not bond.IsInRing():
            yield bond.GetBeginAtomIdx(), bond.GetEndAtomIdx()


def _canonical(smiles: str) -> str:
    with rdBase.BlockLogs():  # RDKit warns at every lone hydrogen atom
        return Species.high_spin(smiles).smiles
