"""What the tautomers of a molecule still need, with made-up results."""

from actinic.analysis.tautomers import FILM_LEVEL, LEVEL
from actinic.calculations import kinds
from actinic.calculations.energy import EnergyRequest, EnergyResult
from actinic.calculations.ensemble import Conformer, EnsembleRequest, EnsembleResult
from actinic.calculations.kinds import Request, Result
from actinic.calculations.outcome import Outcome, Provenance
from actinic.calculations.thermal import ThermalRequest, ThermalResult
from actinic.chemistry.geometry import Geometry
from actinic.chemistry.species import Species
from actinic.chemistry.tautomers import tautomers
from actinic.engines.embedding import embed
from actinic.engines.levels import check_energy
from actinic.level import Level
from actinic.screening.tautomers import Forms, FormsStanding, tautomer_standing
from actinic.screening.workflow import Workflow
from actinic.units import HARTREE_KCAL_MOL

FLOW = Workflow.load("photo-ligand")
NOW = Provenance({}, "here", "", 1.0, 1.0, 1.0)
THIOL = Species.from_smiles("Sc1nncs1", multiplicity=1)
FORMS = Forms("mtd", tautomers(THIOL).species)


def start(species: Species) -> Geometry:
    return embed(species, n_conformers=1, seed=1, rmsd_angstrom=0.1)[0]


class Computer:
    """Answers what it was told to compute; the thione lies 3 kcal/mol below in the gas phase, 6 in a film."""

    def __init__(self, falls_apart: Species | None = None) -> None:
        self.done: dict[str, Outcome] = {}
        self.asked: list[Request] = []
        self._falls_apart = falls_apart
        self._thiol = start(THIOL)

    def __call__(self, request: Request) -> Outcome | None:
        return self.done.get(kinds.key(request))

    def compute(self, request: Request) -> None:
        self.asked.append(request)
        self.done[kinds.key(request)] = Outcome(self._result(request), None, NOW)

    def _result(self, request: Request) -> Result:
        if isinstance(request, EnsembleRequest):
            one = Conformer(start(request.species), -1.0, 1, 1.0, -9.0, 1.0, 1.0)
            kept = () if request.species == self._falls_apart else (one,)
            return EnsembleResult(kept, 1, 0, 0, "C2H2N2S2", None)
        if isinstance(request, ThermalRequest):
            return ThermalResult(request.geometry, -1.0, 0.0, (900.0,), (1.0, 1.0, 1.0), 1, 30.0, 0)
        assert isinstance(request, EnergyRequest)
        below = 0 if request.geometry == self._thiol else 6 if request.level.solvent else 3
        return EnergyResult(-50.0 - below / HARTREE_KCAL_MOL, 0.0, 0.0, -9.0, 1.0, "diis")


def computed(forms: Forms, computer: Computer) -> FormsStanding:
    where = tautomer_standing(forms, FLOW, computer)
    while where.state == "waiting":
        for request in where.missing:
            computer.compute(request)
        where = tautomer_standing(forms, FLOW, computer)
    return where


def test_the_levels_exist() -> None:
    check_energy(Level.parse(LEVEL))
    check_energy(Level.parse(FILM_LEVEL))


def test_each_form_gets_conformers_vibrations_and_single_points_in_both_media() -> None:
    computer = Computer()
    where = computed(FORMS, computer)
    names = [kinds.kind_of(request).name for request in computer.asked]
    assert {name: names.count(name) for name in names} == {"ensemble": 2, "thermal": 2, "energy": 4}
    assert {str(r.level) for r in computer.asked if isinstance(r, EnergyRequest)} == {
        str(Level.parse(LEVEL)),
        str(Level.parse(FILM_LEVEL)),
    }
    drawn, other = where.gibbs_kcal_mol
    assert drawn is not None
    assert other is not None
    assert [round(o - d, 3) for d, o in zip(drawn, other, strict=True)] == [-3.0, -6.0]


def test_a_form_that_falls_apart_costs_only_itself() -> None:
    where = computed(FORMS, Computer(falls_apart=FORMS.species[1]))
    assert (where.state, where.gibbs_kcal_mol[1]) == ("done", None)
    assert "does not keep its bonds" in where.reasons[1]
    drawn_lost = computed(FORMS, Computer(falls_apart=THIOL))
    assert drawn_lost.state == "failed"
    assert "as drawn: Sc1nncs1 does not keep its bonds" in drawn_lost.reason


def test_an_anion_is_compared_in_the_solvent_of_ions_alone() -> None:
    anion = tautomers(Species.from_smiles("[S-]c1nc[nH]n1", multiplicity=1)).species
    computer = Computer()
    where = computed(Forms("triazole", anion), computer)
    assert {r.level.solvent for r in computer.asked if isinstance(r, EnergyRequest)} == {"acetonitrile"}
    assert all(one is not None and len(one) == 1 for one in where.gibbs_kcal_mol)


def test_a_workflow_without_reactions_can_be_used() -> None:
    flow = FLOW.model_copy(update={"reactions": None})
    assert tautomer_standing(FORMS, flow, Computer()).state == "waiting"
