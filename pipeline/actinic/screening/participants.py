"""What the energy of a reaction still needs: conformers, vibrations and single points of its species."""

from collections.abc import Iterable
from dataclasses import dataclass

from actinic.analysis.reaction_energies import Computed, KnownReaction
from actinic.calculations.energy import EnergyRequest, EnergyResult
from actinic.calculations.ensemble import EnsembleRequest, EnsembleResult
from actinic.calculations.kinds import Request
from actinic.calculations.relaxation import RelaxationRequest, RelaxationResult
from actinic.calculations.thermal import ThermalRequest, ThermalResult
from actinic.chemistry.connectivity import change
from actinic.chemistry.geometry import Geometry
from actinic.chemistry.misshapen import misshapen
from actinic.chemistry.reactions import Product, Reaction
from actinic.chemistry.species import Species
from actinic.engines.dft import ENERGIES
from actinic.engines.dft_gradient import GRADIENTS
from actinic.level import Level
from actinic.screening.lookup import Answer, Lookup, answer
from actinic.screening.sections import EnsembleSection, ReactionsSection

RELAXATION_STEPS = 60
"""Steps after which a relaxation is given up; one takes some 7 s of a core with 5 heavy atoms."""

RELAXED_EV_ANGSTROM = 0.03
"""Largest force left by a relaxation: of methylsulfonyloxyl the energy is then within 0.1 kcal/mol."""

Stand = Answer[Computed]
"""Where one species stands: everything about it, or why it will never have an energy."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """How the species of a workflow's reactions are computed.

    Attributes:
        ensemble: Conformers; the same for candidates and fragments, so that they are shared.
        reactions: Levels and limits.
        asked: Where species stand that were asked for already: those that several reactions share are
            looked up once; good for one moment of the store. None to ask each time.
    """

    ensemble: EnsembleSection
    reactions: ReactionsSection
    asked: dict[tuple[Product, tuple[Level, ...]], Stand] | None = None

    def levels(self, reaction: Reaction, *, second: bool) -> tuple[Level, ...]:
        """Levels of the single points, one for all species of a reaction; in a solvent where one is bare."""
        return self.levels_of((*reaction.reactants, *(p.species for p in reaction.products)), second=second)

    def levels_of(self, species: Iterable[Species], *, second: bool) -> tuple[Level, ...]:
        """Levels at which the energies of these species can be compared."""
        section = self.reactions
        if any(one.has_bare_charges for one in species):
            return (Level.parse(section.ion_level),)
        texts = [section.level]
        if second and section.second_level is not None:
            texts.append(section.second_level)
        return tuple(Level.parse(text) for text in texts)


def standing_of(
    reaction: Reaction, recipe: Recipe, lookup: Lookup, *, second: bool
) -> tuple[tuple[Request, ...], KnownReaction]:
    """What the reaction misses and what is known of it; nothing missing and no reason means all is known."""
    levels = recipe.levels(reaction, second=second)
    species = [Product(one, open_shell=False) for one in reaction.reactants] + list(reaction.products)
    stands = [stand_of(one, levels, recipe, lookup) for one in species]
    # Which species failed first in time must not show: the first in their order counts.
    decisive = next((n for n, stand in enumerate(stands) if stand.reason), len(stands))
    missing = tuple(request for stand in stands[:decisive] for request in stand.missing)
    if missing:
        return missing, KnownReaction(reaction, levels, (), (), "not computed yet")
    if decisive < len(stands):
        return (), KnownReaction(reaction, levels, (), (), stands[decisive].reason)
    computed = tuple(stand.result for stand in stands if stand.result is not None)
    n = len(reaction.reactants)
    return (), KnownReaction(reaction, levels, computed[:n], computed[n:])


def ensemble_request(species: Species, section: EnsembleSection) -> EnsembleRequest:
    """The ensemble a workflow asks for; ions, zwitterions and ion pairs get the levels with a solvent."""
    return EnsembleRequest(
        species=species,
        level=section.level_of(species),
        program=section.program,
        n_embedded=section.embedded,
        energy_window_kcal_mol=section.window_kcal_mol,
        rmsd_angstrom=section.rmsd_angstrom,
        max_conformers=section.keep,
        fmax_ev_angstrom=section.fmax_ev_angstrom,
        max_steps=section.max_steps,
        temperature_k=section.temperature_k,
    )


def thermal_request(
    species: Species, conformer: Geometry, section: EnsembleSection, fmax_ev_angstrom: float
) -> ThermalRequest:
    """Minimum and vibrations next to a conformer, at the level it was optimised at."""
    return ThermalRequest(
        geometry=conformer,
        charge=species.charge,
        multiplicity=species.multiplicity,
        level=section.level_of(species),
        program=section.program,
        fmax_ev_angstrom=fmax_ev_angstrom,
        max_steps=section.max_steps,
    )


def tight_minimum(
    species: Species, request: ThermalRequest, lookup: Lookup, whose: str = ""
) -> Answer[ThermalResult]:
    """Minimum and vibrations, unless its bonds are no longer those of the species."""
    found = answer(request, lookup, ThermalResult, whose)
    if found.result is not None and not change(species, found.result.geometry).is_kept:
        return Answer(reason=f"{whose or 'it'} does not keep its bonds when optimised tightly")
    return found


def stand_of(one: Product, levels: tuple[Level, ...], recipe: Recipe, lookup: Lookup) -> Stand:
    """What one species needs: conformers, vibrations of the lowest one, then single points at its minimum."""
    if recipe.asked is None:
        return _stand_anew(one, levels, recipe, lookup)
    key = one, levels
    if key not in recipe.asked:
        recipe.asked[key] = _stand_anew(one, levels, recipe, lookup)
    return recipe.asked[key]


def _stand_anew(one: Product, levels: tuple[Level, ...], recipe: Recipe, lookup: Lookup) -> Stand:
    minimum = _minimum(one.species, recipe, lookup)
    thermal = minimum.result
    if thermal is None:
        return Answer(minimum.missing, minimum.reason)
    wanted = _relaxation_request(one.species, thermal.geometry, recipe)
    if wanted is None:
        return _single_points(one, thermal, None, levels, lookup)
    found = answer(wanted, lookup, RelaxationResult, one.species.smiles)
    if found.result is None:
        return Answer(found.missing, found.reason)
    if not change(one.species, found.result.geometry).is_kept:
        return Answer(reason=f"{one.species.smiles} does not keep its bonds when relaxed at {wanted.level}")
    return _single_points(one, thermal, found.result, levels, lookup)


def _minimum(species: Species, recipe: Recipe, lookup: Lookup) -> Answer[ThermalResult]:
    """Vibrations of the lowest conformer."""
    found = answer(ensemble_request(species, recipe.ensemble), lookup, EnsembleResult, species.smiles)
    ensemble = found.result
    if ensemble is None:
        return Answer(found.missing, found.reason)
    if not ensemble.conformers:
        return Answer(reason=f"{species.smiles} does not keep its bonds; becomes {ensemble.fell_apart_into}")
    conformer, fmax = ensemble.conformers[0].geometry, recipe.reactions.fmax_ev_angstrom
    request = thermal_request(species, conformer, recipe.ensemble, fmax)
    return tight_minimum(species, request, lookup, species.smiles)


def _relaxation_request(species: Species, minimum: Geometry, recipe: Recipe) -> RelaxationRequest | None:
    """Of what tight binding misshapes; None of other species, and of ions, whose solvent has no gradient."""
    group, level = misshapen(species), recipe.reactions.relax_level
    if group is None or level is None or species.has_bare_charges:
        return None
    return RelaxationRequest(
        geometry=group.start(minimum),
        charge=species.charge,
        multiplicity=species.multiplicity,
        level=Level.parse(level),
        scf=GRADIENTS,
        fmax_ev_angstrom=RELAXED_EV_ANGSTROM,
        max_steps=RELAXATION_STEPS,
        program="pyscf",
    )


def _single_points(
    one: Product,
    thermal: ThermalResult,
    relaxed: RelaxationResult | None,
    levels: tuple[Level, ...],
    lookup: Lookup,
) -> Stand:
    """Of an open-shell singlet also the triplet at the same geometry, which its spin projection needs."""
    geometry = thermal.geometry if relaxed is None else relaxed.geometry
    found: dict[int, tuple[EnergyResult, ...]] = {}
    missing: list[Request] = []
    for multiplicity in (1, 3) if one.open_shell else (one.species.multiplicity,):
        requests = [_energy_request(one, geometry, level, multiplicity) for level in levels]
        known = [answer(request, lookup, EnergyResult, one.species.smiles) for request in requests]
        for point in known:
            if point.reason:
                return Answer(tuple(missing), "" if missing else point.reason)
            missing += point.missing
        found[multiplicity] = tuple(point.result for point in known if point.result is not None)
    if missing:
        return Answer(missing=tuple(missing))
    energies, triplets = found[one.species.multiplicity], found[3] if one.open_shell else ()
    return Answer(result=Computed(one.species, thermal, energies, triplets, relaxed is not None))


def _energy_request(one: Product, geometry: Geometry, level: Level, multiplicity: int) -> EnergyRequest:
    return EnergyRequest(
        geometry=geometry,
        charge=one.species.charge,
        multiplicity=multiplicity,
        broken_symmetry=one.open_shell and multiplicity == 1,
        level=level,
        scf=ENERGIES,
        program="pyscf",
    )
