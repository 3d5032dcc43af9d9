"""What heat does to a candidate: every way it can react by itself, and at which temperature."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Literal

from actinic.analysis.estimate import N_DRAWS, Estimate, standard_quantiles
from actinic.analysis.heat_classes import HALF_HOUR_S, HeatClass, class_of, class_value
from actinic.analysis.homolysis_rates import ALL_BONDS, UNSOUND, bond_kind, homolysis_rate
from actinic.analysis.kinetics import CELSIUS_K, RateLaw
from actinic.analysis.path_rates import CalculatedPath, path_error, path_law
from actinic.analysis.reaction_energies import KnownReaction
from actinic.analysis.release_equilibrium import equilibrium_c
from actinic.chemistry.homolysis import breakable_bonds
from actinic.chemistry.motif_table import Channel, Motif
from actinic.chemistry.motifs import Site, atom_label, match
from actinic.chemistry.species import Species

How = Literal[
    "calculated",
    "calculated, route not compared with experiment",
    "class value",
    "class range, Tg-limited",
    "equilibrium",
    "weakest bond by type",
]
CURES: How = "class range, Tg-limited"
UNCOMPARED: How = "calculated, route not compared with experiment"
ON_BARRIERS: tuple[How, ...] = ("calculated", UNCOMPARED, "class value", "weakest bond by type")
"""What rests on a barrier; the glass transition sets a class range, CO2 an equilibrium."""

BOND_TYPE_ERROR_KCAL_MOL = 7.0
"""Standard error of a tabulated bond type: its members scatter by 5 kcal/mol and more (bond_types.toml)."""


@dataclass(frozen=True, slots=True)
class HeatConditions:
    """What a candidate has to go through; the workflow's [heat].

    Attributes:
        bake_c: Temperature of the soft bake.
        bake_min: Its duration.
        window_c: Temperatures within which heat should work.
        co2_bar: Pressures of CO2 for equilibria with it; the first one counts.
    """

    bake_c: float
    bake_min: float
    window_c: tuple[float, float]
    co2_bar: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class HeatChannel:
    """One way to react.

    Attributes:
        what: What happens, in words that follow the name of the molecule: "loses N2 (carbene)".
        bond: Label of the bond that gives way; empty where it is not one bond.
        how: Where the temperature comes from.
        upper_limit: Whether a catalyst may make it react at lower temperatures.
        temperature_c: At which half has reacted in 30 min.
        laws: Rates under the error of the barrier, as the draws of `temperature_c`; empty without a rate.
        law: The best value of them; None without a rate.
        note: What else to say.
    """

    what: str
    bond: str
    how: How
    upper_limit: bool
    temperature_c: Estimate
    laws: tuple[RateLaw, ...] = ()
    law: RateLaw | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Heat:
    """What heat does.

    Attributes:
        channels: Lowest temperature first.
        unknown: Groups that heat breaks at a temperature that is not known, in words.
    """

    channels: tuple[HeatChannel, ...]
    unknown: tuple[str, ...]

    @property
    def first(self) -> HeatChannel | None:
        """The channel of lowest temperature."""
        return self.channels[0] if self.channels else None


NO_HEAT = Heat((), ())
"""Of a candidate of which nothing is known yet."""


def heat(
    species: Species,
    reactions: Sequence[KnownReaction],
    paths: Sequence[CalculatedPath],
    conditions: HeatConditions,
) -> Heat:
    """All channels of a candidate.

    Each labile group is served by its accepted path or by its class, whichever has the smaller error; every
    bond whose homolysis was calculated by its enthalpy. A molecule without any of these has the weakest of
    its single bonds by tabulated type.

    Args:
        species: The candidate.
        reactions: Those whose energies are known.
        paths: Searches for the barriers of its reactions, accepted or not.
        conditions: Pressures of CO2.
    """
    channels: list[HeatChannel] = []
    unknown: list[str] = []
    homolyses = [one for one in reactions if _by_heat_alone(one) and one.reaction.step == "homolysis"]
    groups = [(motif, list(sites)) for motif, sites in groupby(match(species), key=lambda site: site.motif)]
    names = [motif.name for motif, _ in groups]
    for motif, sites in groups:
        found = _of_motif(class_of(motif.name, names), (motif, sites), species, reactions, paths, conditions)
        channels += found
        covered = found or any(one.reaction.motif == motif.name for one in homolyses)
        if not covered and motif.alone and any(_is_open(channel) for channel in motif.channels):
            unknown.append(f"{motif.title}: no barrier measured or calculated")
    for one in homolyses:
        if class_of(one.reaction.motif, names) is None:
            channel = _homolysis(one)
            channels += [channel] if channel else []
            unknown += [] if channel else [f"{one.reaction.label}: {_why_not(one)}"]
    channels = _one_range(channels)
    if not channels and not unknown:
        channels += _weakest_by_type(species)
        unknown += [] if channels else ["no labile group, and no bond of a tabulated type"]
    ordered = sorted(channels, key=lambda channel: channel.temperature_c.value)
    return Heat(tuple(ordered), tuple(dict.fromkeys(unknown)))


def _by_heat_alone(known: KnownReaction) -> bool:
    """A step of the molecule by itself on its own surface, which heat can drive whatever else does."""
    reaction = known.reaction
    return len(reaction.reactants) == 1 and reaction.multiplicity == reaction.reactants[0].multiplicity


def _is_open(channel: Channel) -> bool:
    """Whether heat may drive it: it is said to, or a bond of the ground state breaks."""
    by_heat = "heat" in channel.activation or channel.step == "homolysis"
    return by_heat and channel.multiplicity == 1


def _of_motif(
    one: HeatClass | None,
    group: tuple[Motif, list[Site]],
    species: Species,
    reactions: Sequence[KnownReaction],
    paths: Sequence[CalculatedPath],
    conditions: HeatConditions,
) -> list[HeatChannel]:
    motif, sites = group
    upper_limit = one is not None and one.upper_limit
    own = [path for path in paths if path.reaction.motif == motif.name]
    value = None if one is None else class_value(one)
    if value is not None:  # the one with the smaller error
        own = [path for path in own if path_error(path.route).kcal_mol < value.error_kcal_mol]
    calculated = [channel for path in own if (channel := _path(path, one, upper_limit)) is not None]
    if calculated or one is None:
        return calculated
    bond = _label(species, sites[0])
    if one.treatment == "equilibrium":
        return _equilibrium(one, motif, bond, reactions, conditions)
    if one.treatment == "range":
        return [_range(one, bond)]
    if value is None:
        return []
    return [
        _of_law(one.what, bond, "class value", value.law, value.error_kcal_mol, upper_limit, note=one.note)
    ]


def _one_range(channels: list[HeatChannel]) -> list[HeatChannel]:
    """Several curing groups count as one: their rates would add, and rank what is not to be ranked."""
    ranges = [channel for channel in channels if channel.how == CURES]
    return [channel for channel in channels if channel.how != CURES] + ranges[:1]


def _path(path: CalculatedPath, one: HeatClass | None, upper_limit: bool) -> HeatChannel | None:
    law = path_law(path)
    if law is None:
        return None
    what = one.what if one else path.reaction.channel
    error = path_error(path.route)
    how: How = "calculated" if error.is_compared else UNCOMPARED
    return _of_law(what, path.reaction.label, how, law, error.kcal_mol, upper_limit)


def _homolysis(known: KnownReaction) -> HeatChannel | None:
    """None without a sound enthalpy."""
    enthalpy = known.enthalpy_kcal_mol()
    if enthalpy is None or not enthalpy.calibrated or bond_kind(known.reaction) in UNSOUND:
        return None
    found = homolysis_rate(bond_kind(known.reaction))
    error = found.error_kcal_mol
    if not known.is_homolysis:  # ions are not among the measured ones
        error = math.hypot(error, enthalpy.standard_error or 0.0)
    law = found.law(enthalpy.value)
    return _of_law(f"breaks {known.reaction.label}", known.reaction.label, "calculated", law, error, False)


def _why_not(known: KnownReaction) -> str:
    return known.reason or known.caveat or UNSOUND.get(bond_kind(known.reaction), "no enthalpy")


def _range(one: HeatClass, bond: str) -> HeatChannel:
    assert one.low_c is not None
    assert one.high_c is not None
    width = one.high_c - one.low_c
    temperatures = tuple(one.low_c + width * (i + 0.5) / N_DRAWS for i in range(N_DRAWS))
    middle = (one.low_c + one.high_c) / 2
    return HeatChannel(
        what=one.what,
        bond=bond,
        how=CURES,
        upper_limit=False,
        temperature_c=Estimate(middle, temperatures),
        laws=tuple(RateLaw.through(t + CELSIUS_K, HALF_HOUR_S, 0.0) for t in temperatures),
        law=RateLaw.through(middle + CELSIUS_K, HALF_HOUR_S, 0.0),
        note=one.note,
    )


def _equilibrium(
    one: HeatClass, motif: Motif, bond: str, reactions: Sequence[KnownReaction], conditions: HeatConditions
) -> list[HeatChannel]:
    known = next((r for r in reactions if r.reaction.motif == motif.name), None)
    if known is None:
        return []
    found = [(bar, equilibrium_c(known, bar)) for bar in conditions.co2_bar]
    first = found[0][1]
    if first is None:
        return []
    said = "; ".join(f"{value.value:.0f} C at {bar:g} bar CO2" for bar, value in found if value is not None)
    return [HeatChannel(one.what, bond, "equilibrium", False, first, note=said)]


def _weakest_by_type(species: Species) -> list[HeatChannel]:
    bonds = [bond for bond in breakable_bonds(species) if bond.estimate_kcal_mol is not None]
    if not bonds:
        return []
    law = homolysis_rate(ALL_BONDS).law(min(bond.estimate_kcal_mol or 0.0 for bond in bonds))
    label = bonds[0].label
    how: How = "weakest bond by type"
    return [_of_law(f"breaks {label}", label, how, law, BOND_TYPE_ERROR_KCAL_MOL, False)]


def _of_law(  # noqa: PLR0913 - the parts of one channel
    what: str, bond: str, how: How, law: RateLaw, error_kcal_mol: float, upper_limit: bool, *, note: str = ""
) -> HeatChannel:
    laws = tuple(law.shifted(error_kcal_mol * q) for q in standard_quantiles())
    temperatures = tuple(one.temperature_k(HALF_HOUR_S) - CELSIUS_K for one in laws)
    value = law.temperature_k(HALF_HOUR_S) - CELSIUS_K
    return HeatChannel(what, bond, how, upper_limit, Estimate(value, temperatures), laws, law, note)


def _label(species: Species, site: Site) -> str:
    molecule = species.shared_molecule()
    return "-".join(atom_label(molecule, atom) for atom in site.atoms[:2])
