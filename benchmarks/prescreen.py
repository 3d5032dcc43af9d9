"""What the pre-screen of long lists loses against computing everything: `python benchmarks/prescreen.py`.

320 molecules of 6 to 12 heavy atoms, made from those of `ligands/` by exchanging one group of a ring
(`benchmarks/prescreen.csv`; `--make` writes it anew), are computed with `photo-ligand` without sampling
and reactions, four starting geometries, one conformer: some 4 core-seconds each. What is computed lies in
the store of `--folder`; the command may be stopped and given again, and `--limit 0` computes nothing.

Then the pre-screen judges those that are there. One JSON line per `min_probability` says what the gaps
would have spared and lost, `kept` of the best tenth and fifth of the full ranking (equal scores included)
and of all that score above `--score`: among all molecules; among those with a motif that light drives;
and among those of these whose motifs have no weak bands, for with `[sampling]` the gaps judge no others.
`motif` is what asking for such a motif would set aside: a wish of its own, for the score does not ask.
"""

import argparse
import hashlib
import itertools
import math
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks.measurement import Record, machine, report
from rdkit import Chem, rdBase

from actinic import Workflow, screen
from actinic.analysis.ranking import score
from actinic.calculations.kinds import Request
from actinic.calculations.outcome import Outcome
from actinic.chemistry.admission import admitted
from actinic.chemistry.candidates import Candidate, read_candidates
from actinic.chemistry.motifs import match
from actinic.errors import InputError
from actinic.screening.cluster import LAPTOP
from actinic.screening.plan import progress
from actinic.screening.store import Store
from actinic.screening.weak_bands import FAMILIES

TOP = Path(__file__).parents[1]
RESULTS = TOP / "results" / "prescreen"
LIST = Path(__file__).with_name("prescreen.csv")
PARENTS = ("quickstart", "stimuli-responsive-ligands", "photoacid-photobase-generators", "cross-linkers")
LARGEST_PARENT, SMALLEST, LARGEST = 16, 6, 12
N_MADE = 320
PROBABILITIES = (0.001, 0.01, 0.02, 0.05, 0.1)
ELEMENTS = {"H", "C", "N", "O", "F", "S", "Cl"}
SUBSTITUENTS = (
    "[H]", "C", "F", "Cl", "O", "S", "N", "OC", "SC", "NC", "N(C)C", "C#N", "C=O", "C(=O)C", "C(=O)O",
    "C(=O)N", "[N+](=O)[O-]", "C=C", "C#C", "C(F)(F)F", "N=[N+]=[N-]", "CO", "CS", "CN", "CCl", "N=O", "CC#N",
)  # fmt: skip
"""What is put where a ring has a hydrogen or another group, its first atom next to the ring."""

_HYDROGEN = Chem.MolFromSmarts("[c;H1:1]")
_BRANCH = Chem.MolFromSmarts("[R:1]-&!@[!R:2]")


def made() -> list[str]:
    """Molecules of the library with one group of a ring exchanged, in an order without pattern."""
    parents = {row.species.smiles for row in _library() if not row.species.has_bare_charges}
    found = {smiles for parent in sorted(parents) for smiles in _variants(parent)} | parents
    fitting = (smiles for smiles in found if fits(smiles))
    return sorted(fitting, key=lambda smiles: hashlib.sha256(smiles.encode()).digest())[:N_MADE]


def _library() -> Iterator[Candidate]:
    for name in PARENTS:
        for row in read_candidates(TOP / "ligands" / f"{name}.csv"):
            if isinstance(row, Candidate) and _heavy(row.species.smiles) <= LARGEST_PARENT:
                yield row


def _variants(parent: str) -> Iterator[str]:
    """One hydrogen or one branch of a ring replaced."""
    molecule = Chem.MolFromSmiles(parent)
    cuts = [(atom, None) for (atom,) in molecule.GetSubstructMatches(_HYDROGEN)]
    cuts += molecule.GetSubstructMatches(_BRANCH)
    for ring_atom, branch_atom in cuts:
        core = _without(molecule, ring_atom, branch_atom)
        for group in SUBSTITUENTS if core else ():
            yield _joined(core, group)


def _without(molecule: Chem.Mol, ring_atom: int, branch_atom: int | None) -> str:
    """The core as SMILES with a dummy where the branch was."""
    if branch_atom is None:
        edited = Chem.RWMol(molecule)
        dummy = edited.AddAtom(Chem.Atom(0))
        edited.AddBond(ring_atom, dummy, Chem.BondType.SINGLE)
        return str(Chem.MolToSmiles(edited))
    bond = molecule.GetBondBetweenAtoms(ring_atom, branch_atom).GetIdx()
    pieces = Chem.GetMolFrags(
        Chem.FragmentOnBonds(molecule, [bond], dummyLabels=[(0, 0)]), asMols=True, sanitizeFrags=False
    )
    cores = [piece for piece in pieces if _has_ring(piece)]
    return str(Chem.MolToSmiles(cores[0])) if len(cores) == 1 else ""


def _has_ring(piece: Chem.Mol) -> bool:
    Chem.FastFindRings(piece)
    return bool(piece.GetRingInfo().NumRings())


def _joined(core: str, group: str) -> str:
    """Core and group as canonical SMILES; empty where that is no molecule."""
    with rdBase.BlockLogs():
        whole = Chem.ReplaceSubstructs(
            Chem.MolFromSmiles(core), Chem.MolFromSmarts("[#0]"), Chem.MolFromSmiles(group, sanitize=False)
        )[0]
        text = Chem.MolToSmiles(whole)
        read = Chem.MolFromSmiles(text)
        return "" if read is None else str(Chem.MolToSmiles(Chem.RemoveHs(read)))


def fits(smiles: str) -> bool:
    """Whether a molecule can be computed, is small, and is of the elements of the list."""
    try:
        species = admitted(smiles).species
    except InputError:
        return False
    organic = species.formula.keys() <= ELEMENTS and not species.has_bare_charges
    return organic and SMALLEST <= _heavy(species.smiles) <= LARGEST


def _heavy(smiles: str) -> int:
    return int(Chem.MolFromSmiles(smiles).GetNumHeavyAtoms())


@dataclass(frozen=True, slots=True)
class Computed:
    """A molecule with its score by full computation and what that cost in core-seconds, by kind."""

    candidate: Candidate
    score: float
    cost_s: dict[str, float]

    @property
    def answers_to_light(self) -> bool:
        """Whether it has a motif that light drives."""
        return any("light" in site.motif.stimuli for site in match(self.candidate.species))

    @property
    def has_weak_bands(self) -> bool:
        """Whether sampling would look for bands that no gap tells."""
        return any(site.motif.family in FAMILIES for site in match(self.candidate.species))


def full_workflow() -> Workflow:
    """What the molecules are computed with."""
    flow = Workflow.load("photo-ligand")
    assert flow.spectrum is not None
    return flow.model_copy(
        update={
            "sampling": None,
            "reactions": None,
            "ensemble": flow.ensemble.model_copy(update={"embedded": 4, "keep": 1}),
            "spectrum": flow.spectrum.model_copy(update={"conformers": 1}),
        }
    )


def with_section(flow: Workflow, **section: Any) -> Workflow:
    """The workflow with a pre-screen."""
    return Workflow.model_validate(flow.model_dump() | {"prescreen": section})


def computed(store: Store, flow: Workflow) -> list[Computed]:
    """The molecules of the list whose computation has ended."""
    found = []
    for row in read_candidates(LIST):
        cost_s: dict[str, float] = {}

        def noting(request: Request, cost_s: dict[str, float] = cost_s) -> Outcome | None:
            outcome = store.lookup(request)
            if outcome is not None:
                cost_s[type(request).__name__.removesuffix("Request").lower()] = outcome.provenance.cpu_s
            return outcome

        if isinstance(row, Candidate):
            where = progress(row, flow, noting)
            judged = score(flow.criterion_objects(), where.assessment.quantities, row.role)
            if where.state == "done" and judged is not None:
                found.append(Computed(row, judged.value, cost_s))
    return found


def judged(found: Sequence[Computed], flow: Workflow, store: Store, above: float) -> Record:
    """What this workflow sets aside, and what of the best goes with it."""
    ends = [progress(one.candidate, flow, store.lookup) for one in found]
    kept = [where.state == "done" for where in ends]
    by_drawing = [where.state != "done" and where.known.ensemble is None for where in ends]
    total_s = sum(sum(one.cost_s.values()) for one in found)
    spent_s = sum(
        0.0 if drawn else sum(one.cost_s.values()) if stays else one.cost_s["ensemble"]
        for one, stays, drawn in zip(found, kept, by_drawing, strict=True)
    )
    scores = sorted((one.score for one in found), reverse=True)
    bars = {
        f"top_{percent}_percent": scores[math.ceil(len(scores) * percent / 100) - 1] for percent in (10, 20)
    }
    bars[f"above_{above:g}"] = above
    recall = {}
    for name, bar in bars.items():
        best = [stays for one, stays in zip(found, kept, strict=True) if one.score >= bar]
        recall[name] = {"molecules": len(best), "kept": sum(best)}
    return {
        "molecules": len(found),
        "set_aside_by_drawing": sum(by_drawing),
        "set_aside_by_gap": len(found) - sum(kept) - sum(by_drawing),
        "core_s_of_all": round(total_s, 1),
        "core_s_with_prescreen": round(spent_s, 1),
        "recall": recall,
    }


def main() -> None:
    """Compute what is missing, then judge."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument(
        "--folder", type=Path, default=TOP / "results" / "prescreen", help="of store and run"
    )
    options.add_argument("--limit", type=int, default=N_MADE, help="compute so many of the list at most")
    options.add_argument("--workers", type=int)
    options.add_argument("--score", type=float, default=0.3, help="default: %(default)s")
    options.add_argument("--make", action="store_true", help="write the list anew and stop")
    given = options.parse_args()
    if given.make:
        rows = "".join(f"m{number:03},{smiles}\n" for number, smiles in enumerate(made(), 1))
        LIST.write_text(f"id,smiles\n{rows}", encoding="utf-8")
        return
    flow, path = full_workflow(), given.folder / "store.sqlite"
    if given.limit:
        wanted = itertools.islice(read_candidates(LIST), given.limit)
        screen(
            wanted, flow, out=given.folder / "run", store=path, cluster=LAPTOP.changed(given.workers, None)
        )
    with Store(path, read_only=True) as store:
        found = computed(store, flow)
        by_light = [one for one in found if one.answers_to_light]
        groups = {
            "all": found,
            "with_motif": by_light,
            "with_motif_without_weak_bands": [one for one in by_light if not one.has_weak_bands],
        }
        motif = judged(found, with_section(flow, stimuli=["light"], heavy_atoms=[5, 60]), store, given.score)
        report({"motif": motif, "machine": machine()})
        for least in PROBABILITIES:
            screened = with_section(flow, min_probability=least)
            record = {name: judged(group, screened, store, given.score) for name, group in groups.items()}
            report({"min_probability": least, **record})


if __name__ == "__main__":
    main()
