"""A run of made-up results, which `benchmarks/report.py` reads.

Molecules are real, motifs times substituents; geometries are RDKit's, every number is drawn at random in
plausible ranges, seeded by the key of the calculation. Good for sizes and times, for nothing else.
"""

import random
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from rdkit import Chem
from rdkit.Chem import AllChem

from actinic.calculations import kinds
from actinic.calculations.energy import EnergyRequest, EnergyResult
from actinic.calculations.ensemble import Conformer, EnsembleRequest, EnsembleResult
from actinic.calculations.kinds import Request, Result
from actinic.calculations.outcome import Outcome, Provenance
from actinic.calculations.relaxation import RelaxationRequest, RelaxationResult
from actinic.calculations.reorganisation import ReorganisationRequest, ReorganisationResult
from actinic.calculations.sampling import SamplingRequest, SamplingResult
from actinic.calculations.spectrum import SpectrumRequest, SpectrumResult, Transition
from actinic.calculations.thermal import ThermalRequest, ThermalResult
from actinic.chemistry.candidates import Candidate, read_candidates
from actinic.chemistry.geometry import Geometry
from actinic.chemistry.species import Species
from actinic.screening.folder import RunFolder
from actinic.screening.plan import progress
from actinic.screening.store import Arrived, Store
from actinic.screening.workflow import Workflow

SCAFFOLDS = (
    "[N-]=[N+]=Nc1c{}cc{}cc1",
    "CC(=O)OCc1c{}cc{}cc1[N+](=O)[O-]",
    "c1c{}cc{}cc1C1(N=N1)C(F)(F)F",
    "CC(C)(C)OC(=O)Nc1c{}cc{}cc1",
    "O=C(c1ccccc1)c1c{}cc{}cc1",
    "C=Cc1c{}cc{}cc1",
    "CC(=NOS(C)(=O)=O)c1c{}cc{}cc1",
)
SUBSTITUENTS = (
    "", "(C)", "(F)", "(Cl)", "(OC)", "(C#N)", "(N(C)C)", "(C(F)(F)F)", "(C(=O)OC)", "(CC)", "(OCC)",
    "(C(C)C)", "(SC)", "(CO)", "(CCC)", "(c2ccccc2)", "(CCO)", "(CC#N)", "(COC)",
)  # fmt: skip
PROVENANCE = Provenance({"made-up": "1"}, "nowhere", "2026-01-01T00:00:00+00:00", 1.0, 1.0, 100.0)


def smiles(number: int) -> list[str]:
    """So many different molecules."""
    found: dict[str, None] = {}
    for first in SUBSTITUENTS:
        for second in SUBSTITUENTS:
            for scaffold in SCAFFOLDS:
                species = Species.from_smiles(scaffold.format(first, second), multiplicity=1)
                found[species.smiles] = None
                if len(found) == number:
                    return list(found)
    raise ValueError(f"{number} molecules: there are {len(found)}")


def make_run(folder: Path, number: int, workflow: Workflow) -> Path:
    """A folder of a finished run of `number` candidates and its store; returns the run's folder."""
    listed, store = folder / "list.csv", folder / "store.sqlite"
    rows = "\n".join(f"m{i:04},{one}" for i, one in enumerate(smiles(number), 1))
    listed.write_text(f"id,smiles\n{rows}\n", encoding="utf-8")
    run = RunFolder(folder / "run")
    run.write_candidates(read_candidates(listed))
    run.write_workflow(workflow)
    with Store(store) as opened:
        for candidate in run.usable_candidates():
            _answer_all(candidate, workflow, opened)
    run.write_record(
        {
            "state": "finished", "store": str(store), "pid": 1, "host": "nowhere", "in_flight": [],
            "calculations": {"computed": 0, "reused": 0, "failed": 0}, "versions": {"made-up": "1"},
            "started": datetime(2026, 1, 1, tzinfo=UTC).isoformat(timespec="seconds"),
        }
    )  # fmt: skip
    return run.path


def _answer_all(candidate: Candidate, workflow: Workflow, store: Store) -> None:
    while True:
        missing = progress(candidate, workflow, store.lookup).missing
        if not missing:
            return
        store.add_all(Arrived(one, Outcome(answer(one), None, PROVENANCE)) for one in missing)


def answer(request: Request) -> Result:  # noqa: PLR0911 - one return a kind
    """A made-up result of the right form."""
    draw = random.Random(kinds.seed(kinds.key(request)))
    match request:
        case EnsembleRequest():
            geometry = _geometry(request.species)
            energy = -3.0 * geometry.n_heavy_atoms - 0.5 * len(geometry.symbols)
            level = draw.gauss(-10.0, 0.3)
            return EnsembleResult(
                (Conformer(geometry, energy, 1, 1.0, level, -7.0, 3.0),), 1, 0, 0, None, None
            )
        case ThermalRequest():
            n_modes = max(3 * len(request.geometry.symbols) - 6, 0)
            return ThermalResult(
                request.geometry, -1.0, 0.0, tuple(200.0 + 40.0 * i for i in range(n_modes)), (1.0, 1.0, 1.0),
                1, 100.0, 0,
            )  # fmt: skip
        case EnergyRequest():
            atoms = sum(_atom_hartree(symbol) for symbol in request.geometry.symbols)
            return EnergyResult(atoms + draw.uniform(-0.02, 0.06), 0.0, 0.0, -9.0, 1.0, "diis")
        case RelaxationRequest():
            return RelaxationResult(request.geometry, -1.0, 0.0, 0.75, 1)
        case ReorganisationRequest():
            legs = draw.uniform(0.03, 0.3), draw.uniform(0.03, 0.3)
            return ReorganisationResult(request.geometry, request.geometry, *legs)
        case SpectrumRequest():
            found = tuple(_transitions(draw, request.geometry.n_heavy_atoms))
            return SpectrumResult(-500.0, -6.0, -1.0, 3.0, found, 6.5, False, "diis")
        case SamplingRequest():
            weak = tuple(
                (Transition(draw.gauss(3.9, 0.1), 10 ** draw.uniform(-4, -2)),)
                for _ in range(request.n_geometries)
            )
            return SamplingResult((Transition(3.9, 1e-4),), 4.6, weak, 6.5, 2, 0, 0)
    raise TypeError(request)


def _transitions(draw: random.Random, n_heavy: int) -> Iterator[Transition]:
    energy = draw.uniform(3.4, 4.4)
    while energy < 6.5:
        hole, electron = ([draw.random() for _ in range(n_heavy)] for _ in range(2))
        holes, electrons = (tuple(round(1000 * one / sum(all_)) for one in all_) for all_ in (hole, electron))
        yield Transition(round(energy, 6), round(10 ** draw.uniform(-4, -0.3), 7), holes, electrons)
        energy += draw.expovariate(6.0)


def _atom_hartree(symbol: str) -> float:
    number = int(Chem.GetPeriodicTable().GetAtomicNumber(symbol))
    return float(-0.6 * number**2.3)


def _geometry(species: Species) -> Geometry:
    molecule = species.molecule()
    if AllChem.EmbedMolecule(molecule, randomSeed=7) != 0:  # type: ignore[attr-defined]
        AllChem.EmbedMolecule(molecule, randomSeed=7, useRandomCoords=True)  # type: ignore[attr-defined]
    return Geometry.from_angstrom(
        tuple(atom.GetSymbol() for atom in molecule.GetAtoms()), molecule.GetConformer().GetPositions()
    )
