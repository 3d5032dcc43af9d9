"""A child that has computed other things gives the same results as one that has not."""

from collections.abc import Sequence

import msgspec

from actinic.calculations import kinds
from actinic.calculations.energy import EnergyRequest
from actinic.calculations.ensemble import EnsembleRequest
from actinic.calculations.kinds import Request
from actinic.calculations.outcome import Outcome
from actinic.calculations.spectrum import SpectrumRequest
from actinic.calculations.thermal import ThermalRequest
from actinic.chemistry.geometry import Geometry
from actinic.chemistry.species import Species
from actinic.engines.dft import ScfSettings
from actinic.engines.response import ResponseSettings
from actinic.level import Level
from actinic.screening.worker import Child, Limits

LIMITS = Limits(wall_s=300.0, memory_mb=4000.0, threads=1)
XTB, DFT, GAS = Level.parse("gfn2-xtb"), Level.parse("b3lyp/def2-svp"), ScfSettings()
WATER = Geometry(("O", "H", "H"), (0, 0, 0, 96000, 0, 0, -24000, 93000, 0))
HYDROXYL = Geometry(("O", "H"), (0, 0, 0, 97000, 0, 0))


def ensemble(smiles: str, n_embedded: int = 3, max_steps: int = 200) -> EnsembleRequest:
    species = Species.from_smiles(smiles, multiplicity=1)
    return EnsembleRequest(species, XTB, "tblite", n_embedded, 6.0, 0.3, 3, 0.02, max_steps, 298.15)


ASKED: tuple[Request, ...] = (
    ensemble("OCCN"),
    ThermalRequest(WATER, 0, 1, XTB, "tblite", 0.01, 200),
    EnergyRequest(WATER, 0, 1, False, DFT, GAS, "pyscf"),
    EnergyRequest(HYDROXYL, 0, 2, False, DFT, GAS, "pyscf"),
    SpectrumRequest(WATER, 0, 1, DFT, GAS, ResponseSettings(cover_ev=8.0), "pyscf"),
)
OTHERS: tuple[Request, ...] = (
    ensemble("[S-]CCO"),
    ensemble("CCO", max_steps=1),  # does not settle
    EnergyRequest(HYDROXYL, -1, 1, False, Level.parse("pbe0/def2-svpd@cpcm(water)"), GAS, "pyscf"),
    EnergyRequest(WATER, 0, 1, False, Level.parse("b3lypp/def2-svp"), GAS, "pyscf"),  # no such functional
)


def answers(requests: Sequence[Request]) -> dict[str, Outcome]:
    """Of one child, asked for these in this order."""
    child = Child(1)
    try:
        return {
            kinds.key(request): msgspec.json.decode(child.call(kinds.encode(request), LIMITS), type=Outcome)
            for request in requests
        }
    finally:
        child.close()


def test_results_do_not_depend_on_what_the_child_computed_before() -> None:
    fresh = answers(ASKED)
    warm = answers([*OTHERS, *reversed(ASKED)])
    failures = [warm[kinds.key(request)].failure for request in OTHERS]
    assert [one.error_class if one else "" for one in failures] == ["", "ConvergenceError", "", "InputError"]
    for request in ASKED:
        before, after = fresh[kinds.key(request)].result, warm[kinds.key(request)].result
        assert before is not None
        assert after is not None
        assert kinds.encode(after) == kinds.encode(before)
