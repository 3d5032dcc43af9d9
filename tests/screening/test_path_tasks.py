"""Every group of the motif table can be planned for, and what cannot be planned ends one candidate alone."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from actinic.calculations.kinds import Request
from actinic.calculations.outcome import Outcome
from actinic.chemistry.motif_table import TABLE, motif_table, parsed_table
from actinic.chemistry.species import Species
from actinic.cli import app
from actinic.errors import EngineError
from actinic.screening import tiers
from actinic.screening.forecast import NOWHERE, forecast, stand_in
from actinic.screening.path_tasks import path_tasks
from actinic.screening.plan import progress
from actinic.screening.workflow import Workflow
from support.driving import candidate

FLOW = Workflow.load("heat-ligand")
EXAMPLES = [(motif.name, example) for motif in motif_table() for example in motif.examples]
TETRAZOLE = "Cn1nnc(C)n1"


def unknown(_: Request) -> Outcome | None:
    return None


@pytest.mark.parametrize("reach", [None, 2])
def test_searches_for_every_example_of_the_motif_table_are_planned(reach: int | None) -> None:
    assert FLOW.paths is not None
    section = FLOW.paths.model_copy(update={"trim_reach": reach})
    routes = set()
    for name, smiles in EXAMPLES:
        species = Species.from_smiles(smiles, multiplicity=1)
        for task in path_tasks(species, section):
            n_atoms = task.model.molecule().GetNumAtoms()
            assert task.places, (name, smiles)
            for place in task.places:
                assert max(max(pair) for pair in (*place.broken, *place.formed)) < n_atoms, (name, smiles)
            routes.add(task.route)
    assert routes == {"retro-ene", "decarboxylation", "electrocyclic", "n2-loss"}


def test_a_template_laid_over_a_ring_the_wrong_way_round_is_left_out() -> None:
    """2,5-dimethyl-2H-tetrazole: counted from the other end, the N with the methyl would have four bonds."""
    assert FLOW.paths is not None
    (task,) = path_tasks(Species.from_smiles(TETRAZOLE, multiplicity=1), FLOW.paths)
    assert len(task.places) == 1
    assert len(task.places[0].broken) == 2


@pytest.mark.parametrize(
    "smiles",
    [
        "Cn1nnnc1N",  # imidoylnitrene by way of the azide
        "c1ccccc1-c1nnns1",  # nitrile and sulfur by way of the azide
        "CC(=O)C=[N+]=[N-]",  # Wolff
        "O=C1C(=[N+]=[N-])C=Cc2ccccc12",  # Wolff
        "CC1(CCCO)N=N1",  # both C-N bonds break, scans failed
        "c1ccccc1C1(N=N1)C(F)(F)F",
    ],
)
def test_sums_of_steps_carbenes_beside_wolff_and_diazirines_are_not_searched(smiles: str) -> None:
    assert FLOW.paths is not None
    assert path_tasks(Species.from_smiles(smiles, multiplicity=1), FLOW.paths) == ()


def test_a_route_for_a_sum_of_steps_is_refused() -> None:
    text = TABLE.read_text(encoding="utf-8")
    with_route = text.replace("elementary = false\n", 'elementary = false\npath = "n2-loss"\n', 1)
    with pytest.raises(EngineError, match="a sum of steps has no barrier"):
        parsed_table(with_route)


def test_a_candidate_that_cannot_be_planned_for_fails_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    def unsound(species: Species, *_: object) -> tuple[()]:
        if species.smiles == Species.from_smiles(TETRAZOLE, multiplicity=1).smiles:
            raise EngineError("makes no sound molecule")
        return ()

    monkeypatch.setattr(tiers, "path_tasks", unsound)
    flow = FLOW.model_copy(update={"spectrum": None, "reactions": None, "gates": (), "criteria": ()})
    found = forecast([candidate("bad", TETRAZOLE), candidate("good", "CC(=O)OC(C)(C)C")], flow, unknown)
    assert found.states == {"waiting": 2}

    def answered(request: Request) -> Outcome:
        return Outcome(stand_in(request), None, NOWHERE)

    bad = progress(candidate("bad", TETRAZOLE), flow, answered)
    assert (bad.state, bad.reason) == ("failed", "planning: EngineError: makes no sound molecule")
    assert bad.known.ensemble is not None
    assert progress(candidate("good", "CC(=O)OC(C)(C)C"), flow, answered).state == "done"


@pytest.mark.parametrize("command", [["estimate"], ["screen", "--dry-run"]])
def test_a_list_with_a_tetrazole_is_estimated(command: list[str], tmp_path: Path) -> None:
    listed = tmp_path / "list.csv"
    listed.write_text(f"id,smiles\ntetrazole,{TETRAZOLE}\n", encoding="utf-8")
    ran = CliRunner().invoke(
        app, [*command, str(listed), "--workflow", "heat-ligand", "--store", str(tmp_path / "none.sqlite")]
    )
    assert ran.exit_code == 0, ran.output
    assert "path_scan" in ran.output
