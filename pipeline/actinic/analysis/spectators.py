"""Spectator absorption: light that is absorbed elsewhere than where the bond gives way.

Hole and electron of every stored excitation are known atom by atom (`engines.response_character`). Of the
band that absorbs at a line, the mean share of both on the atoms that react says
whether the chromophore is the reactive group or only hangs on to it.
"""

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

import numpy as np

from actinic.analysis.absorption import Sticks
from actinic.analysis.calibrated_spectrum import CalibratedSpectrum
from actinic.analysis.ensemble_spectrum import WeakBands, bright_part
from actinic.analysis.estimate import Estimate
from actinic.analysis.exposure import Exposure
from actinic.analysis.npi_states import lone_pair_atoms
from actinic.calculations.sampling import SamplingResult
from actinic.calculations.spectrum import SpectrumResult, Transition
from actinic.chemistry.motif_table import Channel
from actinic.chemistry.motifs import match
from actinic.chemistry.species import KEPT, Species
from actinic.units import ev_from_nm

SITE_SHARE = "site_share_target"

SPECTATOR_SHARE = 0.05
"""Below this share on the reactive site an absorption is called a spectator's; a convention.

An arene on a saturated chain has 0.02 (tested), the molecules of `actinic validate families` that absorb at
their lines have 0.13 and more.
"""


@lru_cache(maxsize=KEPT)
def reactive_atoms(species: Species) -> tuple[int, ...]:
    """Heavy atoms that take part where light may act, by their order in the species.

    Those of the groups that light drives, as the motif table maps them (of an o-nitrobenzyl group also the
    nitro group, which takes the hydrogen), and those bonded to the labile bond. All groups count, and all
    copies of each; empty where there is none.

    >>> reactive_atoms(Species.from_smiles("CCCCN=[N+]=[N-]", multiplicity=1))
    (3, 4, 5, 6)
    """
    sites = [site for site in match(species) if _driven_by_light(site.motif.channels)]
    mapped = {atom for site in sites for place in site.copies for atom in place}
    labile = {atom for site in sites for place in site.copies for atom in place[:2]}
    molecule = species.shared_molecule()
    around = {
        neighbour.GetIdx() for atom in labile for neighbour in molecule.GetAtomWithIdx(atom).GetNeighbors()
    }
    heavy = [atom.GetIdx() for atom in molecule.GetAtoms() if atom.GetAtomicNum() > 1]
    return tuple(place for place, atom in enumerate(heavy) if atom in mapped | around)


def site_share(
    species: Species,
    spectra: Sequence[SpectrumResult],
    spectrum: CalibratedSpectrum,
    sampling: SamplingResult | None,
    line_nm: float,
) -> float | None:
    """Share of the excitation at a line that sits on the reactive atoms, hole and electron averaged, 0 to 1.

    States that an ensemble replaces are taken to have the shares they have at the minimum.

    Args:
        species: The candidate.
        spectra: Its conformers' spectra, as merged into `spectrum`.
        spectrum: On the scale of experiment.
        sampling: The ensemble behind its weak bands; None without one.
        line_nm: Where light is absorbed.

    Returns:
        None where nothing is absorbed, no group reacts by light, or shares were not stored.
    """
    atoms = reactive_atoms(species)
    if not atoms:
        return None
    bright = spectra
    if spectrum.weak is not None and sampling is not None:
        bright = [bright_part(one, sampling, lone_pair_atoms(species)) for one in spectra]
    shares = [_share(transition, atoms) for one in bright for transition in one.transitions]
    of_weak = [_share(transition, atoms) for transition in spectra[0].transitions]
    kept = spectrum.sticks if spectrum.rest is None else spectrum.rest
    sticks = _shared(kept, shares)
    weak = None if spectrum.weak is None else _shared_weak(spectrum.weak, of_weak)
    if sticks is None or (weak is None and spectrum.weak is not None):
        return None
    on_site = replace(spectrum, sticks=sticks, rest=sticks if spectrum.rest is not None else None, weak=weak)
    line_ev = np.array([ev_from_nm(line_nm)])
    total = float(spectrum.absorptivity_l_mol_cm(line_ev)[0])
    return float(on_site.absorptivity_l_mol_cm(line_ev)[0]) / total if total > 0 else None


def add_site_share(  # noqa: PLR0913, PLR0917 - what `site_share` needs, and where it goes
    quantities: dict[str, Estimate],
    caveats: list[str],
    species: Species,
    spectra: Sequence[SpectrumResult],
    spectrum: CalibratedSpectrum,
    sampling: SamplingResult | None,
    exposure: Exposure,
) -> None:
    """Add the share at the target line; nothing where the candidate is silent there or nothing is known."""
    absorptivity = quantities.get("absorptivity_target_l_mol_cm")
    if exposure.target_nm is None or absorptivity is None or absorptivity.value <= exposure.silent_l_mol_cm:
        return
    share = site_share(species, spectra, spectrum, sampling, exposure.target_nm)
    if share is None:
        return
    quantities[SITE_SHARE] = Estimate.exact(share)
    if share < SPECTATOR_SHARE:
        caveats.append(
            f"spectator absorption: {100 * share:.1f} % of the excitation at the target line is on the "
            "reactive site, energy or an electron has to get there first"
        )


def is_spectator(quantities: dict[str, Estimate]) -> bool | None:
    """Whether what absorbs at the target is not what reacts; None where that is not known."""
    share = quantities.get(SITE_SHARE)
    return None if share is None else share.value < SPECTATOR_SHARE


def _driven_by_light(channels: Sequence[Channel]) -> bool:
    return any("light" in channel.activation for channel in channels)


def _share(transition: Transition, atoms: tuple[int, ...]) -> float | None:
    """None where shares were not stored."""
    hole, electron = transition.hole_permille, transition.electron_permille
    if hole is None or electron is None or len(hole) <= atoms[-1]:
        return None
    return sum(hole[atom] + electron[atom] for atom in atoms) / 2000


def _shared(sticks: Sticks, shares: Sequence[float | None]) -> Sticks | None:
    known = [share for share in shares if share is not None]
    if len(known) < len(shares):
        return None
    strengths = tuple(f * share for f, share in zip(sticks.strengths, known, strict=True))
    return replace(sticks, strengths=strengths)


def _shared_weak(weak: WeakBands, shares: Sequence[float | None]) -> WeakBands | None:
    bands = []
    for band, share in zip(weak.bands, shares, strict=False):
        sticks = _shared(band.sticks, [share] * len(band.sticks.strengths))
        if sticks is None:
            return None
        bands.append(replace(band, sticks=sticks))
    return replace(weak, bands=tuple(bands))
