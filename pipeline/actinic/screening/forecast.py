"""What a screening would run, without running it: the plan is asked with stand-ins for what is not known.

What every candidate misses next is exact. What follows depends on results: a stand-in keeps its bonds, has as
many conformers as are kept if anything can turn, a weak lowest state and passes every gate, so that the later
tiers are counted rather too high than too low.
"""

from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from functools import lru_cache

from rdkit.Chem import rdMolDescriptors

from actinic.calculations import kinds
from actinic.calculations.energy import EnergyRequest, EnergyResult
from actinic.calculations.ensemble import Conformer, EnsembleRequest, EnsembleResult
from actinic.calculations.frontier import FrontierRequest, FrontierResult
from actinic.calculations.kinds import Request, Result
from actinic.calculations.outcome import Failure, Outcome, Provenance
from actinic.calculations.path_energy import PathEnergyRequest
from actinic.calculations.path_saddle import PathSaddleRequest
from actinic.calculations.path_scan import PathScanRequest
from actinic.calculations.relaxation import RelaxationRequest, RelaxationResult
from actinic.calculations.reorganisation import ReorganisationRequest, ReorganisationResult
from actinic.calculations.sampling import SamplingRequest, SamplingResult
from actinic.calculations.spectrum import SpectrumRequest, SpectrumResult, Transition
from actinic.calculations.thermal import ThermalRequest, ThermalResult
from actinic.chemistry.candidates import Candidate
from actinic.chemistry.geometry import Geometry
from actinic.chemistry.species import Species
from actinic.engines.embedding import embed, embed_loosely
from actinic.errors import ConvergenceError
from actinic.screening.lookup import Lookup
from actinic.screening.path_stand_ins import stage_stand_in
from actinic.screening.plan import progress
from actinic.screening.workflow import Workflow

NOWHERE = Provenance({}, "", "", 0.0, 0.0, 0.0)
WEAK_AND_BRIGHT = (Transition(4.3, 1e-4), Transition(5.5, 0.3))


@dataclass(slots=True)
class Forecast:
    """What a list needs.

    Attributes:
        states: Candidates by where they stand now.
        now: What can start at once, by key; exact.
        later: What may follow, by key; estimated.
        known: Processor time (s) of the results that are there already, by kind and key.
    """

    states: dict[str, int] = field(default_factory=dict)
    now: dict[str, Request] = field(default_factory=dict)
    later: dict[str, Request] = field(default_factory=dict)
    known: dict[str, dict[str, float]] = field(default_factory=dict)

    def requests(self) -> Iterable[Request]:
        """All that would be computed."""
        yield from self.now.values()
        yield from (request for key, request in self.later.items() if key not in self.now)


def forecast(candidates: Iterable[Candidate], workflow: Workflow, lookup: Lookup) -> Forecast:
    """Ask the plan what these candidates need; nothing is computed or written."""
    found = Forecast()
    ungated = workflow.model_copy(update={"gates": ()})
    known = _noting_known(lookup, found)
    for candidate in candidates:
        where = progress(candidate, workflow, known)
        found.states[where.state] = found.states.get(where.state, 0) + 1
        if where.state == "waiting":
            found.now |= {kinds.key(request): request for request in where.missing}
            progress(candidate, ungated, _standing_in(known, found))
    return found


def stand_in(request: Request) -> Result:  # noqa: PLR0911 - one return a kind
    """A result of the right shape; raises ConvergenceError where no geometry can be built."""
    match request:
        case EnsembleRequest():
            geometries = _geometries(request.species, request.max_conformers)
            made = tuple(
                Conformer(geometry, 0.0, 1, 1 / len(geometries), -9.0, 1.0, 1.0) for geometry in geometries
            )
            return EnsembleResult(made, request.n_embedded, 0, 0, None, None)
        case SpectrumRequest():
            return SpectrumResult(0.0, -6.0, -1.0, 2.0, WEAK_AND_BRIGHT, request.response.cover_ev, False, "")
        case ThermalRequest():
            return ThermalResult(request.geometry, 0.0, 0.0, (900.0,), (1.0, 1.0, 1.0), 1, 30.0, 0)
        case RelaxationRequest():
            return RelaxationResult(request.geometry, 0.0, 0.0, 0.0, 1)
        case ReorganisationRequest():
            return ReorganisationResult(request.geometry, request.geometry, 0.1, 0.1)
        case FrontierRequest():
            return FrontierResult(-9.0, 1.0, 8.0, -1.0)
        case EnergyRequest():
            spin = (request.multiplicity - 1) / 2
            return EnergyResult(0.0, 0.0, spin * (spin + 1), -9.0, 1.0, "")
        case SamplingRequest():
            weak = (WEAK_AND_BRIGHT[:1],) * request.n_geometries
            return SamplingResult(WEAK_AND_BRIGHT[:1], 5.5, weak, 5.5, 0, 0, 0)
        case PathScanRequest() | PathSaddleRequest() | PathEnergyRequest():
            return stage_stand_in(request)


def _noting_known(lookup: Lookup, found: Forecast) -> Lookup:
    def noting(request: Request) -> Outcome | None:
        outcome = lookup(request)
        if outcome is not None and outcome.result is not None:
            of_kind = found.known.setdefault(kinds.kind_of(request).name, {})
            of_kind[kinds.key(request)] = outcome.provenance.cpu_s
        return outcome

    return noting


def _standing_in(known: Lookup, found: Forecast) -> Callable[[Request], Outcome]:
    """Answers everything, and notes what was not known."""

    def answering(request: Request) -> Outcome:
        outcome = known(request)
        if outcome is not None:
            return outcome
        found.later[kinds.key(request)] = request
        try:
            return Outcome(stand_in(request), None, NOWHERE)
        except ConvergenceError as error:
            return Outcome(None, Failure("ConvergenceError", error.message, ""), NOWHERE)

    return answering


def _geometries(species: Species, at_most: int) -> tuple[Geometry, ...]:
    """One built geometry, moved aside as often as there may be conformers."""
    built = _built(species)
    if built is None:
        raise ConvergenceError(f"{species.smiles}: no geometry could be embedded")
    turns = rdMolDescriptors.CalcNumRotatableBonds(species.molecule())
    return tuple(
        Geometry(built.symbols, tuple(at + 100_000 * n for at in built.grid_points))
        for n in range(at_most if turns else 1)
    )


@lru_cache(maxsize=1000)
def _built(species: Species) -> Geometry | None:
    """A geometry; None, remembered like one, where none can be built."""
    for build in (embed, embed_loosely):
        with suppress(ConvergenceError):
            return build(species, n_conformers=1, seed=1, rmsd_angstrom=0.1)[0]
    return None
