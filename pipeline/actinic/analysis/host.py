"""How much of the light a candidate gets, when the polymer or the nanocrystals around it absorb as well."""

import math
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np

from actinic.analysis.estimate import Estimate, third_quantiles
from actinic.errors import InputError

CANDIDATE_DENSITY_G_CM3 = 1.2
"""Of the candidate in the film: organic solids lie between 1.0 and 1.4."""

LIGAND_INDEX = 1.5
"""Refractive index of the organic shell between nanocrystals."""


@dataclass(frozen=True, slots=True)
class Material:
    """What absorbs besides the candidate.

    Attributes:
        name: As in the workflow.
        table: Wavelengths in nm, ascending, and absorption coefficients in cm-1 (base e) per volume of host.
        density_g_cm3: Of the host alone.
        error_factor: Standard error of the absorption coefficient, as a factor.
        source: Where it is from.
    """

    name: str
    table: tuple[tuple[float, float], ...]
    density_g_cm3: float
    error_factor: float
    source: str

    def absorption_per_cm(self, wavelength_nm: float) -> float | None:
        """Absorption coefficient in cm-1; None outside the table."""
        if not self.table[0][0] <= wavelength_nm <= self.table[-1][0]:
            return None
        wavelengths, values = zip(*self.table, strict=True)
        return float(np.interp(wavelength_nm, wavelengths, values))


@dataclass(frozen=True, slots=True)
class Host:
    """A film in which the candidate is exposed.

    Attributes:
        material: What surrounds it.
        thickness_nm: Of the film.
        loading: Mass of the candidate over the mass of the film, above 0 and below 1.
        t1_ev: Lowest triplet of the host; None while unknown.
    """

    material: Material
    thickness_nm: float
    loading: float
    t1_ev: float | None

    @property
    def density_g_cm3(self) -> float:
        """Of the film, volumes added."""
        host = (1 - self.loading) / self.material.density_g_cm3
        return 1 / (self.loading / CANDIDATE_DENSITY_G_CM3 + host)

    def concentration_mol_l(self, mass_g_mol: float) -> float:
        """Of the candidate in the film."""
        return 1000 * self.loading * self.density_g_cm3 / mass_g_mol

    def depth(self, wavelength_nm: float) -> float | None:
        """Absorbance (base e) of the host across the film; None where its absorption is unknown."""
        per_cm = self.material.absorption_per_cm(wavelength_nm)
        if per_cm is None:
            return None
        share = (1 - self.loading) * self.density_g_cm3 / self.material.density_g_cm3
        return per_cm * share * self.thickness_nm * 1e-7


def material(name: str, core_fraction: float | None) -> Material:
    """A host that comes with the package.

    Args:
        name: As in `hosts.toml`.
        core_fraction: Share of a nanocrystal's volume that absorbs, 0 to 1; None for the tabulated one.

    Raises:
        InputError: There is no such host, or it has no core.
    """
    if name not in _table():
        raise InputError(f"{name!r}: no such host; there are {', '.join(_table())}")
    row = _table()[name]
    if "absorption" in row:
        if core_fraction is not None:
            raise InputError(f"{name} has no core: leave core_fraction out")
        table = tuple((float(nm), float(value)) for nm, value in row["absorption"])
    else:
        share = row["core_fraction"] if core_fraction is None else core_fraction
        table = tuple((nm, share * dot_absorption_per_cm(nm, n, k, LIGAND_INDEX)) for nm, n, k in row["nk"])
    return Material(name, table, row["density_g_cm3"], row["error_factor"], row["source"])


def dot_absorption_per_cm(wavelength_nm: float, index: float, extinction: float, around: float) -> float:
    """Absorption coefficient in cm-1 (base e) of nanocrystals per volume of nanocrystal.

    Far smaller than the wavelength, far from each other (doi:10.1039/C2JM30760J): the bulk's, times how much
    of the field enters the sphere.

    Args:
        wavelength_nm: In vacuum.
        index: Refractive index of the bulk.
        extinction: Extinction coefficient of the bulk.
        around: Refractive index of what is around them.
    """
    permittivity, outside = complex(index, extinction) ** 2, around**2
    field = abs(3 * outside / (permittivity + 2 * outside)) ** 2
    return 2 * math.pi / (wavelength_nm * 1e-7 * around) * field * permittivity.imag


def light_names(labels: tuple[str, ...]) -> tuple[str, ...]:
    """Names of what `light_quantities` may report at these lines."""
    return tuple(f"{stem}_{label}" for label in labels for stem in ("light_absorbed", "light_share"))


def light_quantities(
    host: Host, mass_g_mol: float, absorptivity: Estimate | None, wavelength_nm: float, label: str
) -> dict[str, Estimate]:
    """What becomes of the light at one line; nothing where candidate or host are unknown there.

    Args:
        host: The film.
        mass_g_mol: Of the candidate.
        absorptivity: Of the candidate at the line, in L mol-1 cm-1.
        wavelength_nm: Of the line.
        label: Of the line, at the end of the names.

    Returns:
        `light_absorbed_<label>`: share of the light entering the film that the candidate absorbs; reflection
        and interference are left out. `light_share_<label>`: share of what is absorbed at all.
    """
    depth = host.depth(wavelength_nm)
    if absorptivity is None or depth is None or len(absorptivity.draws) == 1:
        return {}
    per_absorptivity = math.log(10) * host.concentration_mol_l(mass_g_mol) * host.thickness_nm * 1e-7
    pairs = [(absorptivity.value, 1.0)]
    pairs += [
        (0.0 if draw is None else draw, host.material.error_factor**q)
        for draw, q in zip(absorptivity.draws, third_quantiles(), strict=True)
    ]
    absorbed, share = [], []
    for value, factor in pairs:
        own, all_of_it = per_absorptivity * value, per_absorptivity * value + factor * depth
        share.append(own / all_of_it if all_of_it > 0 else 0.0)
        absorbed.append(-math.expm1(-all_of_it) * share[-1])
    return {
        f"light_absorbed_{label}": Estimate(absorbed[0], tuple(absorbed[1:]), absorptivity.calibrated),
        f"light_share_{label}": Estimate(share[0], tuple(share[1:]), absorptivity.calibrated),
    }


@cache
def _table() -> dict[str, dict[str, Any]]:
    text = files("actinic.analysis").joinpath("hosts.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)
