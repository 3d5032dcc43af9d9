"""Pages of made-up candidates, and what an HTML parser sees of them."""

from collections import Counter
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from actinic.analysis.absorption import Sticks
from actinic.analysis.assessment import Assessment
from actinic.analysis.best import Smallest
from actinic.analysis.calibrated_spectrum import CalibratedSpectrum, calibrated
from actinic.analysis.calibration import absorption_calibration
from actinic.analysis.estimate import Estimate
from actinic.analysis.exposure import band_quantities, line_quantities
from actinic.analysis.known import Known
from actinic.analysis.reaction_energies import Computed, KnownReaction
from actinic.analysis.reaction_report import ExcitedStates
from actinic.calculations.energy import EnergyResult
from actinic.calculations.thermal import ThermalResult
from actinic.chemistry.candidates import Candidate, UnusableRow
from actinic.chemistry.geometry import Geometry
from actinic.chemistry.motifs import match
from actinic.chemistry.reactions import Reaction, reactions
from actinic.chemistry.species import Species
from actinic.level import Level
from actinic.reporting.page import SHOWN_LEFT_OUT, Overview, write_page
from actinic.reporting.page_run import LeftOut, by_status, left_out
from actinic.reporting.pairs import NamedPairs
from actinic.reporting.table import Entry, ranked_table
from actinic.screening.tiers import Progress
from actinic.screening.workflow import Workflow

FLOW = Workflow.load("photo-ligand")
LEVEL = Level.parse("cam-b3lyp/def2-svp@cpcm(acetonitrile)")
RECORD: dict[str, Any] = {"started": "2026-05-04T03:02:01+00:00", "versions": {"rdkit": "1.2.3"}}
VOID = {"meta", "input", "br", "link", "img"}


class Seen(HTMLParser):
    """Elements, attributes, identifiers and text of a page; fails where tags do not nest."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str]] = []
        self.text: list[str] = []
        self.scripts: list[str] = []
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_startendtag(tag, attrs)
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(name, value or "") for name, value in attrs]

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        (self.scripts if self.open[-1:] == ["script"] else self.text).append(data)

    def values(self, attribute: str) -> list[str]:
        return [value for name, value in self.attributes if name == attribute]


def spectrum(*sticks: tuple[float, float], covered_ev: float = 7.3) -> CalibratedSpectrum:
    line = absorption_calibration(LEVEL)
    assert line is not None
    raw = Sticks(tuple(e for e, _ in sticks), tuple(f for _, f in sticks), covered_ev)
    return calibrated(raw, line, is_ion=False)


def computed(species: Species, hartree: float) -> Computed:
    symbols = tuple(atom.GetSymbol() for atom in species.molecule().GetAtoms())
    thermal = ThermalResult(
        geometry=Geometry(symbols, (0,) * 3 * len(symbols)), energy_hartree=-1.0, force_ev_angstrom=0.0,
        frequencies_cm=(1000.0,), rotational_constants_cm=(1.0, 1.0, 1.0), symmetry_number=1,
        mass_dalton=30.0, n_descents=0,
    )  # fmt: skip
    return Computed(species, thermal, (EnergyResult(hartree, 0.0, 0.0, -9.0, 1.0, "diis"),))


def with_energy(reaction: Reaction) -> KnownReaction:
    after = tuple(computed(p.species, -4.97) for p in reaction.products)
    return KnownReaction(reaction, (LEVEL,), (computed(reaction.reactants[0], -10.0),), after)


def entry(id_: str, smiles: str, absorbs: CalibratedSpectrum | None, **row: Any) -> Entry:
    species = Species.from_smiles(smiles, multiplicity=1)
    given: dict[str, Any] = {
        "id": id_, "name": "", "smiles_given": smiles, "species": species, "counter_ion": "",
        "role": "ligand", "target_nm": None, "extra": (), "row": 2, "notes": (),
    }  # fmt: skip
    candidate = Candidate(**(given | row))
    quantities: dict[str, Estimate] = {}
    if absorbs is not None:
        quantities = band_quantities(absorbs) | line_quantities(
            absorbs, FLOW.exposure_for(row.get("target_nm"))
        )
    found = [r for site in match(species) for r in reactions(species, site) if len(r.reactants) == 1]
    known = tuple(with_energy(r) for r in found)
    standing = Known(species, None, (), Level.parse("gfn2-xtb"), LEVEL, known)
    excited = ExcitedStates(Estimate.normal(80.0, 4.0), None)
    main = known[0] if known else None
    assessment = Assessment(quantities, absorbs, ("mind this",), main, excited)
    return Entry(candidate, Progress("done", (), "", standing, assessment))


def ended(name: str, state: Any, reason: str) -> Entry:
    one = entry(name, "CCO", None)
    assert one.where is not None
    return Entry(one.row, replace(one.where, state=state, reason=reason))


def broken(name: str, reason: str) -> Entry:
    row = UnusableRow(
        id=name, name="", smiles_given="C(", role="", target_nm=None, extra=(), row=9, reason=reason
    )
    return Entry(row, None)


def azide(id_: str = "azide", **row: Any) -> Entry:
    return entry(id_, "[N-]=[N+]=Nc1ccccc1", spectrum((3.6, 0.02), (5.0, 0.4)), **row)


def page(tmp_path: Path, *entries: Entry, shown: int = 200, flow: Workflow = FLOW) -> str:
    target = tmp_path / "report.html"
    write_page(overview(entries, flow, shown), flow, RECORD, target)
    return target.read_text(encoding="utf-8")


def overview(entries: tuple[Entry, ...], flow: Workflow, shown: int) -> Overview:
    """As `written.write_run` gathers it from the rows of a run."""
    table, known = ranked_table(entries, flow), {one.row.id: one for one in entries}
    best = table[table["status"] == "done"].head(shown)
    pairs = NamedPairs(flow)
    rest: Smallest[LeftOut] = Smallest(SHOWN_LEFT_OUT, key=by_status)
    for one in entries:
        chances, left = pairs.chances(one), left_out(one)
        if chances is not None:
            pairs.add((one.row.id, one.row.name), chances)
        if left is not None:
            rest.add(left)
    counts = Counter(one.status for one in entries)
    return Overview(counts, [known[name] for name in best["id"]], best, rest.ordered(), pairs.pairs())


def words(html: str) -> str:
    return " ".join(" ".join(Seen(html).text).split())
