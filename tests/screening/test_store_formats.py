"""What `actinic store` writes is read back by the programs it is meant for, and says what it did."""

import json
from pathlib import Path

import ase.db
import ase.io
import numpy as np
import pytest
from rdkit import Chem
from typer.testing import CliRunner, Result

from actinic import cli_store
from actinic.calculations import ensemble, kinds
from actinic.calculations.ensemble import Conformer, EnsembleRequest, EnsembleResult
from actinic.calculations.outcome import Failure, Outcome, Provenance
from actinic.calculations.path_checks import Check
from actinic.calculations.path_energy import PathEnergyRequest, PathEnergyResult
from actinic.calculations.path_saddle import PathSaddleRequest, PathSaddleResult
from actinic.calculations.path_scan import Frame, PathScanRequest, PathScanResult, ScanStart
from actinic.calculations.spectrum import SpectrumRequest, SpectrumResult, Transition
from actinic.chemistry.geometry import Geometry
from actinic.chemistry.species import Species
from actinic.engines.dft import ScfSettings
from actinic.engines.response import ResponseSettings
from actinic.engines.surface import SurfaceTheory
from actinic.errors import InputError
from actinic.level import Level
from actinic.screening.store import Store
from actinic.units import BOHR_ANGSTROM, HARTREE_EV

HERE = Provenance({"tblite": "0.6", "pyscf": "2.9"}, "here", "2026-01-01T00:00:00+00:00", 1.0, 0.9, 100.0)
SPECIES = Species.from_smiles("C[O-]", multiplicity=1)
FIRST = np.array([[0, 0, 0], [1.33, 0, 0], [-0.5, 1, 0], [-0.5, -0.5, 0.87], [-0.5, -0.5, -0.87]])
GEOMETRIES = [Geometry.from_angstrom(["C", "O", "H", "H", "H"], FIRST * scale) for scale in (1.0, 1.01)]
ENSEMBLE = EnsembleRequest(
    SPECIES, Level.parse("gfn2-xtb@alpb(water)"), "tblite", 1, 3.0, 0.3, 2, 0.05, 10, 298.15
)
SPECTRUM = SpectrumRequest(
    GEOMETRIES[0],
    -1,
    1,
    Level.parse("b3lyp/def2-svpd@cpcm(water)"),
    ScfSettings(),
    ResponseSettings(),
    "pyscf",
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A store with an ensemble of two conformers, a spectrum and a failure."""
    energies_hartree = (-7.5, -7.499)
    conformers = tuple(
        Conformer(geometry, energy, 1, 0.5, -3.25, None, 1.5)
        for geometry, energy in zip(GEOMETRIES, energies_hartree, strict=True)
    )
    spectrum = SpectrumResult(-114.5, -3.0, 2.0, 1.5, (Transition(4.5, 0.1),), 6.5, False, "diis")
    with Store(tmp_path / "s.sqlite") as store:
        store.add(
            ENSEMBLE,
            Outcome(EnsembleResult(conformers, 2, 0, 0, None, None), None, HERE, "shorter steps"),
        )
        store.add(SPECTRUM, Outcome(spectrum, None, HERE))
        failed = Outcome(None, Failure("EngineError", "signal SIGSEGV", ""), HERE)
        store.add(kinds.decode_request(kinds.encode(ENSEMBLE).replace(b'"C[O-]"', b'"C[S-]"')), failed)
    return tmp_path / "s.sqlite"


def run(*arguments: object, check: int = 0) -> Result:
    done = CliRunner().invoke(cli_store.app, [str(one) for one in arguments])
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    assert done.exit_code == check, done.output
    return done


def test_sdf_has_the_conformers_with_bonds_and_charge(path: Path) -> None:
    said = run("export", path.with_name("a.sdf"), "--store", path, "--format", "sdf").output
    assert "2 structures" in said
    mols = list(Chem.SDMolSupplier(str(path.with_name("a.sdf")), removeHs=False))
    assert [Chem.MolToSmiles(Chem.RemoveHs(mol)) for mol in mols] == ["C[O-]", "C[O-]"]
    assert np.allclose(mols[0].GetConformer().GetPositions(), FIRST, atol=1e-4)
    assert [float(mol.GetProp("energy_hartree")) for mol in mols] == [-7.5, -7.499]
    assert mols[1].GetProp("level") == "gfn2-xtb@alpb(water)"


def test_extended_xyz_has_every_geometry_with_its_energy(path: Path) -> None:
    run("export", path.with_name("a.xyz"), "--store", path, "--format", "extxyz")
    frames = {
        (atoms.info["kind"], atoms.info["conformer"]): atoms
        for atoms in ase.io.read(path.with_name("a.xyz"), ":", format="extxyz")
    }
    assert set(frames) == {("ensemble", 1), ("ensemble", 2), ("spectrum", 1)}
    spectrum = frames["spectrum", 1]
    assert spectrum.get_potential_energy() == pytest.approx(-114.5 * HARTREE_EV)
    assert (spectrum.info["charge"], spectrum.info["multiplicity"], spectrum.info["s1_ev"]) == (-1, 1, 4.5)
    assert spectrum.info["level"] == "b3lyp/def2-svpd@cpcm(water)"
    assert frames["ensemble", 1].info["smiles"] == "C[O-]"
    assert np.allclose(frames["ensemble", 1].positions, FIRST, atol=1e-5)


def test_the_ase_database_can_be_asked(path: Path) -> None:
    for _ in range(2):  # the second replaces the first
        run("export", path.with_name("a.db"), "--store", path, "--format", "ase-db")
    with ase.db.connect(path.with_name("a.db")) as database:
        assert len(database) == 3
        (row,) = database.select(kind="spectrum")
        assert row.energy == pytest.approx(-114.5 * HARTREE_EV)
        assert (row.total_charge, row.formula) == (-1, "CH3O")
        assert [row.conformer for row in database.select("homo_ev<-3.1")] == [1, 2]


def test_qcschema_has_bohr_hartree_and_the_model(path: Path) -> None:
    run("export", path.with_name("a.jsonl"), "--store", path, "--format", "qcschema")
    lines = [json.loads(line) for line in path.with_name("a.jsonl").read_text().splitlines()]
    (spectrum,) = [line for line in lines if line["model"]["method"] == "b3lyp"]
    assert len(lines) == 3
    assert (spectrum["schema_name"], spectrum["driver"], spectrum["success"]) == (
        "qcschema_output",
        "energy",
        True,
    )
    assert spectrum["return_result"] == spectrum["properties"]["return_energy"] == -114.5
    assert spectrum["molecule"]["geometry"][3] == pytest.approx(1.33 / BOHR_ANGSTROM)
    assert (spectrum["molecule"]["molecular_charge"], spectrum["model"]["basis"]) == (-1, "def2-svpd")
    assert spectrum["keywords"] == {"solvent_model": "cpcm", "solvent": "water"}
    assert spectrum["provenance"] == {"creator": "pyscf", "version": "2.9", "routine": "actinic spectrum"}


def test_info_counts(path: Path) -> None:
    said = run("info", "--store", path).output
    for line in (
        "2 results",
        f"1  ensemble {ensemble.VERSION}",
        "1  failed: EngineError",
        "1  converged by shorter steps",
    ):
        assert line in said


def test_json_lines_go_out_and_in_again(path: Path) -> None:
    assert "2 results" in run("export", path.with_name("e.jsonl.gz"), "--store", path).output
    other = path.with_name("other.sqlite")
    said = run("import", path.with_name("e.jsonl.gz"), "--store", other).output
    assert "2 added, 0 known already, 0 of other versions skipped" in said
    assert "2 results can be read" in run("verify", "--store", other).output
    assert "removed 0 results" in run("prune", "--store", other, "--failures").output
    assert "no other host writes it" in run("release", "--store", other).output


def test_verify_exits_2_and_names_what_is_wrong(path: Path) -> None:
    with Store(path) as store, store.connection as connection:
        connection.execute("UPDATE result SET result = '{}' WHERE kind = 'spectrum'")
    saved = path.with_name("saved.jsonl.gz")
    said = run("verify", "--store", path, "--rescue", saved, check=2).output
    assert f"result {kinds.key(SPECTRUM)}" in said
    assert f"1 results can be read, and are in {saved}" in said
    assert "1 added" in run("import", saved, "--store", path.with_name("other.sqlite")).output


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("export", "a.pdb", "--format", "pdb"), "--format pdb: no such format; there are sdf, extxyz"),
        (("prune", "--store", "absent.sqlite"), "absent.sqlite: no such store"),
        (("info", "--store", "absent.sqlite"), "absent.sqlite: no such store"),
        (("release", "--store", "absent.sqlite"), "absent.sqlite: no such store"),
        (("import", "absent.jsonl.gz"), "absent.jsonl.gz: not an export of results"),
    ],
)
def test_what_cannot_be_done_is_said(
    path: Path, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...], said: str
) -> None:
    monkeypatch.chdir(path.parent)
    if "--store" not in arguments:
        arguments = (*arguments, "--store", "s.sqlite")
    with pytest.raises(InputError, match=said):
        run(*arguments)


def test_the_frames_of_a_path_are_written_in_order_with_the_saddle_point_marked(path: Path) -> None:
    theory = SurfaceTheory(-1, 1, Level.parse("gfn2-xtb"), "tblite", False, None)
    before, after = (
        Frame(geometry, energy) for geometry, energy in zip(GEOMETRIES, (-7.4, -7.3), strict=True)
    )
    top = PathSaddleResult(
        GEOMETRIES[0], -7.2, 0.0, (-900.0, 40.0), (1.0, 0.9, 0.8), 1, 31.0, theory.level, 0.5, 9, (before,),
        (after,), (Check("two basins", True, ""),),
    )  # fmt: skip
    start = ScanStart(GEOMETRIES[0], ((0, 1),), ())
    asked = PathSaddleRequest(SPECIES, GEOMETRIES[0], ((0, 1),), (), theory, theory.level, "tblite", 0.01, 10)
    weighed = PathEnergyRequest(
        GEOMETRIES[1],
        (GEOMETRIES[0], GEOMETRIES[1]),
        0,
        True,
        -1,
        1,
        False,
        SPECTRUM.level,
        ScfSettings(),
        "pyscf",
    )
    with Store(path) as store:
        store.add(
            PathScanRequest((start,), theory, 5, 0.05, 9),
            Outcome(PathScanResult((before, after), 0, ((0, 1),), ()), None, HERE),
        )
        store.add(asked, Outcome(top, None, HERE))
        store.add(
            weighed, Outcome(PathEnergyResult(-7.5, (-7.1, None), 0, (0.0, None), 0.0, -7.1), None, HERE)
        )
    run("export", path.with_name("a.xyz"), "--store", path, "--format", "extxyz")
    frames = [
        atoms for atoms in ase.io.read(path.with_name("a.xyz"), ":") if atoms.info["kind"].startswith("path")
    ]
    energies: dict[str, list[float]] = {kind: [] for kind in ("path_scan", "path_saddle", "path_energy")}
    for atoms in frames:
        energies[atoms.info["kind"]].append(round(atoms.get_potential_energy() / HARTREE_EV, 6))
    assert energies == {
        "path_scan": [-7.4, -7.3],
        "path_saddle": [-7.4, -7.2, -7.3],
        "path_energy": [-7.5, -7.1],
    }
    assert [atoms.info["imaginary_cm"] for atoms in frames if "imaginary_cm" in atoms.info] == [-900.0]
