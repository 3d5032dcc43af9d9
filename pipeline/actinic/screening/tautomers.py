"""What the energies of a molecule's tautomers still need, and what they are once nothing is missing."""

from dataclasses import dataclass
from typing import Literal

from actinic.analysis.tautomers import FILM_LEVEL, LEVEL, gibbs_kcal_mol
from actinic.calculations.kinds import Request
from actinic.chemistry.reactions import Product
from actinic.chemistry.species import Species
from actinic.errors import InputError
from actinic.screening.lookup import Lookup
from actinic.screening.participants import Recipe, Stand, stand_of
from actinic.screening.workflow import Workflow

FALLBACK = "photo-ligand"
"""Preset whose [reactions] say how tightly minima are optimised where a workflow has none."""


@dataclass(frozen=True, slots=True)
class Forms:
    """The tautomers of one molecule.

    Attributes:
        id: Unique in the list.
        species: The one drawn first.
    """

    id: str
    species: tuple[Species, ...]


@dataclass(frozen=True, slots=True)
class FormsStanding:
    """Where the tautomers of one molecule stand.

    Attributes:
        state: `waiting`, `done`, or `failed` where the one drawn has no energy.
        missing: Calculations to run now.
        reason: Why it waits or failed; empty when done.
        gibbs_kcal_mol: Gibbs energy at 298.15 K by medium (gas phase, film; of ions their solvent alone) of
            each form, on the scale of total energies; None for one without.
        reasons: Why a form has none; empty for the others.
    """

    state: Literal["waiting", "done", "failed"]
    missing: tuple[Request, ...] = ()
    reason: str = ""
    gibbs_kcal_mol: tuple[tuple[float, ...] | None, ...] = ()
    reasons: tuple[str, ...] = ()


def tautomer_recipe(workflow: Workflow) -> Recipe:
    """Conformers as in the workflow; single points at the levels whose error is known, ions at theirs.

    Raises:
        InputError: Neither the workflow nor the preset has reactions.
    """
    section = workflow.reactions or Workflow.load(FALLBACK).reactions
    if section is None:
        raise InputError(f"the preset {FALLBACK} has no [reactions]")
    levels = {"level": LEVEL, "second_level": FILM_LEVEL}
    return Recipe(workflow.ensemble, section.model_copy(update=levels))


def tautomer_standing(forms: Forms, workflow: Workflow, lookup: Lookup) -> FormsStanding:
    """What the tautomers still need; one that is no minimum costs only itself."""
    stands = tautomer_stands(forms, workflow, lookup)
    missing = tuple(request for stand in stands for request in stand.missing)
    if missing:
        return FormsStanding("waiting", missing, "its tautomers are not computed yet")
    energies = tuple(None if s.result is None else gibbs_kcal_mol(s.result) for s in stands)
    reasons = tuple(
        "" if energy is not None else stand.reason or "it is no minimum"
        for stand, energy in zip(stands, energies, strict=True)
    )
    if energies[0] is None:
        return FormsStanding("failed", (), f"as drawn: {reasons[0]}", energies, reasons)
    return FormsStanding("done", (), "", energies, reasons)


def tautomer_stands(forms: Forms, workflow: Workflow, lookup: Lookup) -> list[Stand]:
    """Where each form stands, in their order."""
    recipe = tautomer_recipe(workflow)
    levels = recipe.levels_of(forms.species, second=True)
    return [stand_of(Product(one, open_shell=False), levels, recipe, lookup) for one in forms.species]
