"""What a candidate meets in use: the device, the film it is exposed in, and what the list says of it."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from actinic.analysis.alignment import TRAPS, Stack, alignment_names, alignment_quantities
from actinic.analysis.assessment import Assessment
from actinic.analysis.dose import QuantumYield, class_yield, dose
from actinic.analysis.estimate import Estimate
from actinic.analysis.exposure import Exposure
from actinic.analysis.host import Host, light_names, light_quantities
from actinic.chemistry.motifs import match
from actinic.chemistry.species import Species

QUANTUM_YIELD_COLUMN = "quantum_yield"
"""Column of a list that holds a measured quantum yield."""

LIKELY = 0.5


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a workflow and a row of the list add to what is computed.

    Attributes:
        stack: The device; None for none.
        host: The film; None for none.
        listed: Numbers of the list that may be criteria, by column.
        unread: Sentences on cells of these columns that are no numbers.
    """

    stack: Stack | None = None
    host: Host | None = None
    listed: dict[str, Estimate] = field(default_factory=dict)
    unread: tuple[str, ...] = ()


def surrounding_names(
    stack: Stack | None, host: Host | None, lines_nm: Sequence[float], listed: Sequence[str]
) -> tuple[str, ...]:
    """Names of what `in_surroundings` may add."""
    names = [*listed]
    if stack is not None:
        names += alignment_names(stack)
    if host is not None:
        names += [*light_names(labels(lines_nm)), *(["t1_above_host_ev"] if host.t1_ev is not None else [])]
    return (*names, "dose_half_target_mj_cm2")


def labels(lines_nm: Sequence[float]) -> tuple[str, ...]:
    """Of the exposure lines and of the target, as at the end of names."""
    return (*(f"{line:g}_nm" for line in sorted(lines_nm)), "target")


def in_surroundings(
    assessed: Assessment, species: Species, exposure: Exposure, around: Surroundings
) -> Assessment:
    """The assessment with what its surroundings make of it."""
    found, caveats = dict(around.listed), list(around.unread)
    quantities = assessed.quantities
    if around.stack is not None:
        homo, lumo = quantities.get("film_homo_ev"), quantities.get("lumo_optical_ev")
        aligned = alignment_quantities(around.stack, homo, lumo)
        found |= aligned
        caveats += trap_sentences(around.stack, aligned)
    if around.host is not None:
        found |= _light(around.host, species, quantities, exposure)
        triplet = quantities.get("t1_ev")
        if triplet is not None and around.host.t1_ev is not None:
            above_ev = triplet.value - around.host.t1_ev
            found["t1_above_host_ev"] = Estimate.normal(above_ev, triplet.standard_error or 0.0)
    spent = _dose(species, quantities, exposure, around.listed.get(QUANTUM_YIELD_COLUMN))
    if spent is not None:
        found["dose_half_target_mj_cm2"], said = spent
        caveats += [said] if said else []
    return replace(assessed, quantities=quantities | found, caveats=(*assessed.caveats, *caveats))


def trap_sentences(stack: Stack, aligned: dict[str, Estimate]) -> list[str]:
    """What would rather trap carriers than not, in words."""
    said = []
    for trap in TRAPS:
        found, layer = aligned.get(trap.quantity), stack.at(trap.place)
        if found is not None and layer is not None and found.calibrated and found.value >= LIKELY:
            said.append(f"would trap {trap.carrier} of {layer.name} (probability {found.value:.2f})")
    return said


def _light(
    host: Host, species: Species, quantities: dict[str, Estimate], exposure: Exposure
) -> dict[str, Estimate]:
    mass = species.mass_g_mol
    found: dict[str, Estimate] = {}
    lines = [(line, f"{line:g}_nm") for line in exposure.lines_nm]
    if exposure.target_nm is not None:
        lines.append((exposure.target_nm, "target"))
    for line_nm, label in lines:
        absorptivity = quantities.get(f"absorptivity_{label}_l_mol_cm")
        found |= light_quantities(host, mass, absorptivity, line_nm, label)
    return found


def _dose(
    species: Species, quantities: dict[str, Estimate], exposure: Exposure, given: Estimate | None
) -> tuple[Estimate, str] | None:
    """Dose at the target line, and where its quantum yield is from when it is a class value."""
    absorptivity = quantities.get("absorptivity_target_l_mol_cm")
    if absorptivity is None or exposure.target_nm is None:
        return None
    if given is not None:
        known: QuantumYield | None = QuantumYield(given.value, 0.0, "list") if given.value > 0 else None
    else:
        known = class_yield(tuple(dict.fromkeys(site.motif.name for site in match(species))))
    spent = None if known is None else dose(absorptivity, known, exposure.target_nm)
    if spent is None or known is None:
        return None
    said = f"dose: quantum yield {known.value:.2g} is a {known.origin}" if known.origin != "list" else ""
    return spent, said
