"""Reactions in words: the cells of the ranked table, and reactions.csv with all that were considered."""

import csv
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import TextIO

from actinic.analysis.heat_report import activation_label, shelf_life
from actinic.analysis.reaction_energies import KnownReaction
from actinic.chemistry.anchors import anchors
from actinic.chemistry.motif_table import motif_named
from actinic.chemistry.motifs import match, n_sites
from actinic.chemistry.released import acid_class, base_class
from actinic.chemistry.species import Species
from actinic.reporting.spreadsheet import harmless
from actinic.screening.tiers import Progress

COLUMNS = (
    "id",
    "motif",
    "reaction",
    "step",
    "activation",
    "surface",
    "bond",
    "equivalent_bonds",
    "reactants",
    "products",
    "enthalpy_kcal_mol",
    "error_kcal_mol",
    "driving_force_kcal_mol",
    "driving_force_error_kcal_mol",
    "raw_enthalpy_kcal_mol",
    "levels",
    "gives_way_first",
    "reason",
)
_SURFACES = {1: "singlet", 2: "doublet", 3: "triplet"}


def motif_text(species: Species) -> str:
    """Motifs with the number of their sites.

    >>> motif_text(Species.from_smiles("[N-]=[N+]=Nc1ccc(N=[N+]=[N-])cc1", multiplicity=1))
    'aryl-azide (2)'
    """
    sites = match(species)
    names = dict.fromkeys(site.motif.name for site in sites)
    return "; ".join(f"{name} ({n_sites(sites, name)})" for name in names)


def anchor_text(species: Species) -> str:
    """Surface groups with their number.

    >>> anchor_text(Species.from_smiles("OC(=O)CCS", multiplicity=1))
    'thiol (1); carboxylate (1)'
    """
    counts = Counter(anchor.group for anchor in anchors(species))
    return "; ".join(f"{group} ({number})" for group, number in counts.items())


def released(known: KnownReaction | None, counter_ion: str) -> str:
    """What a reaction sets free, with the class and pKa range of the acid or base; empty without a motif.

    Args:
        known: The reaction.
        counter_ion: SMILES of what was set aside: the acid of an onium salt is that of its anion.
    """
    if known is None or not known.reaction.motif:
        return ""
    text = motif_named(known.reaction.motif).releases
    products = [product.species.smiles for product in known.reaction.products]
    found = None
    if "acid" in text or text.startswith("H"):
        sources = [counter_ion] if "counter-ion" in text else products
        found = next((c for smiles in sources if smiles and (c := acid_class(smiles))), None)
    elif "amine" in text:
        found = next((c for smiles in products if (c := base_class(smiles))), None)
    return text if found is None else f"{text} ({found.name}, pKa {found.pka_low:g} to {found.pka_high:g})"


def reaction_cells(where: Progress, counter_ion: str) -> dict[str, str | None]:
    """Cells of the ranked table about the reaction that gives way first."""
    known = where.assessment.reaction
    if known is None:
        return {}
    reaction = known.reaction
    return {
        "bond": reaction.label,
        "reaction": f"{reaction.motif}: {reaction.channel}" if reaction.motif else reaction.channel,
        "products": _side(product.species for product in reaction.products),
        "releases": released(known, counter_ion) or None,
    }


def heat_cells(where: Progress) -> dict[str, str | None]:
    """Cells of the ranked table about heat that are no numbers."""
    found, first = where.assessment.heat, where.assessment.heat.first
    what = None if first is None else f"{first.bond}: {first.what}" if first.bond else first.what
    return {
        "activation_label": activation_label(found) or None,
        "activation_reaction": what,
        "shelf_life": shelf_life(found) or None,
    }


def reaction_rows(name: str, where: Progress) -> list[dict[str, str | int]]:
    """Rows of `reactions.csv`: every reaction considered of a candidate.

    Args:
        name: Identifier of the candidate.
        where: Where it stands.
    """
    return [_row(name, known, where) for known in where.known.reactions]


class ReactionFile:
    """`reactions.csv`, written row by row.

    Args:
        file: Open for writing.
    """

    def __init__(self, file: TextIO) -> None:
        self._writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        self._writer.writeheader()
        self.is_empty = True

    def add(self, rows: Iterable[Mapping[str, str | int]]) -> None:
        """Write the rows of a candidate."""
        for row in rows:
            self.is_empty = False
            self._writer.writerow(
                {name: harmless(cell) if isinstance(cell, str) else cell for name, cell in row.items()}
            )


def _row(name: str, known: KnownReaction, where: Progress) -> dict[str, str | int]:
    reaction, enthalpy, raw = known.reaction, known.enthalpy_kcal_mol(), known.raw_enthalpy_kcal_mol()
    error = None if enthalpy is None else enthalpy.standard_error
    left = where.assessment.excited.driving_force_kcal_mol(known)
    said = (known.caveat, known.spin_caveat)
    return {
        "id": name,
        "motif": reaction.motif,
        "reaction": reaction.channel,
        "step": reaction.step,
        "activation": " ".join(reaction.activation),
        "surface": _SURFACES.get(reaction.multiplicity, str(reaction.multiplicity)),
        "bond": reaction.label,
        "equivalent_bonds": reaction.n_equivalent,
        "reactants": _side(reaction.reactants),
        "products": _side(product.species for product in reaction.products),
        "enthalpy_kcal_mol": "" if enthalpy is None else f"{enthalpy.value:.1f}",
        "error_kcal_mol": "" if error is None else f"{error:.1f}",
        "driving_force_kcal_mol": "" if left is None else f"{left.value:.1f}",
        "driving_force_error_kcal_mol": "" if left is None else f"{left.standard_error or 0.0:.1f}",
        "raw_enthalpy_kcal_mol": " ".join(f"{value:.1f}" for value in raw),
        "levels": " ".join(map(str, known.levels)),
        "gives_way_first": "yes" if known is where.assessment.reaction else "",
        "reason": known.reason or "; ".join(filter(None, said)) or ("" if raw else "a species is no minimum"),
    }


def _side(species: Iterable[Species]) -> str:
    return " + ".join(one.smiles for one in species)
